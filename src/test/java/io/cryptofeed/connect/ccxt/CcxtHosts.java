package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Where CCXT's class of an exchange goes, as far as there is a simulator of it.
 *
 * @param id the exchange
 * @param rest the host of requests
 * @param stream the host of WebSockets
 * @param streamUrl the beginning of the URL of WebSockets
 */
public record CcxtHosts(String id, String rest, String stream, String streamUrl) {

  /** Options of CCXT's Binance, which would ask other hosts for its futures. */
  public static final String SPOT_ONLY =
      "{\"fetchMarkets\": {\"types\": [\"spot\"]}, \"fetchCurrencies\": false}";

  /** The hosts of an exchange. */
  public static CcxtHosts of(String exchange) {
    return switch (exchange) {
      case "binance" ->
          new CcxtHosts(
              exchange, "api.binance.com", "stream.binance.com", "wss://stream.binance.com:9443");
      case "backpack" ->
          new CcxtHosts(
              exchange,
              "api.backpack.exchange",
              "ws.backpack.exchange",
              "wss://ws.backpack.exchange");
      case "kraken" ->
          new CcxtHosts(exchange, "api.kraken.com", "ws.kraken.com", "wss://ws.kraken.com");
      default -> throw new IllegalArgumentException("the hosts of " + exchange + " are not here");
    };
  }

  /** The options of CCXT with which the class asks these hosts alone, null for none. */
  public @Nullable String options() {
    return id.equals("binance") ? SPOT_ONLY : null;
  }

  /** A venue with these names, for the connections of a proxy. */
  public SimulatorOptions behind(LocalProxy<?> proxy, LocalCertificates authority) {
    return SimulatorOptions.builder()
        .tls(authority.server(rest, stream))
        .allowedPeer(proxy::owns)
        .tradesPerSecond(0)
        .bookChangesPerSecond(0)
        .build();
  }

  /** Makes a proxy resolve these hosts to a venue on this machine. */
  public void resolveNames(LocalProxy<?> proxy, int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    proxy.withName(rest, address).withName(stream, address);
  }

  /** A venue on this machine, without TLS, in place of these hosts. */
  public Map<String, String> at(int port) {
    return Map.of(
        "https://" + rest, "http://127.0.0.1:" + port, streamUrl, "ws://127.0.0.1:" + port);
  }

  /** The same as the value of {@code ccxt.hosts}. */
  public String textAt(int port) {
    return at(port).entrySet().stream()
        .map(host -> host.getKey() + "=" + host.getValue())
        .collect(Collectors.joining(","));
  }
}
