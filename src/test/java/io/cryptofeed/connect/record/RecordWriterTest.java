package io.cryptofeed.connect.record;

import static io.cryptofeed.connect.record.Events.ask;
import static io.cryptofeed.connect.record.Events.bid;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.market.TradingState;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecordWriterTest {

  private static final TopicTemplate TOPICS = new TopicTemplate(TopicTemplate.DEFAULT, "crypto");

  private final RecordQueue queue = new RecordQueue(1000, 1 << 20, 1000);
  private final RecordWriter writer =
      new RecordWriter(queue, TOPICS, Map.of(), DecimalMode.PRECISE, false);

  @Test
  void a_trade_has_every_field() throws Exception {
    writer.onTrade(Events.trade(Events.BTC, 4711, "67000.10", "0.5"));

    Struct value = value(only());
    value.validate();
    assertThat(value.getString("exchange")).isEqualTo("binance");
    assertThat(value.getString("market_type")).isEqualTo("spot");
    assertThat(value.getString("symbol")).isEqualTo("BTC-USDT");
    assertThat(value.getString("exchange_symbol")).isEqualTo("BTCUSDT");
    assertThat(value.getInt64("ts_event_ns")).isEqualTo(Events.EVENT_NS);
    assertThat(value.getInt64("ts_recv_ns")).isEqualTo(Events.RECEIVE_NS);
    assertThat(value.getString("origin")).isEqualTo("stream");
    assertThat(value.getString("trade_id")).isEqualTo("4711");
    assertThat(value.getInt64("trade_seq")).isEqualTo(4711);
    assertThat(value.get("price")).isEqualTo(new BigDecimal("67000.100000000000000000"));
    assertThat(value.get("size")).isEqualTo(new BigDecimal("0.500000000000000000"));
    assertThat(value.getString("side")).isEqualTo("buy");
    assertThat(value.getInt32("trade_count")).isNull();
  }

  @Test
  void a_trade_has_its_origin() throws Exception {
    writer.onTrade(
        Events.trade(Events.BTC, 1, "1", "1")
            .set(
                Events.BTC,
                "x-1",
                Trade.NO_SEQUENCE,
                Trade.NO_SEQUENCE,
                Trade.NO_SEQUENCE,
                Side.UNKNOWN,
                3,
                Origin.BACKFILL,
                1,
                2));

    SourceRecord record = only();
    assertThat(value(record).getString("origin")).isEqualTo("backfill");
    assertThat(value(record).getString("side")).isEqualTo("unknown");
    assertThat(value(record).getInt32("trade_count")).isEqualTo(3);
    assertThat(value(record).getInt64("trade_seq")).isNull();
    assertThat(record.sourceOffset()).isEqualTo(Map.of("trade_id", "x-1", "ts_event_ns", 1L));
  }

  @Test
  void a_trade_goes_to_the_topic_of_its_exchange_and_channel_under_the_key_of_its_instrument()
      throws Exception {
    writer.onTrade(Events.trade(Events.BTC, 4711, "1", "1"));

    SourceRecord record = only();
    assertThat(record.topic()).isEqualTo("crypto.binance.trades");
    assertThat(record.kafkaPartition()).isNull();
    assertThat(record.keySchema()).isEqualTo(Schema.STRING_SCHEMA);
    assertThat(record.key()).isEqualTo("binance.spot.BTC-USDT");
    assertThat(record.timestamp()).isEqualTo(Events.EVENT_NS / 1_000_000);
    assertThat(record.headers()).isEmpty();
    assertThat(record.sourcePartition())
        .isEqualTo(
            Map.of(
                "exchange", "binance",
                "market_type", "spot",
                "channel", "trades",
                "symbol", "BTC-USDT"));
    assertThat(record.sourceOffset())
        .isEqualTo(Map.of("trade_id", "4711", "trade_seq", 4711L, "ts_event_ns", Events.EVENT_NS));
  }

  @Test
  void an_offset_names_the_trade_stream_if_there_are_several() throws Exception {
    RecordWriter aggregates =
        new RecordWriter(queue, TOPICS, Map.of("binance", "aggregate"), DecimalMode.PRECISE, false);
    aggregates.onTrade(Events.trade(Events.BTC, 4711, "1", "1"));

    assertThat(only().sourceOffset())
        .isEqualTo(
            Map.of(
                "trade_id",
                "4711",
                "trade_seq",
                4711L,
                "trades_mode",
                "aggregate",
                "ts_event_ns",
                Events.EVENT_NS));
  }

  @ParameterizedTest
  @CsvSource({
    "a clock that is slow, PT-10M, true",
    "a clock that is fast, PT10M, true",
    "a clock that is too fast for a broker, PT10M0.001S, false",
    "a trade of the past, PT-87600H, true",
    "seconds taken for milliseconds, PT-490000H, false",
    "milliseconds taken for seconds, PT1000000H, false"
  })
  void a_trade_has_its_event_time_unless_that_is_impossible(
      String what, Duration ahead, boolean used) throws Exception {
    long eventNs = Events.RECEIVE_NS + ahead.toNanos();
    writer.onTrade(
        Events.trade(Events.BTC, 1, "1", "1")
            .set(Events.BTC, "1", 1, 1, 1, Side.BUY, 0, Origin.STREAM, eventNs, Events.RECEIVE_NS));

    SourceRecord record = only();
    assertThat(record.timestamp())
        .as(what)
        .isEqualTo((used ? eventNs : Events.RECEIVE_NS) / 1_000_000);
    assertThat(value(record).getInt64("ts_event_ns")).isEqualTo(eventNs);
  }

  @Test
  void a_book_that_did_not_change_for_a_day_has_its_receive_time() throws Exception {
    long eventNs = Events.RECEIVE_NS - Duration.ofDays(1).toNanos();
    BookUpdate quiet = new BookUpdate(Events.BTC);
    writer.onBook(quiet.set(Events.BTC, false, 1, 2, 1, eventNs, Events.RECEIVE_NS));
    assertThat(only().timestamp()).isEqualTo(eventNs / 1_000_000);

    writer.onBook(quiet.set(Events.BTC, false, 1, 2, 1, eventNs - 1, Events.RECEIVE_NS));
    assertThat(only().timestamp()).isEqualTo(Events.RECEIVE_NS / 1_000_000);
  }

  @Test
  void records_of_one_stream_share_partition_topic_key_and_schema() throws Exception {
    writer.onTrade(Events.trade(Events.BTC, 1, "1", "1"));
    writer.onTrade(Events.trade(Events.ETH, 1, "1", "1"));
    writer.onTrade(Events.trade(Events.BTC, 2, "1", "1"));
    // An equal instrument, as after an exchange has listed its instruments again.
    writer.onTrade(Events.trade(Events.instrument("binance", "BTC-USDT", "BTCUSDT"), 3, "1", "1"));

    List<SourceRecord> records = all();
    for (int i : new int[] {2, 3}) {
      assertThat(records.get(i).sourcePartition()).isSameAs(records.get(0).sourcePartition());
      assertThat(records.get(i).topic()).isSameAs(records.get(0).topic());
      assertThat(records.get(i).key()).isSameAs(records.get(0).key());
      assertThat(records.get(i).valueSchema())
          .isSameAs(RecordSchemas.of(DecimalMode.PRECISE).trade());
    }
    assertThat(records.get(1).key()).isEqualTo("binance.spot.ETH-USDT");
  }

  @Test
  void a_quote_has_both_sides() throws Exception {
    writer.onObservation(Events.quote(Events.BTC, 77));

    SourceRecord record = only();
    Struct value = value(record);
    value.validate();
    assertThat(record.topic()).isEqualTo("crypto.binance.quotes");
    assertThat(value.get("bid_price")).isEqualTo(new BigDecimal("67000.10").setScale(18));
    assertThat(value.get("bid_size")).isEqualTo(new BigDecimal("0.5").setScale(18));
    assertThat(value.get("ask_price")).isEqualTo(new BigDecimal("67000.20").setScale(18));
    assertThat(value.get("ask_size")).isEqualTo(new BigDecimal("1.25").setScale(18));
    assertThat(value.getInt64("sequence")).isEqualTo(77);
    assertThat(value.getString("size_unit")).isNull();
    assertThat(record.sourceOffset())
        .isEqualTo(Map.of("sequence", 77L, "ts_event_ns", Events.EVENT_NS));
    assertThat(writer.written(Channel.QUOTES)).isEqualTo(1);
  }

  @Test
  void a_side_without_a_quote_is_null() throws Exception {
    Observation quote = Events.quote(Events.BTC);
    quote.decimal(Quotes.BID_PRICE).clear();
    quote.decimal(Quotes.BID_SIZE).clear();
    writer.onObservation(quote);

    Struct value = value(only());
    value.validate();
    assertThat(value.get("bid_price")).isNull();
    assertThat(value.get("bid_size")).isNull();
    assertThat(value.get("ask_price")).isNotNull();
    assertThat(value.getInt64("sequence")).isNull();
  }

  @Test
  void contracts_are_kept_next_to_the_size() throws Exception {
    Instrument inverse =
        new Instrument(
            "okx",
            MarketType.PERPETUAL,
            "BTC-USD-PERP",
            "BTC-USD-SWAP",
            "BTC",
            "USD",
            null,
            null,
            SizeUnit.QUOTE,
            new BigDecimal("100"),
            TradingState.TRADING,
            null);
    Trade trade = Events.trade(inverse, 7, "67000", "500");
    trade.numbers().add(new BigDecimal("5"));
    writer.onTrade(trade);
    BookUpdate book = Events.snapshot(inverse, 1);
    bid(book, "66999", "700");
    writer.onBook(book);

    List<SourceRecord> records = all();
    Struct written = value(records.get(0));
    written.validate();
    assertThat(written.get("size")).isEqualTo(new BigDecimal("500").setScale(18));
    assertThat(written.get("contracts")).isEqualTo(new BigDecimal("5").setScale(18));
    assertThat(written.getString("size_unit")).isEqualTo("quote");
    assertThat(value(records.get(1)).get("contract_size"))
        .isEqualTo(new BigDecimal("100").setScale(18));
    assertThat(value(records.get(1)).getString("size_unit")).isEqualTo("quote");
  }

  @Test
  void snapshots_in_mode_both_have_their_own_topic() throws Exception {
    writer.onBookSnapshot(Events.snapshot(Events.BTC, 1000));

    SourceRecord record = only();
    assertThat(record.topic()).isEqualTo("crypto.binance.l2_snapshot");
    assertThat(record.valueSchema()).isSameAs(RecordSchemas.of(DecimalMode.PRECISE).book());
    assertThat(writer.written(Channel.L2_SNAPSHOT)).isEqualTo(1);
    assertThat(writer.written(Channel.L2_BOOK)).isZero();
  }

  @Test
  void a_snapshot_of_a_book_has_every_field() throws Exception {
    BookUpdate snapshot = Events.snapshot(Events.BTC, 1000);
    bid(snapshot, "99.5", "1");
    bid(snapshot, "99.4", "2");
    ask(snapshot, "100", "3");
    snapshot.qualify(SnapshotReason.RECONNECT, Integrity.SEQUENCE);
    writer.onBook(snapshot);

    SourceRecord record = only();
    Struct value = value(record);
    value.validate();
    assertThat(record.topic()).isEqualTo("crypto.binance.l2_book");
    assertThat(record.key()).isEqualTo("binance.spot.BTC-USDT");
    assertThat(record.sourcePartition().get("channel")).isEqualTo("l2_book");
    assertThat(record.sourceOffset())
        .isEqualTo(Map.of("sequence", 1000L, "ts_event_ns", Events.EVENT_NS));
    assertThat(value.getBoolean("is_snapshot")).isTrue();
    assertThat(value.getString("snapshot_reason")).isEqualTo("reconnect");
    assertThat(value.getString("origin")).isEqualTo("snapshot");
    assertThat(value.getInt64("first_sequence")).isNull();
    assertThat(value.getInt64("sequence")).isEqualTo(1000);
    assertThat(value.getInt64("prev_sequence")).isNull();
    assertThat(value.getString("integrity")).isEqualTo("sequence");
    assertThat(levels(value, "bids")).containsExactly("99.5 1", "99.4 2");
    assertThat(levels(value, "asks")).containsExactly("100 3");
  }

  @Test
  void a_delta_of_a_book_has_no_reason() throws Exception {
    BookUpdate delta = ask(Events.delta(Events.BTC, 1001, 1003), "100", "0");
    delta.qualify(null, Integrity.SEQUENCE);
    writer.onBook(delta);

    Struct value = value(only());
    assertThat(value.getBoolean("is_snapshot")).isFalse();
    assertThat(value.getString("snapshot_reason")).isNull();
    assertThat(value.getString("origin")).isEqualTo("stream");
    assertThat(value.getInt64("first_sequence")).isEqualTo(1001);
    assertThat(value.getInt64("sequence")).isEqualTo(1003);
    assertThat(levels(value, "bids")).isEmpty();
    assertThat(levels(value, "asks")).containsExactly("100 0");
  }

  @Test
  void the_offset_of_a_book_without_sequence_numbers_is_its_time() throws Exception {
    writer.onBook(Events.snapshot(Events.BTC, BookUpdate.NO_SEQUENCE));

    SourceRecord record = only();
    assertThat(value(record).getInt64("sequence")).isNull();
    assertThat(record.sourceOffset()).isEqualTo(Map.of("ts_event_ns", Events.EVENT_NS));
  }

  @Test
  void levels_are_written_best_first_whatever_the_exchange_sends() throws Exception {
    BookUpdate delta = Events.delta(Events.BTC, 1, 1);
    bid(delta, "9.5", "1");
    bid(delta, "123456789012345678901", "2");
    bid(delta, "10", "3");
    bid(delta, "10.25", "4");
    ask(delta, "12", "1");
    ask(delta, "11.50", "2");
    ask(delta, "11.5", "3");
    ask(delta, "11", "4");
    RecordWriter texts = new RecordWriter(queue, TOPICS, Map.of(), DecimalMode.STRING, false);
    texts.onBook(delta);

    Struct value = value(only());
    assertThat(levels(value, "bids"))
        .containsExactly("123456789012345678901 2", "10.25 4", "10 3", "9.5 1");
    // The same price twice: the one that came last still comes last.
    assertThat(levels(value, "asks")).containsExactly("11 4", "11.50 2", "11.5 3", "12 1");
  }

  @Test
  void a_feed_status_has_every_field() throws Exception {
    writer.onFeedStatus(
        new FeedStatus(
            Events.trades(Events.BTC),
            FeedStatus.Status.GAP,
            "10",
            "19",
            10L,
            7L,
            3L,
            "ten trades are missing",
            "socks5://proxy:1080",
            Events.EVENT_NS));

    SourceRecord record = only();
    Struct value = value(record);
    value.validate();
    assertThat(record.topic()).isEqualTo("crypto.binance.feed_status");
    assertThat(record.sourcePartition().get("channel")).isEqualTo("feed_status");
    assertThat(record.sourceOffset()).isEqualTo(Map.of("ts_event_ns", Events.EVENT_NS));
    assertThat(value.getString("channel")).isEqualTo("trades");
    assertThat(value.getString("status")).isEqualTo("gap");
    assertThat(value.getString("from_id")).isEqualTo("10");
    assertThat(value.getString("to_id")).isEqualTo("19");
    assertThat(value.getInt64("missing_count")).isEqualTo(10);
    assertThat(value.getInt64("recovered_count")).isEqualTo(7);
    assertThat(value.getInt64("lost_count")).isEqualTo(3);
    assertThat(value.getString("reason")).isEqualTo("ten trades are missing");
    assertThat(value.getString("proxy")).isEqualTo("socks5://proxy:1080");
  }

  @Test
  void a_feed_status_without_counts_leaves_them_null() throws Exception {
    writer.onFeedStatus(
        FeedStatus.of(
            Events.trades(Events.BTC), FeedStatus.Status.CONNECTED, "connected", null, 1));

    Struct value = value(only());
    value.validate();
    assertThat(value.getString("from_id")).isNull();
    assertThat(value.getInt64("missing_count")).isNull();
    assertThat(value.getString("proxy")).isNull();
  }

  @Test
  void headers_are_written_only_if_they_are_enabled() throws Exception {
    RecordWriter withHeaders = new RecordWriter(queue, TOPICS, Map.of(), DecimalMode.STRING, true);
    withHeaders.onTrade(Events.trade(Events.BTC, 1, "1", "1"));
    withHeaders.onBook(Events.snapshot(Events.BTC, 1));

    List<SourceRecord> records = all();
    assertThat(records.get(0).headers().lastWithName("origin").value()).isEqualTo("stream");
    assertThat(records.get(0).headers().lastWithName("schema.version").value()).isEqualTo(2);
    assertThat(records.get(1).headers().lastWithName("origin").value()).isEqualTo("snapshot");
  }

  @Test
  void a_number_that_cannot_be_written_fails_the_queue_after_the_records_before_it()
      throws Exception {
    writer.onTrade(Events.trade(Events.BTC, 1, "1", "1"));
    writer.onTrade(Events.trade(Events.ETH, 2, "1", "1E+30"));
    writer.onTrade(Events.trade(Events.BTC, 3, "1", "1"));

    assertThat(all()).hasSize(1);
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(this::all)
        .withMessageContaining("exchange=binance symbol=ETH-USDT field=size: 1E+30");
  }

  @Test
  void a_level_that_cannot_be_written_names_its_side() {
    writer.onBook(ask(Events.snapshot(Events.BTC, 1), "1E-19", "1"));

    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(this::all)
        .withMessageContaining("field=asks.price: 1E-19");
  }

  @Test
  void records_are_counted_by_channel() {
    writer.onTrade(Events.trade(Events.BTC, 1, "1", "1"));
    writer.onTrade(Events.trade(Events.BTC, 2, "1", "1"));
    writer.onBook(Events.snapshot(Events.BTC, 1));

    assertThat(writer.written(Channel.TRADES)).isEqualTo(2);
    assertThat(writer.written(Channel.L2_BOOK)).isEqualTo(1);
    assertThat(writer.written(Channel.FEED_STATUS)).isZero();
  }

  private SourceRecord only() throws InterruptedException {
    List<SourceRecord> records = all();
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  private List<SourceRecord> all() throws InterruptedException {
    return queue.take(0, TimeUnit.MILLISECONDS);
  }

  private static Struct value(SourceRecord record) {
    return (Struct) record.value();
  }

  private static List<String> levels(Struct book, String side) {
    return book.<Struct>getArray(side).stream()
        .map(level -> text(level.get("price")) + " " + text(level.get("size")))
        .toList();
  }

  private static String text(Object number) {
    return number instanceof BigDecimal decimal
        ? decimal.signum() == 0 ? "0" : decimal.stripTrailingZeros().toPlainString()
        : (String) number;
  }
}
