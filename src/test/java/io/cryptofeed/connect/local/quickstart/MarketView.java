package io.cryptofeed.connect.local.quickstart;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** The state of the market, built from the decoded records of the topics. For one thread. */
final class MarketView {

  private static final String TRADES = ".trades";
  private static final String BOOK = ".l2_book";

  private final Map<String, Long> records = new LinkedHashMap<>();
  private final SortedMap<String, InstrumentView> instruments = new TreeMap<>();
  private final LatencyWindow latency = new LatencyWindow();

  /**
   * The state of one instrument. An unknown price is null.
   *
   * @param lastTrade price, size and side of the newest trade
   */
  record Quote(
      @Nullable String lastTrade,
      Map.@Nullable Entry<BigDecimal, BigDecimal> bid,
      Map.@Nullable Entry<BigDecimal, BigDecimal> ask) {}

  private static final class InstrumentView {
    private final NavigableMap<BigDecimal, BigDecimal> bids =
        new TreeMap<>(Comparator.reverseOrder());
    private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    private @Nullable String lastTrade;
  }

  /** Shows each of these topics, with or without records. */
  MarketView(List<String> topics) {
    topics.forEach(topic -> records.put(topic, 0L));
  }

  /**
   * Takes a record.
   *
   * @param nowNs when it was read, nanoseconds since the epoch
   */
  void accept(ConsumerRecord<String, GenericRecord> record, long nowNs) {
    records.merge(record.topic(), 1L, Long::sum);
    GenericRecord value = record.value();
    if (record.topic().endsWith(TRADES)) {
      instrument(record.key()).lastTrade =
          text((BigDecimal) value.get("price"))
              + " x "
              + text((BigDecimal) value.get("size"))
              + " "
              + value.get("side");
    } else if (record.topic().endsWith(BOOK)) {
      apply(value, instrument(record.key()));
    } else {
      return;
    }
    if (value.get("origin").toString().equals("stream")) {
      latency.add(nowNs - (Long) value.get("ts_event_ns"));
    }
  }

  private InstrumentView instrument(String key) {
    return instruments.computeIfAbsent(key, any -> new InstrumentView());
  }

  private static void apply(GenericRecord book, InstrumentView to) {
    if ((Boolean) book.get("is_snapshot")) {
      to.bids.clear();
      to.asks.clear();
    }
    apply((List<?>) book.get("bids"), to.bids);
    apply((List<?>) book.get("asks"), to.asks);
  }

  private static void apply(List<?> levels, NavigableMap<BigDecimal, BigDecimal> to) {
    for (Object element : levels) {
      GenericRecord level = (GenericRecord) element;
      BigDecimal price = (BigDecimal) level.get("price");
      BigDecimal size = (BigDecimal) level.get("size");
      if (size.signum() == 0) {
        to.remove(price);
      } else {
        to.put(price, size);
      }
    }
  }

  /** A number without the zeros that the schema's scale adds. */
  static String text(BigDecimal number) {
    return number.stripTrailingZeros().toPlainString();
  }

  /** How many records were read, by topic. */
  Map<String, Long> records() {
    return new LinkedHashMap<>(records);
  }

  /** Whether every topic has received a record. */
  boolean isComplete() {
    return records.values().stream().allMatch(count -> count > 0);
  }

  /** The state of each instrument, by the instrument's key. */
  SortedMap<String, Quote> quotes() {
    SortedMap<String, Quote> quotes = new TreeMap<>();
    instruments.forEach(
        (key, view) ->
            quotes.put(
                key, new Quote(view.lastTrade, view.bids.firstEntry(), view.asks.firstEntry())));
    return quotes;
  }

  /** From the exchange's time of an event to the receive time of this consumer. */
  LatencyWindow latency() {
    return latency;
  }
}
