package io.cryptofeed.connect.it;

import io.cryptofeed.connect.ccxt.CcxtHosts;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.scripted.BackpackBooks;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.KrakenBooks;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** Simulated exchanges whose books the test changes, for CCXT's classes of these exchanges. */
final class CcxtBookVenues implements AutoCloseable {

  /** Two instruments of each exchange. */
  private static final Map<String, String> SYMBOLS =
      Map.of(
          "binance", "BTC-USDT,ETH-USDT",
          "backpack", "BTC-USDC,ETH-USDC-PERP",
          "kraken", "BTC-USD,ETH-USD");

  /** The exchanges whose deltas have sequence numbers. */
  static final List<String> WITH_SEQUENCE = List.of("binance", "backpack");

  private final BinanceSimulator binance;
  private final BookVenue backpack;
  private final BookVenue kraken;
  private final Map<String, VenueServer> venues;

  private CcxtBookVenues(Function<String, SimulatorOptions> options) {
    binance = BinanceSimulator.start(options.apply("binance"));
    backpack =
        BookVenue.start(
            new BackpackBooks(),
            3,
            List.of("BTC_USDC", "ETH_USDC_PERP"),
            options.apply("backpack"));
    kraken =
        BookVenue.start(
            new KrakenBooks(), 4, List.of("BTC/USD", "ETH/USD"), options.apply("kraken"));
    venues = Map.of("binance", binance, "backpack", backpack, "kraken", kraken);
  }

  /** Venues that accept every client. */
  static CcxtBookVenues open() {
    return new CcxtBookVenues(
        exchange -> SimulatorOptions.builder().tradesPerSecond(0).bookChangesPerSecond(0).build());
  }

  /** Venues with the exchanges' own host names. Only the proxy can resolve and reach them. */
  static CcxtBookVenues behind(LocalProxy<?> proxy, LocalCertificates authority) {
    CcxtBookVenues venues =
        new CcxtBookVenues(exchange -> CcxtHosts.of(exchange).behind(proxy, authority));
    venues.venues.forEach(
        (exchange, venue) -> CcxtHosts.of(exchange).resolveNames(proxy, venue.port()));
    return venues;
  }

  /** Streams the books of both instruments of each exchange by CCXT. */
  ConnectorScene configure(ConnectorScene scene) {
    scene.with("channels", "l2_book").with("exchange.binance.ccxt.options", CcxtHosts.SPOT_ONLY);
    scene.with(
        "exchanges", String.join(",", venues.keySet().stream().map(id -> "ccxt:" + id).toList()));
    SYMBOLS.forEach((id, symbols) -> scene.with("exchange." + id + ".symbols", symbols));
    return scene;
  }

  /** The same, over plain TCP and by IP address. */
  ConnectorScene configureDirect(ConnectorScene scene) {
    configure(scene);
    venues.forEach(
        (id, venue) ->
            scene.with("exchange." + id + ".ccxt.hosts", CcxtHosts.of(id).textAt(venue.port())));
    return scene;
  }

  /** The same as native exchanges, for those with sequence numbers. */
  ConnectorScene configureProfiles(ConnectorScene scene) {
    for (String id : WITH_SEQUENCE) {
      int port = Objects.requireNonNull(venues.get(id)).port();
      scene.venue(
          id,
          "ws://127.0.0.1:" + port + "/stream",
          "http://127.0.0.1:" + port,
          SYMBOLS.getOrDefault(id, ""));
    }
    return scene.with("channels", "l2_book").with("exchanges", String.join(",", WITH_SEQUENCE));
  }

  List<VenueServer> all() {
    return List.copyOf(venues.values());
  }

  /** Changes each book once, and sends the delta. */
  void change() {
    binance.symbols().forEach(symbol -> binance.changeBook(symbol, 1));
    backpack.change(1);
    kraken.change(1);
  }

  /** The books of an exchange as they are now. */
  List<BookTruth> books(String exchange) {
    if (exchange.equals("binance")) {
      return binance.symbols().stream().map(binance::book).toList();
    }
    BookVenue venue = exchange.equals("kraken") ? kraken : backpack;
    List<BookTruth> books = new ArrayList<>();
    for (BookVenue.Market market : venue.markets()) {
      books.add(venue.truth(market.symbol(), BigDecimal.ONE));
    }
    return books;
  }

  /** The book of an exchange with sequence numbers after the change of that number. */
  BookTruth bookAt(String exchange, String exchangeSymbol, long sequence) {
    if (exchange.equals("binance")) {
      String listed =
          binance.symbols().stream()
              .filter(symbol -> symbol.replace("-", "").equals(exchangeSymbol))
              .findFirst()
              .orElseThrow();
      return binance.bookAt(listed, sequence);
    }
    return backpack.truth(exchangeSymbol, sequence, BigDecimal.ONE);
  }

  @Override
  public void close() {
    venues.values().forEach(VenueServer::close);
  }
}
