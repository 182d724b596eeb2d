package io.cryptofeed.connect.local.quickstart;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The source of the quickstart's market data: simulators on this machine or the real exchanges. */
sealed interface Exchanges extends AutoCloseable permits Exchanges.Simulated, Exchanges.Live {

  /** Values for the placeholders of the connector file. */
  Map<String, String> placeholders();

  /** The certificate authority that the worker must trust; null for the JVM's default. */
  @Nullable LocalCertificates certificates();

  /** A sentence for each exchange that was reached without the proxy; empty if none was. */
  List<String> bypasses();

  @Override
  void close();

  /**
   * Simulators of both exchanges, with TLS and host names that only the proxy can resolve. They
   * refuse every peer except the proxy.
   */
  static Exchanges simulated(LocalSocksProxy proxy) {
    return new Simulated(proxy);
  }

  /** The real exchanges. */
  static Exchanges live() {
    return new Live();
  }

  /** See {@link #simulated}. */
  final class Simulated implements Exchanges {

    private static final String BINANCE_STREAM = "stream.binance.test";
    private static final String BINANCE_API = "api.binance.test";
    private static final String COINBASE_STREAM = "ws-feed.coinbase.test";
    private static final String COINBASE_API = "api.coinbase.test";

    private final LocalCertificates certificates = LocalCertificates.create();
    private final LocalSocksProxy proxy;
    private final Map<String, VenueSimulator> venues = new LinkedHashMap<>();

    private Simulated(LocalSocksProxy proxy) {
      this.proxy = proxy;
      VenueSimulator binance = BinanceSimulator.start(options(BINANCE_STREAM, BINANCE_API));
      venues.put("binance", binance);
      VenueSimulator coinbase = CoinbaseSimulator.start(options(COINBASE_STREAM, COINBASE_API));
      venues.put("coinbase", coinbase);
      resolveNames(binance, BINANCE_STREAM, BINANCE_API);
      resolveNames(coinbase, COINBASE_STREAM, COINBASE_API);
    }

    private SimulatorOptions options(String... hosts) {
      return SimulatorOptions.builder()
          .tls(certificates.server(hosts))
          .allowedPeer(proxy::owns)
          .keepHistory(false)
          .build();
    }

    private void resolveNames(VenueSimulator venue, String... hosts) {
      for (String host : hosts) {
        proxy.withName(host, venue.address());
      }
    }

    @Override
    public Map<String, String> placeholders() {
      return Map.of(
          "BINANCE_WEBSOCKET_URL", "wss://" + BINANCE_STREAM + "/stream",
          "BINANCE_REST_URL", "https://" + BINANCE_API,
          "COINBASE_WEBSOCKET_URL", "wss://" + COINBASE_STREAM,
          "COINBASE_REST_URL", "https://" + COINBASE_API);
    }

    @Override
    public LocalCertificates certificates() {
      return certificates;
    }

    @Override
    public List<String> bypasses() {
      List<String> bypasses = new ArrayList<>();
      venues.forEach(
          (name, venue) -> {
            if (venue.connectionsRefused() > 0) {
              bypasses.add(
                  name
                      + " refused "
                      + venue.connectionsRefused()
                      + " connections that did not come from the proxy");
            }
          });
      return bypasses;
    }

    @Override
    public void close() {
      venues.values().forEach(VenueSimulator::close);
    }
  }

  /** See {@link #live}. */
  final class Live implements Exchanges {

    private Live() {}

    @Override
    public Map<String, String> placeholders() {
      return Map.of();
    }

    @Override
    public @Nullable LocalCertificates certificates() {
      return null;
    }

    @Override
    public List<String> bypasses() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}
