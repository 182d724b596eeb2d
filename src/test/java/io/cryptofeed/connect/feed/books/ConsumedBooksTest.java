package io.cryptofeed.connect.feed.books;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.exchange.QuietListener;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.BookOptions.Mode;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The book that a consumer builds from the records is the exchange's book, at every record. */
class ConsumedBooksTest {

  private static final Instrument ANY = instrument("venue", "X-Y", "XY");

  private static Instrument instrument(String exchange, String symbol, String exchangeSymbol) {
    String[] assets = symbol.split("-", -1);
    return new Instrument(
        exchange, MarketType.SPOT, symbol, exchangeSymbol, assets[0], assets[1], null, null, true);
  }

  private static BookOptions options(Mode mode, int depth) {
    return new BookOptions(mode, depth, Duration.ZERO);
  }

  // ---- Prices and sizes of any scale ----

  /** What an exchange may write: a number below 10^20 with up to 18 decimals. */
  private static BigDecimal anyNumber(Random random, boolean price) {
    int scale = random.nextInt(19);
    int digits = 1 + random.nextInt(20);
    BigInteger unscaled = new BigInteger(4 * digits, random).mod(BigInteger.TEN.pow(digits));
    BigDecimal number = new BigDecimal(unscaled, scale);
    if (price && random.nextInt(3) > 0) {
      // Most prices are near each other, and are written with any number of trailing zeros.
      number = BigDecimal.valueOf(1_000 + random.nextInt(60), random.nextInt(3));
      number = number.setScale(number.scale() + random.nextInt(16));
    }
    return number;
  }

  @ParameterizedTest
  @CsvSource({"DELTA, 0", "DELTA, 5", "BOTH, 0", "BOTH, 3", "SNAPSHOT, 0", "SNAPSHOT, 4"})
  void prices_and_sizes_of_any_scale_make_the_same_book(Mode mode, int depth) {
    for (long seed = 1; seed <= 25; seed++) {
      Random random = new Random(seed);
      PublishedBook book =
          new PublishedBook(new BookRules(Source.STREAM, Link.STEP), ANY, options(mode, depth));
      BookTruth truth = new BookTruth();
      for (long sequence = 1; sequence <= 200; sequence++) {
        boolean snapshot = sequence == 1 || random.nextInt(60) == 0;
        truth = snapshot ? new BookTruth() : truth;
        book.synchronizer().onUpdate(update(random, truth, snapshot, sequence));
        assertThat(book.faults()).isEmpty();
        book.consumer()
            .requireEqual(truth.bids(), truth.asks(), depth, "seed " + seed + " " + sequence);
        if (mode == Mode.BOTH) {
          book.snapshotConsumer()
              .requireEqual(truth.bids(), truth.asks(), depth, "seed " + seed + " " + sequence);
        }
      }
    }
  }

  /** A random change that leaves the book uncrossed, made to the truth too. */
  private static BookUpdate update(
      Random random, BookTruth truth, boolean snapshot, long sequence) {
    BookUpdate update = new BookUpdate(ANY).set(ANY, snapshot, sequence, sequence, -1, 1, 2);
    for (int n = random.nextInt(snapshot ? 40 : 5); n >= 0; n--) {
      boolean bid = random.nextBoolean();
      NavigableMap<BigDecimal, BigDecimal> side = bid ? truth.bids() : truth.asks();
      NavigableMap<BigDecimal, BigDecimal> other = bid ? truth.asks() : truth.bids();
      boolean remove = !side.isEmpty() && random.nextInt(3) == 0;
      BigDecimal price =
          remove
              ? new ArrayList<>(side.keySet()).get(random.nextInt(side.size()))
              : anyNumber(random, true);
      boolean crosses =
          !other.isEmpty()
              && (bid
                  ? price.compareTo(other.firstKey()) >= 0
                  : price.compareTo(other.firstKey()) <= 0);
      if (price.signum() > 0 && !crosses) {
        BigDecimal size = remove ? BigDecimal.ZERO : anyNumber(random, false);
        truth.set(bid, price, size);
        if (!snapshot) {
          (bid ? update.bidPrices() : update.askPrices()).add(price);
          (bid ? update.bidSizes() : update.askSizes()).add(size);
        }
      }
    }
    if (snapshot) {
      fill(truth.bids(), update.bidPrices(), update.bidSizes());
      fill(truth.asks(), update.askPrices(), update.askSizes());
    }
    return update;
  }

