package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.market.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The exchange's own URLs, over TLS with its own names, by the routes of the configuration: the
 * exchange serves nobody but the proxies, and this machine knows no name.
 */
@Tag("ccxt")
class CcxtRoutesTest {

  private static final Duration PATIENT = Duration.ofSeconds(120);

  private final LocalHttpProxy http = new LocalHttpProxy();
  private final LocalSocksProxy socks = new LocalSocksProxy();
  private final BinanceSimulator venue =
      BinanceSimulator.start(
          SimulatorOptions.builder()
              .tls(CcxtWorld.AUTHORITY.server("api.binance.com", "stream.binance.com"))
              .allowedPeer(peer -> http.owns(peer) || socks.owns(peer))
              .build());
  private final SeenEvents seen = new SeenEvents();

  @AfterEach
  void stop() {
    http.close();
    socks.close();
    venue.close();
  }

  private <P extends LocalProxy<P>> void knowingTheVenue(P proxy) {
    InetSocketAddress address = new InetSocketAddress("127.0.0.1", venue.port());
    proxy.withName("api.binance.com", address).withName("stream.binance.com", address).start();
  }

  @Test
  void every_socket_goes_through_the_proxy_of_its_transport_and_no_name_is_looked_up()
      throws Exception {
    knowingTheVenue(http);
    knowingTheVenue(socks);
    try (CcxtWorld world =
        new CcxtWorld(
            Map.of(
                "proxy.enabled", "true",
                "proxy.default.rest.url", "http://127.0.0.1:" + http.port(),
                "proxy.default.websocket.url", "socks5://127.0.0.1:" + socks.port()))) {
      CcxtExchange exchange =
          world.start(CcxtWorld.options("binance", CcxtHosts.SPOT_ONLY, Map.of()), seen);
      CcxtWorld.await(exchange.loadMarkets());
      exchange.watch(Channel.TRADES, "BTC/USDT");
      exchange.watch(Channel.L2_BOOK, "ETH/USDT");

      await().atMost(PATIENT).until(() -> !seen.trades.isEmpty() && !seen.books.isEmpty());

      assertThat(http.tunnelsRequested())
          .isNotEmpty()
          .allMatch(tunnel -> tunnel.host().equals("api.binance.com") && tunnel.port() == 443);
      assertThat(socks.tunnelsRequested())
          .isNotEmpty()
          .allMatch(tunnel -> tunnel.host().equals("stream.binance.com") && tunnel.port() == 9443);
      assertThat(venue.connectionsRefused()).isZero();
      assertThat(venue.connectionsAccepted())
          .isEqualTo(http.tunnelsOpened() + socks.tunnelsOpened());
      assertThat(world.names.askedFor()).isEmpty();
      assertThat(seen.sockets)
          .allMatch(line -> line.endsWith(" socks5://127.0.0.1:" + socks.port()));
      exchange.close();
    }
    assertThat(seen.broken).isEmpty();
  }

  @Test
  void without_a_route_nothing_is_opened() throws Exception {
    try (CcxtWorld world =
        new CcxtWorld(
            Map.of(
                "proxy.enabled", "true",
                "proxy.default.rest.url", "http://127.0.0.1:1",
                "proxy.default.websocket.url", "http://127.0.0.1:1"))) {
      CcxtExchange exchange =
          world.start(CcxtWorld.options("binance", CcxtHosts.SPOT_ONLY, Map.of()), seen);

      assertThat(exchange.loadMarkets().await(PATIENT.toMillis())).isTrue();
      exchange.watch(Channel.TRADES, "BTC/USDT");
      await().atMost(PATIENT).until(() -> !seen.errors.isEmpty());

      assertThat(List.of(venue.connectionsAccepted(), venue.connectionsRefused()))
          .containsExactly(0L, 0L);
      assertThat(world.names.askedFor()).isEmpty();
      assertThat(seen.errors).allMatch(error -> error.kind() == CcxtErrorKind.NETWORK);
      exchange.close();
    }
  }
}
