package io.cryptofeed.connect.it;

import io.cryptofeed.connect.ccxt.CcxtHosts;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.awaitility.Awaitility;

/** Simulated exchanges whose trades the test makes, for CCXT's classes of these exchanges. */
final class CcxtTradeVenues implements AutoCloseable {

  /** The exchanges, with two instruments each. */
  private static final List<TradeExchange> EXCHANGES =
      List.of(TradeExchange.BINANCE_AGGREGATES, TradeExchange.BACKPACK, TradeExchange.KRAKEN);

  static final int INSTRUMENTS = 2 * EXCHANGES.size();

  private final List<TradeVenue> venues = new ArrayList<>();

  private CcxtTradeVenues(Function<CcxtHosts, SimulatorOptions> options) {
    for (TradeExchange exchange : EXCHANGES) {
      venues.add(
          TradeVenue.start(exchange, venues.size(), options.apply(CcxtHosts.of(exchange.id()))));
    }
  }

  /** Venues that accept every client. */
  static CcxtTradeVenues open() {
    return new CcxtTradeVenues(hosts -> SimulatorOptions.defaults());
  }

  /** Venues with the exchanges' own host names. Only the proxy can resolve and reach them. */
  static CcxtTradeVenues behind(LocalProxy<?> proxy, LocalCertificates authority) {
    CcxtTradeVenues venues = new CcxtTradeVenues(hosts -> hosts.behind(proxy, authority));
    venues.venues.forEach(
        venue -> CcxtHosts.of(venue.exchange().id()).resolveNames(proxy, venue.port()));
    return venues;
  }

  /** Streams both instruments of each exchange by CCXT. */
  ConnectorScene configure(ConnectorScene scene) {
    scene.with("exchanges", String.join(",", ids().stream().map(id -> "ccxt:" + id).toList()));
    scene.with("channels", "trades").with("exchange.binance.ccxt.options", CcxtHosts.SPOT_ONLY);
    for (TradeVenue venue : venues) {
      TradeExchange exchange = venue.exchange();
      scene.with("exchange." + exchange.id() + ".symbols", String.join(",", exchange.symbols()));
    }
    return scene;
  }

  /** The same, over plain TCP and by IP address. */
  ConnectorScene configureDirect(ConnectorScene scene) {
    configure(scene);
    for (TradeVenue venue : venues) {
      String id = venue.exchange().id();
      scene.with("exchange." + id + ".ccxt.hosts", CcxtHosts.of(id).textAt(venue.port()));
    }
    return scene;
  }

  static List<String> ids() {
    return EXCHANGES.stream().map(TradeExchange::id).toList();
  }

  List<TradeVenue> all() {
    return List.copyOf(venues);
  }

  /** The same as native exchanges. */
  ConnectorScene configureProfiles(ConnectorScene scene) {
    scene.with("channels", "trades");
    for (TradeVenue venue : venues) {
      TradeExchange exchange = venue.exchange();
      scene.venue(
          exchange.id(),
          "ws://127.0.0.1:" + venue.port() + "/stream",
          "http://127.0.0.1:" + venue.port(),
          String.join(",", exchange.symbols()));
      if (exchange.tradesMode() != null) {
        scene.with("exchange." + exchange.id() + ".trades.mode", exchange.tradesMode());
      }
    }
    return scene;
  }

  /** Waits until so many clients stream each instrument. */
  void awaitSubscribed(int clients) {
    Awaitility.await("subscriptions of all instruments")
        .atMost(ConnectorScene.LIMIT)
        .until(
            () ->
                venues.stream()
                    .allMatch(
                        venue ->
                            venue.subscribers(venue.exchange().one()) == clients
                                && venue.subscribers(venue.exchange().other()) == clients));
  }

  /**
   * Makes so many trades of each instrument, then lets a second pass: Kraken's history has pages by
   * the second.
   */
  void trade(int perInstrument) {
    for (TradeVenue venue : venues) {
      venue.trade(venue.exchange().one(), perInstrument);
      venue.trade(venue.exchange().other(), perInstrument);
      venue.elapse(Duration.ofSeconds(1));
    }
  }

  void disconnect() {
    venues.forEach(TradeVenue::dropConnections);
  }

  /** The trades of each exchange, with times as precise as CCXT's. */
  Map<String, TradeLedger.ExpectedTrades> expectedTrades() {
    Map<String, TradeLedger.ExpectedTrades> expected = new HashMap<>();
    venues.forEach(venue -> expected.put(venue.exchange().id(), new TradesOf(venue)));
    return expected;
  }

  private record TradesOf(TradeVenue venue) implements TradeLedger.ExpectedTrades {

    @Override
    public List<String> symbols() {
      return venue.exchange().symbols();
    }

    @Override
    public List<TradeTruth> trades(String symbol) {
      boolean isOne = symbols().get(0).equals(symbol);
      return venue.truth(isOne ? venue.exchange().one() : venue.exchange().other()).stream()
          .map(TradesOf::tradeTruth)
          .toList();
    }

    private static TradeTruth tradeTruth(VenueTrade trade) {
      return new TradeTruth(
          trade.number(), trade.price(), trade.size(), trade.taker(), trade.timeNanos() / 1_000);
    }

    @Override
    public long timePrecisionMicros() {
      return 1_000;
    }
  }

  @Override
  public void close() {
    venues.forEach(TradeVenue::close);
  }
}
