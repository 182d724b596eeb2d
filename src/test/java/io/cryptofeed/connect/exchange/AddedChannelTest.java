package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelField.Kind;
import io.cryptofeed.connect.market.ChannelField.Unit;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.SchemaDraft;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A layout and a profile are all that a new plain channel needs, up to its records. */
class AddedChannelTest {

  private static final ChannelLayout FUNDING =
      new ChannelLayout(
          Channel.plain("funding_test"),
          "funding_test",
          "io.cryptofeed.FundingTest",
          3,
          "A funding rate.",
          List.of(
              new ChannelField("rate", Kind.DECIMAL, false, Unit.NONE, "Rate; 0.01 is 1 %."),
              new ChannelField("interval_hours", Kind.LONG, false, Unit.NONE, "Hours."),
              new ChannelField("method", Kind.TEXT, true, Unit.NONE, "How it is calculated."),
              new ChannelField("next_funding_ns", Kind.TIME, false, Unit.NONE, "Next payment."),
              new ChannelField("is_final", Kind.BOOLEAN, false, Unit.NONE, "Whether it is paid."),
              new ChannelField("paid", Kind.DECIMAL, true, Unit.SIZE, "Amount that was paid.")),
          List.of());

  private static final Channels CHANNELS = Channels.of(Quotes.LAYOUT, FUNDING);

  private static final String MAPPING =
      """
          rate: /r
          interval_hours: /h
          method: /m
          next_funding_ns: {at: /n, unit: ms}
          is_final: /f
          paid: /p
      """;

  private static final String PROFILE =
      """
      venue: example
      name: Example
      endpoints:
        live: {websocket: "wss://example.com/ws", rest: "https://example.com"}
      limits:
        streams_per_connection: 10
        sent_frames: {permits: 1, window: 1s}
        connects: {permits: 1, window: 1s}
        rest_weight: {permits: 1, window: 1s}
      liveness:
        max_silence: 60s
        compression: false
        stale_after: {funding_test: 9h}
      subscribe:
        mode: list
        symbol_case: lower
        per_frame: 10
        frame: {op: sub, args: "#streams", id: "#id"}
        unsubscribe: {op: unsub, args: "#streams", id: "#id"}
        streams: {funding_test: "{symbol}@funding"}
      instruments:
        path: /symbols
        weight: 1
        max_response: 1MiB
        rows: /rows
        symbol: /s
        base: /b
        quote: /q
        active: {/status: on}
        market_type: perpetual
      messages:
        - kind: funding_test
          when: {/e: funding}
          symbol: /s
          time: {at: /T, unit: ms}
      """
          + MAPPING;

  private static final String MESSAGE =
      "{\"e\":\"funding\",\"s\":\"BTCUSDT\",\"T\":1795168800123,\"r\":\"-0.00012500\",\"h\":8,"
          + "\"m\":\"twap\",\"n\":1795197600000,\"f\":true,\"p\":\"250\"}";

  private static final long RECEIVE_NS = 1_795_168_800_200_000_000L;

  private static final Instrument BITCOIN = perpetual(SizeUnit.BASE, null);

  private final RecordQueue queue = new RecordQueue(100, 1 << 20, 100);
  private final List<String> malformed = new ArrayList<>();

  @TempDir Path folder;

  private static Instrument perpetual(SizeUnit sizeUnit, @Nullable BigDecimal contractSize) {
    return new Instrument(
        "example",
        MarketType.PERPETUAL,
        "BTC-USDT-PERP",
        "BTCUSDT",
        "BTC",
        "USDT",
        null,
        null,
        sizeUnit,
        contractSize,
        TradingState.TRADING,
        null);
  }

  private Exchange exchange(String profile) throws IOException {
    Files.writeString(folder.resolve("example.yaml"), profile);
    return Venues.withProfilesOf(folder, CHANNELS).open("example", VenueOptions.LIVE);
  }