  private static void fill(
      Map<BigDecimal, BigDecimal> side, DecimalColumn prices, DecimalColumn sizes) {
    side.forEach(
        (price, size) -> {
          prices.add(price);
          sizes.add(size);
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1E-19",
        "0.0000000000000000001",
        "100000000000000000000",
        "1E+25",
        "1E+1000000000"
      })
  void a_number_that_no_record_can_hold_is_a_fault_of_its_book(String number) {
    for (boolean isPrice : new boolean[] {true, false}) {
      PublishedBook book =
          new PublishedBook(new BookRules(Source.STREAM, Link.NONE), ANY, options(Mode.DELTA, 0));
      book.synchronizer().onUpdate(levels(true, "10", "1"));
      book.synchronizer()
          .onUpdate(isPrice ? levels(false, number, "1") : levels(false, "9", number));

      assertThat(book.faults())
          .singleElement()
          .satisfies(
              fault ->
                  assertThat(fault.description())
                      .contains("more than 20 digits before the decimal point or 18 after it"));
      assertThat(book.records()).hasSize(1);
      book.synchronizer().onUpdate(levels(true, "10", "2"));
      assertThat(book.consumer().bids())
          .containsExactly(Map.entry(BigDecimal.TEN.stripTrailingZeros(), new BigDecimal("2")));
    }
  }

  @Test
  void a_number_that_only_text_can_hold_is_a_level_if_decimals_are_text() {
    PublishedBook book =
        new PublishedBook(
            new BookRules(Source.STREAM, Link.NONE),
            ANY,
            new BookOptions(Mode.SNAPSHOT, 0, Duration.ofSeconds(1), DecimalMode.STRING.limits()));
    BookUpdate update = levels(true, "1E-19", "1E+25");

    assertThatThrownBy(() -> book.synchronizer().onUpdate(update))
        .as("this writer is precise")
        .hasMessageContaining("(decimal.mode=precise)");
    assertThat(book.faults()).isEmpty();
  }

  @Test
  void a_size_in_contracts_that_no_record_can_hold_in_units_is_a_fault_of_its_book() {
    Instrument swap =
        new Instrument(
            "venue",
            MarketType.PERPETUAL,
            "X-Y-PERP",
            "XY",
            "X",
            "Y",
            null,
            null,
            SizeUnit.BASE,
            new BigDecimal("1000"),
            TradingState.TRADING,
            null);
    PublishedBook book =
        new PublishedBook(new BookRules(Source.STREAM, Link.NONE), swap, options(Mode.DELTA, 0));
    BookUpdate update = new BookUpdate(swap).set(swap, true, -1, -1, -1, 1, 2);
    update.bidPrices().add(BigDecimal.TEN);
    update.bidSizes().add(new BigDecimal("99999999999999999"));
    book.synchronizer().onUpdate(update.copy());
    assertThat(book.consumer().bids())
        .containsValue(new BigDecimal("99999999999999999000").stripTrailingZeros());
    update.bidSizes().clear();
    update.bidSizes().add(new BigDecimal("100000000000000000"));
    book.synchronizer().onUpdate(update);

    assertThat(book.faults()).hasSize(1);
    assertThat(book.records()).hasSize(1);
  }

  @Test
  void a_price_of_eighteen_decimals_beside_a_coarse_one_is_a_level_like_any_other() {
    PublishedBook book =
        new PublishedBook(new BookRules(Source.STREAM, Link.NONE), ANY, options(Mode.DELTA, 5));
    book.synchronizer().onUpdate(levels(true, "67000.25", "1"));
    book.synchronizer().onUpdate(levels(false, "1E-18", "1E-18"));
    assertThat(book.consumer().bids().keySet())
        .containsExactly(new BigDecimal("67000.25"), new BigDecimal("1E-18"));
    book.synchronizer().onUpdate(levels(false, "67000.250", "0"));
    assertThat(book.consumer().bids().keySet()).containsExactly(new BigDecimal("1E-18"));
    book.synchronizer().onUpdate(levels(true, "67000.25", "1"));

    assertThat(book.faults()).isEmpty();
    assertThat(book.consumer().bids().keySet()).containsExactly(new BigDecimal("67000.25"));
  }

  private static BookUpdate levels(boolean snapshot, String bid, String size) {
    BookUpdate update = new BookUpdate(ANY).set(ANY, snapshot, -1, -1, -1, 1, 2);
    update.bidPrices().add(new BigDecimal(bid));
    update.bidSizes().add(new BigDecimal(size));
    return update;
  }

  // ---- Messages of exchanges ----

  private static PublishedBook read(
      Exchange exchange, Instrument instrument, BookOptions options, List<String> frames) {
    PublishedBook book = new PublishedBook(exchange.bookRules(), instrument, options);
    ExchangeSession session = exchange.openSession(List.of(instrument));
    frames.forEach(frame -> deliver(session, frame, book));
    return book;
  }

  private static void deliver(ExchangeSession session, String frame, PublishedBook book) {
    byte[] message = frame.getBytes(StandardCharsets.UTF_8);
    session.onMessage(
        message,
        0,
        message.length,
        1,
        new QuietListener() {
          @Override
          public void onBook(BookUpdate update) {
            book.synchronizer().onUpdate(update);
          }
        });
  }

  private static Map<BigDecimal, BigDecimal> side(String... pricesAndSizes) {
    Map<BigDecimal, BigDecimal> side = new TreeMap<>();
    for (int i = 0; i < pricesAndSizes.length; i += 2) {
      side.put(
          new BigDecimal(pricesAndSizes[i]).stripTrailingZeros(),
          new BigDecimal(pricesAndSizes[i + 1]).stripTrailingZeros());
    }
    return side;
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 5})
  void a_far_ask_beside_fine_bids_is_a_level_like_any_other(int depth) {
    Exchange coinbase = Venues.builtIn().open("coinbase", VenueOptions.LIVE);
    List<String> frames =
        List.of(
            coinbaseSnapshot(
                "[\"10.00\",\"1\"],[\"9.50\",\"2\"]",
                "[\"10.10\",\"1\"],[\"99999999999.99\",\"1\"]"),
            coinbaseBid("9.99999999", "3"),
            coinbaseSnapshot(
                "[\"10.00\",\"1\"],[\"9.50\",\"2\"]", "[\"10.10\",\"1\"],[\"10.20\",\"1\"]"),
            coinbaseBid("9.99999999", "3"));
    Instrument shib = instrument("coinbase", "SHIB-USD", "SHIB-USD");

    PublishedBook book = read(coinbase, shib, options(Mode.DELTA, depth), frames);
    assertThat(book.faults()).isEmpty();
    assertThat(book.consumer().bids())
        .containsExactlyInAnyOrderEntriesOf(side("10", "1", "9.99999999", "3", "9.5", "2"));
    deliver(coinbase.openSession(List.of(shib)), coinbaseBid("10.00", "0"), book);
    assertThat(book.consumer().bids())
        .containsExactlyInAnyOrderEntriesOf(side("9.99999999", "3", "9.5", "2"));
  }

