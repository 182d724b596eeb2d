package io.cryptofeed.connect;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/**
 * Where CCXT's class of an exchange goes.
 *
 * @param rest the host of requests
 * @param stream the host of WebSockets
 * @param streamUrl the beginning of the URL of WebSockets
 */
record CcxtHosts(String rest, String stream, String streamUrl) {

  /** Options of CCXT's Binance, which would ask other hosts for its futures. */
  static final String SPOT_ONLY =
      "{\"fetchMarkets\": {\"types\": [\"spot\"]}, \"fetchCurrencies\": false}";

  static CcxtHosts of(String exchange) {
    return switch (exchange) {
      case "binance" ->
          new CcxtHosts("api.binance.com", "stream.binance.com", "wss://stream.binance.com:9443");
      case "backpack" ->
          new CcxtHosts(
              "api.backpack.exchange", "ws.backpack.exchange", "wss://ws.backpack.exchange");
      case "kraken" -> new CcxtHosts("api.kraken.com", "ws.kraken.com", "wss://ws.kraken.com");
      default -> throw new IllegalArgumentException("the hosts of " + exchange + " are not here");
    };
  }

  /** A venue with these names, for the connections of a proxy. */
  SimulatorOptions behind(LocalProxy<?> proxy, LocalCertificates authority) {
    return SimulatorOptions.builder()
        .tls(authority.server(rest, stream))
        .allowedPeer(proxy::owns)
        .tradesPerSecond(0)
        .bookChangesPerSecond(0)
        .build();
  }

  /** Leads a proxy to a venue on this machine. */
  void lead(LocalProxy<?> proxy, int port) {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    proxy.withName(rest, address).withName(stream, address);
  }

  /** The value of {@code ccxt.hosts} for a venue on this machine, without TLS. */
  String at(int port) {
    return "https://%s=http://127.0.0.1:%d,%s=ws://127.0.0.1:%d"
        .formatted(rest, port, streamUrl, port);
  }
}