  /** The records that messages become, one after the other. */
  private List<SourceRecord> records(
      String profile, DecimalMode mode, Instrument instrument, String... messages)
      throws Exception {
    RecordWriter writer =
        new RecordWriter(
            queue, new TopicTemplate(TopicTemplate.DEFAULT, "crypto"), Map.of(), mode, false);
    QuietListener toWriter =
        new QuietListener() {
          @Override
          public void onObservation(Observation observation) {
            writer.onObservation(observation);
          }

          @Override
          public void onMalformed(
              @Nullable Instrument instrument, @Nullable Channel channel, String reason) {
            malformed.add(reason);
          }
        };
    try (ExchangeSession session = exchange(profile).openSession(List.of(instrument))) {
      for (String message : messages) {
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        session.onMessage(bytes, 0, bytes.length, RECEIVE_NS, toWriter);
      }
    }
    List<SourceRecord> records = queue.take(0, TimeUnit.MILLISECONDS);
    assertThat(writer.written(FUNDING.channel())).isEqualTo(records.size());
    return records;
  }

  private Struct value(String message) throws Exception {
    SourceRecord record = records(PROFILE, DecimalMode.PRECISE, BITCOIN, message).get(0);
    Struct value = (Struct) record.value();
    value.validate();
    return value;
  }

  @Test
  void a_message_becomes_a_record_of_its_channel() throws Exception {
    List<SourceRecord> records = records(PROFILE, DecimalMode.PRECISE, BITCOIN, MESSAGE);

    assertThat(malformed).isEmpty();
    SourceRecord record = records.get(0);
    assertThat(record.topic()).isEqualTo("crypto.example.funding_test");
    assertThat(record.key()).isEqualTo("example.perpetual.BTC-USDT-PERP");
    assertThat(record.sourcePartition().get("channel")).isEqualTo("funding_test");
    assertThat(record.sourceOffset()).isEqualTo(Map.of("ts_event_ns", 1_795_168_800_123_000_000L));
    Struct value = (Struct) record.value();
    value.validate();
    assertThat(value.getString("symbol")).isEqualTo("BTC-USDT-PERP");
    assertThat(value.getString("origin")).isEqualTo("stream");
    assertThat(value.getInt64("ts_event_ns")).isEqualTo(1_795_168_800_123_000_000L);
    assertThat(value.getInt64("ts_recv_ns")).isEqualTo(RECEIVE_NS);
    assertThat(value.get("rate")).isEqualTo(new BigDecimal("-0.00012500").setScale(18));
    assertThat(value.getInt64("interval_hours")).isEqualTo(8);
    assertThat(value.getString("method")).isEqualTo("twap");
    assertThat(value.getInt64("next_funding_ns")).isEqualTo(1_795_197_600_000_000_000L);
    assertThat(value.getBoolean("is_final")).isTrue();
    assertThat(value.get("paid")).isEqualTo(new BigDecimal("250").setScale(18));
    assertThat(value.getString("size_unit")).isNull();
  }

  @Test
  void its_schema_has_the_fields_of_the_layout_and_their_documentation() throws Exception {
    Schema schema = value(MESSAGE).schema();

    assertThat(schema.name()).isEqualTo("io.cryptofeed.FundingTest");
    assertThat(schema.version()).isEqualTo(3);
    assertThat(SchemaDraft.documentation(schema)).isEqualTo("A funding rate.");
    assertThat(schema.fields().stream().map(Field::name))
        .containsExactly(
            "exchange",
            "market_type",
            "symbol",
            "exchange_symbol",
            "ts_event_ns",
            "ts_recv_ns",
            "origin",
            "rate",
            "interval_hours",
            "method",
            "next_funding_ns",
            "is_final",
            "paid",
            "size_unit");
    for (ChannelField field : FUNDING.fields()) {
      assertThat(schema.field(field.name()).schema().isOptional()).isEqualTo(field.optional());
      assertThat(SchemaDraft.documentation(schema, field.name())).isEqualTo(field.documentation());
    }
    assertThat(schema.field("rate").schema().parameters())
        .containsEntry("scale", "18")
        .containsEntry("connect.decimal.precision", "38");
  }