  @Test
  void a_first_book_with_a_fine_bid_and_a_far_ask_is_published() {
    PublishedBook book =
        read(
            Venues.builtIn().open("coinbase", VenueOptions.LIVE),
            instrument("coinbase", "SHIB-USD", "SHIB-USD"),
            options(Mode.DELTA, 0),
            List.of(coinbaseSnapshot("[\"0.00001234\",\"1\"]", "[\"99999999999.99\",\"1\"]")));

    assertThat(book.faults()).isEmpty();
    assertThat(book.consumer().bids()).isEqualTo(side("0.00001234", "1"));
    assertThat(book.consumer().asks()).isEqualTo(side("99999999999.99", "1"));
  }

  private static String coinbaseSnapshot(String bids, String asks) {
    return "{\"type\":\"snapshot\",\"product_id\":\"SHIB-USD\",\"bids\":[%s],\"asks\":[%s],\"time\":\"2026-01-01T00:00:00Z\"}"
        .formatted(bids, asks);
  }

  private static String coinbaseBid(String price, String size) {
    return "{\"type\":\"l2update\",\"product_id\":\"SHIB-USD\",\"changes\":[[\"buy\",\"%s\",\"%s\"]],\"time\":\"2026-01-01T00:00:01Z\"}"
        .formatted(price, size);
  }

