package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.feed.MarketRecorder.SeenBook;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.scripted.BackpackBooks;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.BookVenue.Market;
import io.cryptofeed.connect.local.venue.scripted.KrakenBooks;
import io.cryptofeed.connect.local.venue.scripted.NumberedSender;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.SnapshotReason;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Venues of which no session was recorded, simulated: books are told over real sockets, a change is
 * lost, and the book that lost it is made new, and no other.
 */
class BookVenuesTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A venue, and how it names the two markets. */
  private enum Case {
    KRAKEN("kraken", new KrakenBooks(), "BTC/USD", "ETH/USD", "spot.BTC-USD", "spot.ETH-USD", "1"),
    HTX("htx", new Htx(), "btcusdt", "ethusdt", "spot.BTC-USDT", "spot.ETH-USDT", "1"),
    HTX_SWAP(
        "htx_swap",
        new HtxSwap(),
        "BTC-USDT",
        "ETH-USDT",
        "perpetual.BTC-USDT-PERP",
        "perpetual.ETH-USDT-PERP",
        "0.001"),
    BACKPACK(
        "backpack",
        new BackpackBooks(),
        "BTC_USDC",
        "ETH_USDC_PERP",
        "spot.BTC-USDC",
        "perpetual.ETH-USDC-PERP",
        "1");

    private final String exchange;
    private final BookVenue.Dialect dialect;
    private final String one;
    private final String other;
    private final String oneKey;
    private final String otherKey;
    private final BigDecimal unit;

    Case(
        String exchange,
        BookVenue.Dialect dialect,
        String one,
        String other,
        String oneKey,
        String otherKey,
        String unit) {
      this.exchange = exchange;
      this.dialect = dialect;
      this.one = one;
      this.other = other;
      this.oneKey = exchange + "." + oneKey;
      this.otherKey = exchange + "." + otherKey;
      this.unit = new BigDecimal(unit);
    }

    private List<String> symbols() {
      return List.of(
          oneKey.substring(oneKey.lastIndexOf('.') + 1),
          otherKey.substring(otherKey.lastIndexOf('.') + 1));
    }
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void a_lost_change_makes_one_book_new_and_no_other(Case venueCase) {
    BookVenue venue =
        BookVenue.start(venueCase.dialect, 7, List.of(venueCase.one, venueCase.other));
    closeLater(venue);
    feed(venueCase, venue);
    // Some books are asked for by the first change.
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              venue.change(1);
              return !recorder.books(venueCase.oneKey).isEmpty()
                  && !recorder.books(venueCase.otherKey).isEmpty();
            });
    for (int i = 0; i < 100; i++) {
      venue.change(20);
    }
    assertBooks(venueCase, venue);
    int subscribed = venue.subscriptions(venueCase.other);
    int requested = venue.requests(venueCase.other);

    venue.loseNext(venueCase.one);
    venue.change(3);
    await().atMost(LIMIT).until(() -> recorder.snapshotReasons(venueCase.oneKey).size() == 2);
    for (int i = 0; i < 20; i++) {
      venue.change(20);
    }

    assertBooks(venueCase, venue);
    compareBooks(venueCase, venue, 0);
    boolean checked = venueCase == Case.KRAKEN;
    assertThat(recorder.snapshotReasons(venueCase.oneKey))
        .containsExactly(
            SnapshotReason.INITIAL, checked ? SnapshotReason.CHECKSUM : SnapshotReason.GAP);
    assertThat(recorder.snapshotReasons(venueCase.otherKey))
        .containsExactly(SnapshotReason.INITIAL);
    assertThat(venue.subscriptions(venueCase.other)).isEqualTo(subscribed);
    assertThat(venue.requests(venueCase.other)).isEqualTo(requested);
    assertThat(recorder.books(venueCase.oneKey))
        .extracting(SeenBook::integrity)
        .containsOnly(checked ? Integrity.CHECKSUM : Integrity.SEQUENCE);
    assertThat(recorder.statuses(checked ? Status.CHECKSUM_MISMATCH : Status.GAP))
        .singleElement()
        .satisfies(
            status -> assertThat(status.stream().instrument().key()).isEqualTo(venueCase.oneKey));
    assertThat(fatal).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(Case.class)
  void a_few_of_the_best_levels_are_the_best_of_the_venue_at_every_record(Case venueCase) {
    BookVenue venue =
        BookVenue.start(venueCase.dialect, 5, List.of(venueCase.one, venueCase.other));
    closeLater(venue);
    books = new BookOptions(BookOptions.Mode.DELTA, 4, Duration.ZERO);
    stream(
        subscription(
            profile(venueCase.exchange, venue.port(), null),
            Set.of(Channel.L2_BOOK),
            venueCase.symbols()));
    await()
        .atMost(LIMIT)
        .until(
            () -> {
              venue.change(10);
              return recorder.books(venueCase.oneKey).size() > 200
                  && recorder.books(venueCase.otherKey).size() > 200;
            });

    compareBooks(venueCase, venue, 4);
  }

  @Test
  void of_five_hundred_books_the_one_that_lost_a_change_is_asked_for_again() {
    List<String> symbols = new ArrayList<>();
    List<String> wanted = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      symbols.add("C" + i + "_USDC");
      wanted.add("C" + i + "-USDC");
    }
    BookVenue venue = BookVenue.start(new BackpackBooks(), 11, symbols);
    closeLater(venue);
    feed("backpack", venue, wanted);
    await()
        .atMost(LIMIT)
        .pollInterval(Duration.ofSeconds(1))
        .until(
            () -> {
              venue.change(1);
              return wanted.stream()
                  .noneMatch(symbol -> recorder.books("backpack.spot." + symbol).isEmpty());
            });
    int asked = symbols.stream().mapToInt(venue::requests).sum();

    venue.loseNext("C250_USDC");
    venue.change(3);
    await()
        .atMost(LIMIT)
        .until(() -> recorder.snapshotReasons("backpack.spot.C250-USDC").size() == 2);
    venue.change(3);

    await()
        .atMost(LIMIT)
        .untilAsserted(
            () ->
                assertThat(symbols)
                    .allMatch(
                        symbol ->
                            recorder.bookEquals(
                                "backpack.spot." + symbol.replace('_', '-'),
                                venue.truth(symbol, BigDecimal.ONE))));
    assertThat(symbols.stream().mapToInt(venue::requests).sum()).isEqualTo(asked + 1);
  }

  @Test
  void where_the_connection_is_numbered_a_lost_message_makes_all_its_books_new() {
    BookVenue venue = BookVenue.start(new Advanced(), 3, List.of("BTC-USD", "ETH-USD"));
    closeLater(venue);
    feed("coinbase_advanced", venue, List.of("BTC-USD", "ETH-USD"));
    List<String> keys = List.of("coinbase_advanced.spot.BTC-USD", "coinbase_advanced.spot.ETH-USD");
    await()
        .atMost(LIMIT)
        .until(() -> keys.stream().noneMatch(key -> recorder.books(key).isEmpty()));
    venue.change(50);

    venue.loseNext("BTC-USD");
    venue.change(3);
    await()
        .atMost(LIMIT)
        .until(() -> keys.stream().allMatch(key -> recorder.snapshotReasons(key).size() == 2));
    venue.change(50);

    for (String key : keys) {
      String symbol = key.substring(key.lastIndexOf('.') + 1);
      await()
          .atMost(LIMIT)
          .until(() -> recorder.bookEquals(key, venue.truth(symbol, BigDecimal.ONE)));
      assertThat(recorder.snapshotReasons(key))
          .containsExactly(SnapshotReason.INITIAL, SnapshotReason.GAP);
    }
    assertThat(recorder.statuses(Status.GAP)).hasSize(2);
  }

  private void assertBooks(Case venueCase, BookVenue venue) {
    await()
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              assertThat(
                      recorder.bookEquals(
                          venueCase.oneKey, venue.truth(venueCase.one, venueCase.unit)))
                  .isTrue();
              assertThat(
                      recorder.bookEquals(
                          venueCase.otherKey, venue.truth(venueCase.other, venueCase.unit)))
                  .isTrue();
            });
  }

  private void feed(Case venueCase, BookVenue venue) {
    feed(venueCase.exchange, venue, venueCase.symbols());
  }

  private void feed(String exchange, BookVenue venue, List<String> symbols) {
    stream(subscription(profile(exchange, venue.port(), null), Set.of(Channel.L2_BOOK), symbols));
  }

  /** Compares the consumer's books with the venue's at every record. */
  private void compareBooks(Case venueCase, BookVenue venue, int depth) {
    recorder.compareBooks(
        venueCase.oneKey,
        record -> venue.truth(venueCase.one, position(record), venueCase.unit),
        depth);
    recorder.compareBooks(
        venueCase.otherKey,
        record -> venue.truth(venueCase.other, position(record), venueCase.unit),
        depth);
  }

  /** The sequence number, or where there is none the microseconds of the time. */
  private static long position(Struct record) {
    Long sequence = record.getInt64("sequence");
    return sequence == null ? record.getInt64("ts_event_ns") / 1_000 % 1_000_000 : sequence;
  }

  private static String levels(
      Map<Integer, Integer> side, Function<Map.Entry<Integer, Integer>, String> level) {
    return side.entrySet().stream().map(level).collect(Collectors.joining(",", "[", "]"));
  }

  private static String price(int hundredths) {
    return BigDecimal.valueOf(hundredths, 2).toPlainString();
  }

  private static String size(int thousandths) {
    return BigDecimal.valueOf(thousandths, 3).toPlainString();
  }

  /** HTX spot: gzip, books by request on the connection, linked by the number before. */
  private static final class Htx implements BookVenue.Dialect {

    @Override
    public String rest(String path, @Nullable String symbol, BookVenue venue) {
      return "{\"status\":\"ok\",\"data\":[{\"base-currency\":\"btc\",\"quote-currency\":\"usdt\","
          + "\"price-precision\":2,\"amount-precision\":3,\"symbol\":\"btcusdt\",\"state\":\"online\"},"
          + "{\"base-currency\":\"eth\",\"quote-currency\":\"usdt\",\"price-precision\":2,"
          + "\"amount-precision\":3,\"symbol\":\"ethusdt\",\"state\":\"online\"}]}";
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      JsonNode frame = JsonText.parse(message);
      String topic = frame.path("sub").asText(frame.path("req").asText());
      if (topic.isEmpty()) {
        return;
      }
      String symbol = topic.split("\\.", -1)[1];
      if (frame.has("sub")) {
        client.send(
            "{\"id\":%s,\"status\":\"ok\",\"subbed\":\"%s\",\"ts\":1}"
                .formatted(frame.path("id"), topic));
        client.subscribe(symbol);
      } else {
        venue.countRequest(symbol);
        Market market = venue.market(symbol);
        client.send(
            "{\"id\":%s,\"rep\":\"%s\",\"status\":\"ok\",\"ts\":1698359289261,\"data\":{\"seqNum\":%d,\"bids\":%s,\"asks\":%s}}"
                .formatted(
                    frame.path("id"),
                    topic,
                    market.sequence(),
                    pairs(market.bids()),
                    pairs(market.asks())));
      }
    }

    @Override
    public @Nullable String snapshot(Market market) {
      return null;
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return "{\"ch\":\"market.%s.mbp.150\",\"ts\":1573199608679,\"tick\":{\"seqNum\":%d,\"prevSeqNum\":%d,\"bids\":%s,\"asks\":%s}}"
          .formatted(
              market.symbol(), market.sequence(), market.previous(), pairs(bids), pairs(asks));
    }

    private static String pairs(Map<Integer, Integer> side) {
      return levels(
          side, level -> "[" + price(level.getKey()) + "," + size(level.getValue()) + "]");
    }

    @Override
    public boolean gzips() {
      return true;
    }
  }

  /** HTX linear swap: gzip, a marked book, then steps of one; sizes in contracts. */
  private static final class HtxSwap implements BookVenue.Dialect {

    @Override
    public String rest(String path, @Nullable String symbol, BookVenue venue) {
      return "{\"status\":\"ok\",\"data\":[{\"contract_code\":\"BTC-USDT\",\"contract_size\":0.001,"
          + "\"price_tick\":0.01,\"delivery_time\":\"\",\"contract_status\":1,\"business_type\":\"swap\"},"
          + "{\"contract_code\":\"ETH-USDT\",\"contract_size\":0.001,\"price_tick\":0.01,"
          + "\"delivery_time\":\"\",\"contract_status\":1,\"business_type\":\"swap\"}]}";
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      JsonNode frame = JsonText.parse(message);
      String topic = frame.path("sub").asText(frame.path("unsub").asText());
      if (topic.isEmpty()) {
        return;
      }
      String symbol = topic.split("\\.", -1)[1];
      if (frame.has("unsub")) {
        client.unsubscribe(symbol);
        return;
      }
      assertThat(frame.path("data_type").asText()).isEqualTo("incremental");
      client.send(
          "{\"id\":%s,\"status\":\"ok\",\"subbed\":\"%s\",\"ts\":1}"
              .formatted(frame.path("id"), topic));
      client.subscribe(symbol);
    }

    @Override
    public String snapshot(Market market) {
      return message("snapshot", market, market.bids(), market.asks());
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return message("update", market, bids, asks);
    }

    private static String message(
        String event, Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return "{\"ch\":\"market.%s.depth.size_150.high_freq\",\"tick\":{\"asks\":%s,\"bids\":%s,\"event\":\"%s\",\"id\":1,\"ts\":1603707712356,\"version\":%d},\"ts\":1603707712357}"
          .formatted(market.symbol(), Htx.pairs(asks), Htx.pairs(bids), event, market.sequence());
    }

    @Override
    public boolean gzips() {
      return true;
    }
  }

  /** Coinbase Advanced Trade: every message of a connection is numbered. */
  private static final class Advanced implements BookVenue.Dialect {

    @Override
    public String rest(String path, @Nullable String symbol, BookVenue venue) {
      List<String> rows = new ArrayList<>();
      for (Market market : venue.markets()) {
        rows.add(
            "{\"product_id\":\"%s\",\"product_type\":\"SPOT\",\"base_currency_id\":\"%s\",\"quote_currency_id\":\"USD\",\"price_increment\":\"0.01\",\"base_increment\":\"0.001\",\"status\":\"online\",\"alias\":\"\",\"trading_disabled\":false,\"view_only\":false}"
                .formatted(market.symbol(), market.symbol().replaceAll("-.*", "")));
      }
      return "{\"products\":" + rows + "}";
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      JsonNode frame = JsonText.parse(message);
      if (!frame.path("channel").asText().equals("level2")) {
        return;
      }
      for (JsonNode product : frame.path("product_ids")) {
        if (frame.path("type").asText().equals("subscribe")) {
          client.subscribe(product.asText());
        } else {
          client.unsubscribe(product.asText());
        }
      }
    }

    @Override
    public String snapshot(Market market) {
      return message("snapshot", market, market.bids(), market.asks());
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return message("update", market, bids, asks);
    }

    private static String message(
        String type, Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      String updates =
          (sided("bid", bids) + sided("offer", asks))
              .replace("][", bids.isEmpty() || asks.isEmpty() ? "" : ",");
      return "{\"channel\":\"l2_data\",\"timestamp\":\"2026-04-07T14:30:01.456789Z\",\"sequence_num\":%s,\"events\":[{\"type\":\"%s\",\"product_id\":\"%s\",\"updates\":%s}]}"
          .formatted(NumberedSender.NUMBER, type, market.symbol(), updates);
    }

    private static String sided(String name, Map<Integer, Integer> side) {
      return levels(
          side,
          level ->
              "{\"side\":\"%s\",\"price_level\":\"%s\",\"new_quantity\":\"%s\"}"
                  .formatted(name, price(level.getKey()), size(level.getValue())));
    }

    @Override
    public boolean gzips() {
      return false;
    }
  }
}