  @ParameterizedTest
  @CsvSource({"STRING, java.lang.String, -0.00012500", "DOUBLE, java.lang.Double, -1.25E-4"})
  void its_decimals_follow_the_decimal_mode(DecimalMode mode, Class<?> type, String text)
      throws Exception {
    Struct value = (Struct) records(PROFILE, mode, BITCOIN, MESSAGE).get(0).value();

    value.validate();
    assertThat(value.get("rate")).isInstanceOf(type).hasToString(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\"m\":null,", "\"m\":\"\","})
  void an_optional_field_that_a_message_lacks_is_null(String instead) throws Exception {
    Struct value = value(MESSAGE.replace("\"m\":\"twap\",", instead));

    assertThat(value.get("method")).isNull();
    assertThat(malformed).isEmpty();
  }

  @Test
  void nothing_is_left_of_the_message_before() throws Exception {
    List<SourceRecord> records =
        records(
            PROFILE,
            DecimalMode.STRING,
            BITCOIN,
            MESSAGE,
            MESSAGE
                .replace("\"m\":\"twap\",", "")
                .replace(",\"p\":\"250\"", "")
                .replace("true", "false"));

    Struct second = (Struct) records.get(1).value();
    assertThat(second.get("method")).isNull();
    assertThat(second.get("paid")).isNull();
    assertThat(second.get("is_final")).isEqualTo(false);
  }

  @Test
  void a_field_that_a_profile_leaves_out_is_null() throws Exception {
    String profile = PROFILE.replace("    method: /m\n", "").replace("    paid: /p\n", "");
    Struct value = (Struct) records(profile, DecimalMode.STRING, BITCOIN, MESSAGE).get(0).value();

    value.validate();
    assertThat(value.get("method")).isNull();
    assertThat(value.get("paid")).isNull();
  }