  // ---- Windows ----

  /** Bids rise by ten levels, fall below all of the first ones, and asks follow into the gap. */
  @ParameterizedTest
  @ValueSource(ints = {0, 3, 25})
  void levels_that_leave_the_window_of_kraken_leave_the_consumers_book(int depth) {
    Exchange kraken = Venues.builtIn().open("kraken", VenueOptions.LIVE);
    Instrument bitcoin = instrument("kraken", "BTC-USD", "BTC/USD");
    PublishedBook book = new PublishedBook(kraken.bookRules(), bitcoin, options(Mode.DELTA, depth));
    ExchangeSession session = kraken.openSession(List.of(bitcoin));
    BookTruth truth = new BookTruth();
    for (int i = 0; i < 10; i++) {
      truth.set(true, BigDecimal.valueOf(1_000 - 10 * i, 1), BigDecimal.ONE);
      truth.set(false, BigDecimal.valueOf(2_010 + 10 * i, 1), BigDecimal.ONE);
    }
    deliver(session, kraken("snapshot", truth, truth.bids(), truth.asks()), book);
    for (int price = 101; price <= 110; price++) {
      change(session, book, truth, depth, side(price + ".0", "2.0"), Map.of());
    }
    for (int price = 110; price >= 101; price--) {
      // A level below re-enters the window: the exchange sends it again.
      change(
          session,
          book,
          truth,
          depth,
          side(price + ".0", "0.0", price - 40 + ".0", "3.0"),
          Map.of());
    }
    for (int price = 80; price <= 100; price++) {
      change(session, book, truth, depth, Map.of(), side(price + ".0", "1.0"));
    }

    assertThat(book.faults()).isEmpty();
    assertThat(book.consumer().bids().firstKey()).isEqualByComparingTo("70");
    assertThat(book.consumer().asks().firstKey()).isEqualByComparingTo("80");
    assertThat(book.records())
        .allSatisfy(record -> assertThat(record.getString("integrity")).isEqualTo("checksum"));
  }

  /** The exchange changes its book, and cuts it to ten levels a side. */
  private static void change(
      ExchangeSession session,
      PublishedBook book,
      BookTruth truth,
      int depth,
      Map<BigDecimal, BigDecimal> bids,
      Map<BigDecimal, BigDecimal> asks) {
    bids.forEach((price, size) -> truth.set(true, price, size));
    asks.forEach((price, size) -> truth.set(false, price, size));
    while (truth.bids().size() > 10) {
      truth.set(true, truth.bids().lastKey(), BigDecimal.ZERO);
    }
    while (truth.asks().size() > 10) {
      truth.set(false, truth.asks().lastKey(), BigDecimal.ZERO);
    }
    deliver(session, kraken("update", truth, bids, asks), book);
    book.consumer().requireEqual(truth.bids(), truth.asks(), depth, bids + " " + asks);
  }

  private static String kraken(
      String type,
      BookTruth truth,
      Map<BigDecimal, BigDecimal> bids,
      Map<BigDecimal, BigDecimal> asks) {
    StringBuilder digits = new StringBuilder();
    truth.asks().forEach((price, size) -> digits.append(digits(price)).append(digits(size)));
    truth.bids().forEach((price, size) -> digits.append(digits(price)).append(digits(size)));
    CRC32 crc = new CRC32();
    crc.update(digits.toString().getBytes(StandardCharsets.US_ASCII));
    return "{\"channel\":\"book\",\"type\":\"%s\",\"data\":[{\"symbol\":\"BTC/USD\",\"bids\":%s,\"asks\":%s,\"checksum\":%d,\"timestamp\":\"2026-10-06T17:35:55.440295Z\"}]}"
        .formatted(type, levels(bids), levels(asks), crc.getValue());
  }

