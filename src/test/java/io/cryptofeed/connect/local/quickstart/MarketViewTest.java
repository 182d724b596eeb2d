package io.cryptofeed.connect.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

final class MarketViewTest {

  private static final String TRADES = "crypto.binance.trades";
  private static final String BOOK = "crypto.binance.l2_book";
  private static final String KEY = "binance.spot.BTC-USDT";
  private static final Schema DECIMAL = SchemaBuilder.builder().bytesType();
  private static final Schema LEVEL =
      SchemaBuilder.record("Level")
          .fields()
          .name("price")
          .type(DECIMAL)
          .noDefault()
          .name("size")
          .type(DECIMAL)
          .noDefault()
          .endRecord();
  private static final Schema TRADE =
      SchemaBuilder.record("Trade")
          .fields()
          .requiredLong("ts_event_ns")
          .requiredString("origin")
          .name("price")
          .type(DECIMAL)
          .noDefault()
          .name("size")
          .type(DECIMAL)
          .noDefault()
          .requiredString("side")
          .endRecord();
  private static final Schema BOOK_UPDATE =
      SchemaBuilder.record("Book")
          .fields()
          .requiredLong("ts_event_ns")
          .requiredString("origin")
          .requiredBoolean("is_snapshot")
          .name("bids")
          .type(SchemaBuilder.array().items(LEVEL))
          .noDefault()
          .name("asks")
          .type(SchemaBuilder.array().items(LEVEL))
          .noDefault()
          .endRecord();

  private final MarketView view = new MarketView(List.of(TRADES, BOOK));

  @Test
  void counts_the_records_of_each_topic() {
    view.accept(trade("65000.10", "0.5", "stream", 0), 0);

    assertThat(view.records()).containsExactlyInAnyOrderEntriesOf(Map.of(TRADES, 1L, BOOK, 0L));
  }

  @Test
  void is_complete_once_every_topic_has_received_a_record() {
    view.accept(trade("1", "1", "stream", 0), 0);
    assertThat(view.isComplete()).isFalse();

    view.accept(book(true, List.of(), List.of()), 0);
    assertThat(view.isComplete()).isTrue();
  }

  @Test
  void shows_the_newest_trade_without_the_zeros_of_the_scale() {
    view.accept(trade("65000.000000000000000000", "1", "stream", 0), 0);
    view.accept(trade("65000.100000000000000000", "0.500000000000000000", "stream", 0), 0);

    assertThat(quote().lastTrade()).isEqualTo("65000.1 x 0.5 buy");
  }

  @Test
  void shows_the_best_levels_of_the_book() {
    view.accept(book(true, List.of("99", "1", "98", "2"), List.of("101", "3", "102", "4")), 0);

    assertThat(quote().bid()).isEqualTo(Map.entry(decimal("99"), decimal("1")));
    assertThat(quote().ask()).isEqualTo(Map.entry(decimal("101"), decimal("3")));
  }

  @Test
  void a_size_of_zero_removes_a_level() {
    view.accept(book(true, List.of("99", "1", "98", "2"), List.of()), 0);
    view.accept(book(false, List.of("99.00", "0.00"), List.of()), 0);

    assertThat(quote().bid()).isEqualTo(Map.entry(decimal("98"), decimal("2")));
  }

  @Test
  void a_snapshot_replaces_the_book() {
    view.accept(book(true, List.of("99", "1"), List.of("101", "1")), 0);
    view.accept(book(true, List.of("90", "1"), List.of()), 0);

    assertThat(quote().bid()).isEqualTo(Map.entry(decimal("90"), decimal("1")));
    assertThat(quote().ask()).isNull();
  }

  @Test
  void measures_the_latency_from_the_event_to_the_consumer() {
    view.accept(trade("1", "1", "stream", 1_000), 1_250);

    assertThat(view.latency().quantile(0.5)).isEqualTo(250);
  }

  @Test
  void replayed_records_have_no_latency() {
    view.accept(trade("1", "1", "snapshot", 1_000), 1_000_000);

    assertThat(view.latency().quantile(0.5)).isZero();
  }

  @Test
  void quantiles_are_those_of_the_sorted_latencies() {
    LatencyWindow window = new LatencyWindow();
    for (long nanos = 100; nanos >= 1; nanos--) {
      window.add(nanos);
    }

    assertThat(window.quantile(0.5)).isEqualTo(51);
    assertThat(window.quantile(0.99)).isEqualTo(100);
  }

  @Test
  void clearing_the_latencies_starts_a_new_window() {
    LatencyWindow window = new LatencyWindow();
    window.add(1_000);
    window.clear();
    window.add(10);

    assertThat(window.quantile(0.99)).isEqualTo(10);
  }

  private MarketView.Quote quote() {
    return Objects.requireNonNull(view.quotes().get(KEY));
  }

  private static ConsumerRecord<String, GenericRecord> trade(
      String price, String size, String origin, long eventNs) {
    GenericRecord value = new GenericData.Record(TRADE);
    value.put("ts_event_ns", eventNs);
    value.put("origin", origin);
    value.put("price", decimal(price));
    value.put("size", decimal(size));
    value.put("side", "buy");
    return new ConsumerRecord<>(TRADES, 0, 0, KEY, value);
  }

  /** Prices and sizes in turn. */
  private static ConsumerRecord<String, GenericRecord> book(
      boolean snapshot, List<String> bids, List<String> asks) {
    GenericRecord value = new GenericData.Record(BOOK_UPDATE);
    value.put("ts_event_ns", 0L);
    value.put("origin", snapshot ? "snapshot" : "stream");
    value.put("is_snapshot", snapshot);
    value.put("bids", levels(bids));
    value.put("asks", levels(asks));
    return new ConsumerRecord<>(BOOK, 0, 0, KEY, value);
  }

  private static List<GenericRecord> levels(List<String> numbers) {
    List<GenericRecord> levels = new ArrayList<>();
    for (int i = 0; i < numbers.size(); i += 2) {
      GenericRecord level = new GenericData.Record(LEVEL);
      level.put("price", decimal(numbers.get(i)));
      level.put("size", decimal(numbers.get(i + 1)));
      levels.add(level);
    }
    return levels;
  }

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }
}