  @Test
  void a_size_in_contracts_is_counted_in_the_instruments_unit() throws Exception {
    Instrument inverse = perpetual(SizeUnit.QUOTE, new BigDecimal("100"));
    Struct value = (Struct) records(PROFILE, DecimalMode.STRING, inverse, MESSAGE).get(0).value();

    assertThat(value.get("paid")).isEqualTo("25000");
    assertThat(value.get("rate")).isEqualTo("-0.00012500");
    assertThat(value.get("size_unit")).isEqualTo("quote");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"r\":\"-0.00012500\" | \"r\":\"low\"   | 'low' is not a number",
        "\"r\":\"-0.00012500\" | \"x\":1         | field /r is missing",
        "\"r\":\"-0.00012500\" | \"r\":null      | field /r is missing",
        "\"r\":\"-0.00012500\" | \"r\":[1]       | field /r is missing",
        "\"h\":8               | \"h\":-8        | '-8' is not a whole number of 0 or more",
        "\"h\":8               | \"h\":\"eight\" | 'eight' is not a whole number of 0 or more",
        "\"h\":8               | \"x\":8         | field /h is missing",
        "\"f\":true            | \"f\":\"maybe\" | 'maybe' is neither true nor false",
        "\"f\":true            | \"f\":1         | '1' is neither true nor false",
        "\"m\":\"twap\"        | \"m\":{}        | field /m is missing",
        "\"p\":\"250\"         | \"p\":\"-250\"  | '-250' is negative",
        "\"T\":1795168800123   | \"x\":1         | field /T is missing",
      },
      quoteCharacter = '`')
  void a_malformed_value_costs_its_message_and_is_reported(String good, String bad, String reason)
      throws Exception {
    List<SourceRecord> records =
        records(PROFILE, DecimalMode.STRING, BITCOIN, MESSAGE.replace(good, bad), MESSAGE);

    assertThat(records).hasSize(1);
    assertThat(malformed).containsExactly(reason);
  }

  @Test
  void a_malformed_row_costs_only_itself() throws Exception {
    String profile =
        PROFILE
            .replace(
                "    symbol: /s\n    time: {at: /T",
                "    rows: /rows\n    symbol: s\n    time: {at: T")
            .replace(MAPPING, MAPPING.replace(": /", ": ").replace("at: /", "at: "));
    String row = MESSAGE.substring(MESSAGE.indexOf(",") + 1, MESSAGE.length() - 1);
    List<SourceRecord> records =
        records(
            profile,
            DecimalMode.STRING,
            BITCOIN,
            "{\"e\":\"funding\",\"rows\":[{%s},{%s},{%s}]}"
                .formatted(row, row.replace("\"h\":8", "\"h\":\"\""), row));

    assertThat(records).hasSize(2);
    assertThat(malformed).hasSize(1);
  }

  @Test
  void the_profile_offers_the_channel() throws Exception {
    Exchange exchange = exchange(PROFILE);

    assertThat(exchange.channels()).containsExactly(FUNDING.channel());
    assertThat(exchange.connectionRules().staleAfter()).containsOnlyKeys(FUNDING.channel());
    try (ExchangeSession session = exchange.openSession(List.of(BITCOIN))) {
      assertThat(session.subscribe(List.of(new MarketStream(FUNDING.channel(), BITCOIN))))
          .containsExactly("{\"op\":\"sub\",\"args\":[\"btcusdt@funding\"],\"id\":1}");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "    rate: /r | `rate: /r\n    rat: /r` | 37: unknown key 'rat' in 'messages'; known are kind, mode, when, rows, symbol, time, rate, interval_hours, method, next_funding_ns, is_final, paid; did you mean 'rate'?",
        "    rate: /r | `` | 32: 'messages' needs a key 'rate'",
        "    interval_hours: /h | `` | 32: 'messages' needs a key 'interval_hours'",
        "next_funding_ns: {at: /n, unit: ms} | next_funding_ns: /n | 39: 'next_funding_ns' must be a mapping",
        "next_funding_ns: {at: /n, unit: ms} | `next_funding_ns: {at: /n, unit: minutes}` | 39: unknown unit 'minutes'; known are s, ms, us, ns, iso",
        "kind: funding_test | kind: funding | 32: unknown kind 'funding'; known are trade, book_snapshot, book_delta, quote, funding_test, heartbeat, ping, confirmation, confirmation_list, refusal, reconnect, notice, ignored",
        "streams: {funding_test: | streams: {funding: | 20: unknown channel 'funding'",
        "    is_final: /f | `is_final: /f\n    levels: {form: array, price: 0, size: 1}` | 41: unknown key 'levels' in 'messages'; known are",
      },
      quoteCharacter = '`')
  void a_profile_that_does_not_fit_the_layout_is_rejected_with_its_line(
      String good, String bad, String expected) {
    String profile = PROFILE.replace(good, bad);
    assertThat(profile).isNotEqualTo(PROFILE);

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> exchange(profile))
        .satisfies(
            e ->
                assertThat(e.getMessage())
                    .startsWith(folder.resolve("example.yaml") + ":" + expected));
  }

  @Test
  void a_stream_without_a_message_of_its_kind_is_rejected() {
    String profile = PROFILE.replace("kind: funding_test", "kind: ignored");
    String ignored = profile.substring(0, profile.indexOf("    symbol: /s\n    time:"));

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> exchange(ignored))
        .withMessage("%s:32: no message of kind funding_test", folder.resolve("example.yaml"));
  }

  @Test
  void a_channel_that_is_not_known_cannot_be_mapped() throws Exception {
    Files.writeString(folder.resolve("example.yaml"), PROFILE);

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> Venues.withProfilesOf(folder, Channels.BUILT_IN))
        .withMessageContaining("unknown channel 'funding_test'");
  }
}