  private static String digits(BigDecimal number) {
    return number.setScale(1).unscaledValue().toString();
  }

  private static String levels(Map<BigDecimal, BigDecimal> side) {
    List<String> levels = new ArrayList<>();
    side.forEach(
        (price, size) ->
            levels.add(
                "{\"price\":%s,\"qty\":%s}"
                    .formatted(price.setScale(1).toPlainString(), size.setScale(1))));
    return levels.toString();
  }

  @Test
  void a_snapshot_that_is_longer_than_the_window_is_cut_to_it() {
    PublishedBook book =
        new PublishedBook(
            new BookRules(Source.STREAM, Link.NONE).withDepth(2), ANY, options(Mode.DELTA, 0));
    BookUpdate update = levels(true, "10", "1");
    for (String price : List.of("9", "8", "7")) {
      update.bidPrices().add(new BigDecimal(price));
      update.bidSizes().add(BigDecimal.ONE);
    }
    book.synchronizer().onUpdate(update);

    assertThat(book.records().get(0).getArray("bids")).hasSize(2);
    assertThat(book.consumer().bids()).isEqualTo(side("10", "1", "9", "1"));
  }

  // ---- Limited snapshots ----

  /**
   * An exchange with 3,000 levels a side, of which a snapshot has 1,000. The best bid becomes an
   * ask again and again. Snapshots arrive at once, before or after the deltas that follow them, or
   * late.
   */
  @ParameterizedTest
  @CsvSource({"0, 0, 0", "0, 20, 0", "0, 0, 20", "5, 10, 0", "0, 200, 0", "0, 40, 30"})
  void a_book_of_binance_is_refreshed_before_half_of_its_levels_are_gone(
      int depth, int responseAfter, int streamLate) throws MalformedMessageException {
    Exchange binance = Venues.builtIn().open("binance", VenueOptions.LIVE);
    Instrument bitcoin = instrument("binance", "BTC-USDT", "BTCUSDT");
    PublishedBook book =
        new PublishedBook(binance.bookRules(), bitcoin, options(Mode.DELTA, depth));
    ExchangeSession session = binance.openSession(List.of(bitcoin));
    BookTruth truth = fallingAt(0);
    int truthAt = 0;
    List<String> deltas = new ArrayList<>();
    for (int id = 1; id <= 1_500; id++) {
      String price = BigDecimal.valueOf(100_001 - id, 2).toPlainString();
      deltas.add(
          "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1767225600000,\"s\":\"BTCUSDT\",\"U\":%d,\"u\":%d,\"b\":[[\"%s\",\"0\"]],\"a\":[[\"%s\",\"2\"]]}}"
              .formatted(id, id, price, price));
    }
    int answered = 0;
    int dueAt = -1;
    int snapshotAt = 0;
    for (int id = 1; id <= deltas.size(); id++) {
      deliver(session, deltas.get(id - 1), book);
      if (id == 1) {
        book.synchronizer().onUpdate(snapshot(binance, bitcoin, fallingAt(0), 0));
      }
      if (book.refreshes() > answered && dueAt < 0) {
        book.synchronizer().expectRefresh();
        dueAt = id + responseAfter;
        // The snapshot may be ahead of what the stream has delivered so far.
        snapshotAt = Math.min(id + streamLate, deltas.size());
      }
      if (id == dueAt) {
        book.synchronizer().onUpdate(snapshot(binance, bitcoin, fallingAt(snapshotAt), snapshotAt));
        assertThat(book.synchronizer().isRefreshing()).isFalse();
        answered++;
        dueAt = -1;
      }
      Struct last = book.records().get(book.records().size() - 1);
      for (; truthAt < last.getInt64("sequence"); truthAt++) {
        fall(truth, truthAt);
      }
      assertThat(last.getInt64("sequence")).isEqualTo(truthAt);
      book.consumer().requireEqual(truth.bids(), truth.asks(), depth, id);
      assertThat(book.consumer().bidsKnownTo()).isNotNull();
      assertThat(book.consumer().asksKnownTo()).isNotNull();
      if (depth == 0) {
        assertThat(book.consumer().bids().headMap(book.consumer().bidsKnownTo(), true))
            .hasSizeGreaterThanOrEqualTo(500);
      }
    }

    assertThat(book.faults()).isEmpty();
    assertThat(answered).isBetween(3, 6);
    assertThat(book.records())
        .extracting(record -> String.valueOf(record.getString("snapshot_reason")))
        .filteredOn(reason -> !reason.equals("null"))
        .hasSize(answered + 1)
        .containsOnly("initial", "depth");
  }

