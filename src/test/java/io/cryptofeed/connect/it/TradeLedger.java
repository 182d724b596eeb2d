package io.cryptofeed.connect.it;

import static java.util.Objects.requireNonNull;
import static java.util.Objects.requireNonNullElse;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/**
 * The trades that a connector has written, compared with those that happened at the simulated
 * venues. Open and aborted transactions are not read.
 *
 * <p>For one thread.
 */
final class TradeLedger implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Map<String, ExpectedTrades> venues;
  private final AvroTopicReader reader;

  /** By exchange and symbol, in the order of the topic. */
  private final Map<String, List<Entry>> entries = new TreeMap<>();

  /** What {@code feed_status} reports about missing trades, by exchange and symbol, in order. */
  private final Map<String, List<GapStatus>> statuses = new TreeMap<>();

  private long read;

  /** A trade, without what differs between the stream and the history. */
  private record Content(BigDecimal price, BigDecimal size, String side, long eventNs) {}

  /** A record of the trades topic. */
  record Entry(long id, Content content, String origin) {}

  /** A record of the status topic that names a range of missing trades. */
  private record GapStatus(
      String status, String from, String to, long missing, long recovered, long lost) {

    private String range() {
      return from + ".." + to;
    }
  }

  /** The trades that happened at a venue, which the records must match. */
  interface ExpectedTrades {

    /** The normalised symbols. */
    List<String> symbols();

    /** All trades of an instrument, the oldest first. */
    List<TradeTruth> trades(String symbol);

    /** The precision of the times that the venue sends, in microseconds. */
    long timePrecisionMicros();

    /** The trades of a venue that has a market of its own. */
    static ExpectedTrades of(VenueSimulator venue) {
      return new ExpectedTrades() {
        @Override
        public List<String> symbols() {
          return venue.symbols();
        }

        @Override
        public List<TradeTruth> trades(String symbol) {
          return venue.trades(symbol);
        }

        @Override
        public long timePrecisionMicros() {
          // Binance sends milliseconds.
          return venue instanceof BinanceSimulator ? 1_000 : 1;
        }
      };
    }
  }

  /**
   * Reads the topics of a connector from their beginning.
   *
   * @param venues by exchange
   */
  TradeLedger(ConnectorScene scene, Map<String, VenueSimulator> venues) {
    this(
        venues.entrySet().stream()
            .collect(
                Collectors.toMap(Map.Entry::getKey, entry -> ExpectedTrades.of(entry.getValue()))),
        scene);
  }

  /** The same, for any kind of venue. */
  static TradeLedger comparedWith(
      ConnectorScene scene, Map<String, ? extends ExpectedTrades> venues) {
    return new TradeLedger(Map.copyOf(venues), scene);
  }

  private TradeLedger(Map<String, ExpectedTrades> venues, ConnectorScene scene) {
    this.venues = venues;
    List<String> topics = new ArrayList<>();
    for (String exchange : venues.keySet()) {
      topics.add(scene.name() + '.' + exchange + ".trades");
      topics.add(scene.name() + '.' + exchange + ".feed_status");
    }
    reader = scene.stack().reader(topics.toArray(String[]::new));
  }

  /** Reads the records that have arrived. */
  private void read() {
    add(reader.poll());
  }

  /** Reads all records that are in the topics now. */
  void readToEnd() {
    add(reader.readToEnd());
  }

  private void add(List<ConsumerRecord<String, GenericRecord>> records) {
    for (ConsumerRecord<String, GenericRecord> record : records) {
      GenericRecord value = record.value();
      String key = value.get("exchange") + " " + value.get("symbol");
      if (record.topic().endsWith(".trades")) {
        read++;
        entries.computeIfAbsent(key, any -> new ArrayList<>()).add(entry(value));
      } else if (String.valueOf(value.get("channel")).equals("trades")
          && value.get("status").toString().matches("gap|backfilled|lost")) {
        statuses.computeIfAbsent(key, any -> new ArrayList<>()).add(gapStatus(value));
      }
    }
  }

  private static Entry entry(GenericRecord trade) {
    return new Entry(
        Long.parseLong(trade.get("trade_id").toString()),
        new Content(
            ((BigDecimal) trade.get("price")).stripTrailingZeros(),
            ((BigDecimal) trade.get("size")).stripTrailingZeros(),
            trade.get("side").toString(),
            (Long) trade.get("ts_event_ns")),
        trade.get("origin").toString());
  }

  private static GapStatus gapStatus(GenericRecord status) {
    return new GapStatus(
        status.get("status").toString(),
        String.valueOf(status.get("from_id")),
        String.valueOf(status.get("to_id")),
        count(status.get("missing_count")),
        count(status.get("recovered_count")),
        count(status.get("lost_count")));
  }

  private static long count(@Nullable Object value) {
    return requireNonNullElse((Long) value, 0L);
  }

  /** Reads until the condition holds. */
  void readUntil(BooleanSupplier condition) {
    Awaitility.await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .atMost(LIMIT)
        .until(
            () -> {
              read();
              return condition.getAsBoolean();
            });
  }

  /** Waits until so many more trades have been read than before. */
  void awaitMore(int trades) {
    long wanted = read + trades;
    readUntil(() -> read >= wanted);
  }

  /**
   * Waits until the trade that is now the newest of its venue has been read, for each instrument.
   */
  void awaitNewest() {
    Map<String, Long> newest = new TreeMap<>();
    expectedTrades().forEach((key, trades) -> newest.put(key, trades.get(trades.size() - 1).id()));
    readUntil(() -> newest.entrySet().stream().allMatch(this::hasArrived));
  }

  private boolean hasArrived(Map.Entry<String, Long> newest) {
    List<Entry> all = entriesOf(newest.getKey());
    // Repeated trades may follow it.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).id() == newest.getValue()) {
        return true;
      }
    }
    return false;
  }

  private Map<String, List<TradeTruth>> expectedTrades() {
    Map<String, List<TradeTruth>> expected = new TreeMap<>();
    venues.forEach(
        (exchange, venue) ->
            venue
                .symbols()
                .forEach(symbol -> expected.put(exchange + " " + symbol, venue.trades(symbol))));
    return expected;
  }

  /** All records of an instrument, by exchange and symbol: {@code binance BTC-USDT}. */
  List<Entry> entriesOf(String key) {
    return entries.getOrDefault(key, List.of());
  }

  /**
   * Waits for the newest trades of the markets, which must be paused. Then every trade since the
   * first one that was written must be there, in order and with the right values, and no trade may
   * be reported as lost.
   *
   * @param interruptions how many times a task ended; each may leave an unfinished gap, which the
   *     next task reports again
   */
  void assertNothingIsLost(int interruptions) {
    awaitNewest();
    // The last status is written after the last trade, and to another topic.
    readUntil(() -> statuses.values().stream().allMatch(TradeLedger::isSettled));
    readToEnd();
    expectedTrades().forEach(this::assertComplete);
    statuses.forEach((key, reported) -> assertGapsClosed(key, reported, interruptions));
  }

  /** Like {@link #assertNothingIsLost}, and every trade is there once. */
  void assertEachOnce(int interruptions) {
    assertNothingIsLost(interruptions);
    entries.forEach(
        (key, all) -> assertThat(all).as(key).extracting(Entry::id).doesNotHaveDuplicates());
  }

  private static boolean isSettled(List<GapStatus> reported) {
    return !reported.get(reported.size() - 1).status().equals("gap");
  }

  private void assertComplete(String key, List<TradeTruth> expected) {
    List<Entry> written = entriesOf(key);
    assertThat(written).as(key).isNotEmpty();
    long firstId = expected.get(0).id();
    long next = written.get(0).id();
    for (Entry entry : written) {
      assertThat(entry.id())
          .as("%s: no trade is missing or out of order", key)
          .isLessThanOrEqualTo(next);
      TradeTruth trade = expected.get((int) (entry.id() - firstId));
      assertThat(entry.content()).as("%s %d", key, entry.id()).isEqualTo(content(key, trade));
      next = Math.max(next, entry.id() + 1);
    }
    assertThat(next - 1)
        .as("the newest of " + key)
        .isEqualTo(expected.get(expected.size() - 1).id());
  }

  private Content content(String key, TradeTruth trade) {
    long unit =
        requireNonNull(venues.get(key.substring(0, key.indexOf(' ')))).timePrecisionMicros();
    return new Content(
        trade.price(),
        trade.size(),
        trade.taker().code(),
        trade.timeMicros() / unit * unit * 1_000);
  }

  /** Each gap is filled by as many trades as it reports missing, unless the task ended before. */
  private static void assertGapsClosed(String key, List<GapStatus> reported, int interruptions) {
    List<GapStatus> open = new ArrayList<>();
    int left = 0;
    for (GapStatus status : reported) {
      assertThat(status.lost()).as("%s: %s", key, status).isZero();
      assertThat(status.status()).as("%s: %s", key, status).isNotEqualTo("lost");
      if (status.status().equals("gap")) {
        assertThat(status.missing())
            .as("%s: %s", key, status)
            .isEqualTo(Long.parseLong(status.to()) - Long.parseLong(status.from()) + 1);
        left += open.size();
        open.clear();
        open.add(status);
      } else {
        assertThat(open)
            .as("%s: before %s", key, status)
            .extracting(GapStatus::range)
            .contains(status.range());
        assertThat(status.recovered()).as("%s: %s", key, status).isEqualTo(status.missing());
        open.clear();
      }
    }
    assertThat(open).as("open gaps of " + key).isEmpty();
    assertThat(left).as("abandoned gaps of " + key).isLessThanOrEqualTo(interruptions);
  }

  /** How many gaps were reported. */
  int gaps() {
    return (int)
        statuses.values().stream()
            .flatMap(List::stream)
            .filter(status -> status.status().equals("gap"))
            .count();
  }

  /** A line for the log of a long run. */
  @Override
  public String toString() {
    long distinct =
        entries.values().stream()
            .mapToLong(all -> all.stream().map(Entry::id).distinct().count())
            .sum();
    return "%d records of %d trades of %d instruments, %d gaps"
        .formatted(read, distinct, entries.size(), gaps());
  }

  @Override
  public void close() {
    reader.close();
  }
}
