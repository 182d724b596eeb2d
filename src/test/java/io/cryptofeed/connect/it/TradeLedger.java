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
 * What a connector has written about the trades of simulated venues, held against what happened
 * there. Transactions that are open or were aborted are not seen.
 *
 * <p>For one thread.
 */
final class TradeLedger implements AutoCloseable {

  private static final Duration LIMIT = Duration.ofMinutes(3);

  private final Map<String, Truth> venues;
  private final AvroTopicReader reader;

  /** By exchange and symbol, in the order of the topic. */
  private final Map<String, List<Entry>> entries = new TreeMap<>();

  /** What {@code feed_status} tells about missing trades, likewise. */
  private final Map<String, List<Word>> words = new TreeMap<>();

  private long read;

  /** A trade, without what differs between the stream and the history. */
  private record Content(BigDecimal price, BigDecimal size, String side, long eventNs) {}

  /** A record of the trades topic. */
  record Entry(long id, Content content, String origin) {}

  /** A status with bounds. */
  private record Word(
      String status, String from, String to, long missing, long recovered, long lost) {

    private String range() {
      return from + ".." + to;
    }
  }

  /** What really happened at a venue. */
  interface Truth {

    /** The normalised symbols. */
    List<String> symbols();

    /** All trades of an instrument, the oldest first. */
    List<TradeTruth> trades(String symbol);

    /** The finest time that is told, microseconds. */
    long clockMicros();

    /** Of a venue with a market of its own. */
    static Truth of(VenueSimulator venue) {
      return new Truth() {
        @Override
        public List<String> symbols() {
          return venue.symbols();
        }

        @Override
        public List<TradeTruth> trades(String symbol) {
          return venue.trades(symbol);
        }

        @Override
        public long clockMicros() {
          // Binance tells milliseconds.
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
            .collect(Collectors.toMap(Map.Entry::getKey, entry -> Truth.of(entry.getValue()))),
        scene);
  }

  /** The same, for venues of whatever kind. */
  static TradeLedger ofTruth(ConnectorScene scene, Map<String, ? extends Truth> venues) {
    return new TradeLedger(Map.copyOf(venues), scene);
  }

  private TradeLedger(Map<String, Truth> venues, ConnectorScene scene) {
    this.venues = venues;
    List<String> topics = new ArrayList<>();
    for (String exchange : venues.keySet()) {
      topics.add(scene.name() + '.' + exchange + ".trades");
      topics.add(scene.name() + '.' + exchange + ".feed_status");
    }
    reader = scene.stack().reader(topics.toArray(String[]::new));
  }

  /** Reads what has come. */
  private void read() {
    add(reader.poll());
  }

  /** Reads all that is there now. */
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
        words.computeIfAbsent(key, any -> new ArrayList<>()).add(word(value));
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

  private static Word word(GenericRecord status) {
    return new Word(
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

  /** Reads until something is so. */
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

  /** Waits until there are so many more trades than were read before. */
  void awaitMore(int trades) {
    long wanted = read + trades;
    readUntil(() -> read >= wanted);
  }

  /** Waits until the trade that is a venue's newest now has come, of each instrument. */
  void awaitNewest() {
    Map<String, Long> newest = new TreeMap<>();
    truth().forEach((key, trades) -> newest.put(key, trades.get(trades.size() - 1).id()));
    readUntil(() -> newest.entrySet().stream().allMatch(this::hasCome));
  }

  private boolean hasCome(Map.Entry<String, Long> newest) {
    List<Entry> all = of(newest.getKey());
    // Repeated trades may follow it.
    for (int i = all.size() - 1; i >= 0; i--) {
      if (all.get(i).id() == newest.getValue()) {
        return true;
      }
    }
    return false;
  }

  private Map<String, List<TradeTruth>> truth() {
    Map<String, List<TradeTruth>> truth = new TreeMap<>();
    venues.forEach(
        (exchange, venue) ->
            venue
                .symbols()
                .forEach(symbol -> truth.put(exchange + " " + symbol, venue.trades(symbol))));
    return truth;
  }

  /** All records of an instrument, by exchange and symbol: {@code binance BTC-USDT}. */
  List<Entry> of(String key) {
    return entries.getOrDefault(key, List.of());
  }

  /**
   * The market must stand still. Waits for its newest trades; then every trade since the first that
   * was told must be there, at its place, as it happened, and nothing may be called lost.
   *
   * @param interruptions how often tasks ended, each of which may have left a gap that the next
   *     task reports again
   */
  void assertNothingIsLost(int interruptions) {
    awaitNewest();
    // The last status comes behind the last trade, in another topic.
    readUntil(() -> words.values().stream().allMatch(TradeLedger::isSettled));
    readToEnd();
    truth().forEach(this::assertIsTold);
    words.forEach((key, told) -> assertAddsUp(key, told, interruptions));
  }

  /** The same, and every trade is there once. */
  void assertEachOnce(int interruptions) {
    assertNothingIsLost(interruptions);
    entries.forEach(
        (key, all) -> assertThat(all).as(key).extracting(Entry::id).doesNotHaveDuplicates());
  }

  private static boolean isSettled(List<Word> told) {
    return !told.get(told.size() - 1).status().equals("gap");
  }

  private void assertIsTold(String key, List<TradeTruth> truth) {
    List<Entry> told = of(key);
    assertThat(told).as(key).isNotEmpty();
    long firstTruth = truth.get(0).id();
    long next = told.get(0).id();
    for (Entry entry : told) {
      assertThat(entry.id())
          .as("%s: no trade is left out or overtaken", key)
          .isLessThanOrEqualTo(next);
      TradeTruth happened = truth.get((int) (entry.id() - firstTruth));
      assertThat(entry.content()).as("%s %d", key, entry.id()).isEqualTo(content(key, happened));
      next = Math.max(next, entry.id() + 1);
    }
    assertThat(next - 1).as("the newest of " + key).isEqualTo(truth.get(truth.size() - 1).id());
  }

  private Content content(String key, TradeTruth trade) {
    long unit = requireNonNull(venues.get(key.substring(0, key.indexOf(' ')))).clockMicros();
    return new Content(
        trade.price(),
        trade.size(),
        trade.taker().code(),
        trade.timeMicros() / unit * unit * 1_000);
  }

  /** Each gap is settled by as many trades as it names, unless the task ended before. */
  private static void assertAddsUp(String key, List<Word> told, int interruptions) {
    List<Word> open = new ArrayList<>();
    int left = 0;
    for (Word word : told) {
      assertThat(word.lost()).as("%s: %s", key, word).isZero();
      assertThat(word.status()).as("%s: %s", key, word).isNotEqualTo("lost");
      if (word.status().equals("gap")) {
        assertThat(word.missing())
            .as("%s: %s", key, word)
            .isEqualTo(Long.parseLong(word.to()) - Long.parseLong(word.from()) + 1);
        left += open.size();
        open.clear();
        open.add(word);
      } else {
        assertThat(open)
            .as("%s: before %s", key, word)
            .extracting(Word::range)
            .contains(word.range());
        assertThat(word.recovered()).as("%s: %s", key, word).isEqualTo(word.missing());
        open.clear();
      }
    }
    assertThat(open).as("open gaps of " + key).isEmpty();
    assertThat(left).as("abandoned gaps of " + key).isLessThanOrEqualTo(interruptions);
  }

  /** How many gaps were reported. */
  int gaps() {
    return (int)
        words.values().stream()
            .flatMap(List::stream)
            .filter(word -> word.status().equals("gap"))
            .count();
  }

  /** In a line, for the log of a long run. */
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