  private static BookTruth fallingAt(int id) {
    BookTruth truth = new BookTruth();
    for (int i = 0; i < 3_000; i++) {
      truth.set(true, BigDecimal.valueOf(100_000 - i, 2), BigDecimal.ONE);
      truth.set(false, BigDecimal.valueOf(100_001 + i, 2), BigDecimal.ONE);
    }
    for (int i = 0; i < id; i++) {
      fall(truth, i);
    }
    return truth;
  }

  /** Update {@code id + 1}: the best bid becomes an ask. */
  private static void fall(BookTruth truth, int id) {
    truth.set(true, BigDecimal.valueOf(100_000 - id, 2), BigDecimal.ZERO);
    truth.set(false, BigDecimal.valueOf(100_000 - id, 2), new BigDecimal(2));
  }

  private static BookUpdate snapshot(
      Exchange exchange, Instrument instrument, BookTruth truth, long id)
      throws MalformedMessageException {
    return exchange.readBookSnapshot(
        instrument,
        "{\"lastUpdateId\":%d,\"bids\":%s,\"asks\":%s}"
            .formatted(id, pairs(truth.bids()), pairs(truth.asks()))
            .getBytes(StandardCharsets.UTF_8),
        1);
  }

  private static List<String> pairs(NavigableMap<BigDecimal, BigDecimal> side) {
    return side.entrySet().stream()
        .limit(1_000)
        .map(
            level ->
                "[\"%s\",\"%s\"]"
                    .formatted(level.getKey().toPlainString(), level.getValue().toPlainString()))
        .toList();
  }

  @Test
  void a_refresh_that_is_too_old_or_invalid_changes_nothing() {
    PublishedBook book =
        new PublishedBook(
            new BookRules(Source.REST, Link.STEP, 0, 4, -1, null), ANY, options(Mode.DELTA, 0));
    book.synchronizer().onUpdate(numbered(true, 10, "9", "1", "8", "1", "7", "1", "6", "1"));
    book.synchronizer().onUpdate(numbered(false, 11, "9", "0"));
    assertThat(book.refreshes()).isZero();
    book.synchronizer().onUpdate(numbered(false, 12, "8", "0"));
    assertThat(book.refreshes()).isEqualTo(1);
    book.synchronizer().expectRefresh();
    book.synchronizer().onUpdate(numbered(false, 13, "5", "2"));

    book.synchronizer().onUpdate(numbered(true, 11, "8", "1"));
    book.synchronizer().onUpdate(numbered(true, 12, "8", "1", "8", "1"));
    assertThat(book.synchronizer().isRefreshing()).isTrue();
    assertThat(book.records()).hasSize(4);
    book.synchronizer().onUpdate(numbered(true, 12, "7", "1", "6", "1", "4", "1"));

    assertThat(book.synchronizer().state()).isEqualTo(BookSynchronizer.State.VALID);
    assertThat(book.faults()).isEmpty();
    assertThat(book.records()).hasSize(5);
    assertThat(book.consumer().bids()).isEqualTo(side("7", "1", "6", "1", "5", "2", "4", "1"));
    assertThat(book.consumer().bidsKnownTo()).as("fewer levels than the limit").isNull();
    book.synchronizer().onUpdate(numbered(false, 14, "7", "0"));
    assertThat(book.records().get(5).getInt64("prev_sequence")).isEqualTo(13);
  }

  private static BookUpdate numbered(boolean snapshot, long id, String... bids) {
    BookUpdate update = new BookUpdate(ANY).set(ANY, snapshot, id, id, -1, 1, 2);
    for (int i = 0; i < bids.length; i += 2) {
      update.bidPrices().add(new BigDecimal(bids[i]));
      update.bidSizes().add(new BigDecimal(bids[i + 1]));
    }
    return update;
  }
}
