package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.record.Events;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.Decimals;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import io.cryptofeed.connect.record.schema.SchemaDraft;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.source.SourceRecord;

/** {@code docs/records.md}, written from the schemas and from records that were really made. */
public final class RecordsPage {

  private static final String INTRODUCTION =
      """
      # Records

      <!-- Written from the code by ReferenceDocsTest: change the code, then run
           mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

      The key of every record is the text `exchange.market_type.symbol`, so that all records of an instrument are in one
      partition, in order. Records have no headers unless `record.headers` is true: then they have `origin` and
      `schema.version`.

      The snapshots and the deltas of a book have the same topic and the same key: in two topics their order would be lost.

      A record's timestamp in Kafka is the event time in milliseconds. It is the receive time

      * if the exchange sends no event time,
      * if the event time is more than ten minutes ahead of the receive time (a broker rejects records of the future, and the
        worker would fail the task),
      * for every record but a trade, if the event time is more than a day before the receive time.

      The field `ts_event_ns` has the exchange's value in every case but one: a live event whose time is null, empty, before 2009
      or after 2261 has the receive time there too. Exchanges send such times as placeholders (the epoch, the year 1), or by
      mistake in another unit than they document. A historical trade with such a time is malformed.

      Kafka deletes records by that timestamp. Historical trades, for example those of a long `backfill.initial`, are therefore
      deleted soon after they were written if they are older than the topic's `retention.ms`. A topic with
      `message.timestamp.type=LogAppendTime`, which `topic.creation.default.message.timestamp.type` sets, keeps them as long as
      all other records.

      """;

  private static final String DECIMALS =
      """
      ## Prices and sizes

      `decimal.mode` decides how the fields of type *decimal* are written.

      | mode | type | exact | |
      |---|---|---|---|
      | `precise` | Connect `Decimal`, scale %d, precision %d (Avro: bytes, logical type decimal) | yes | what Flink, Spark, ksqlDB and ClickHouse read as `DECIMAL(%d,%d)`; with the JsonConverter set `decimal.format=NUMERIC` |
      | `string` | string | yes | the exchange's own digits, trailing zeros kept, never an exponent |
      | `double` | float64 | no | compact, and not exact in the last digits |

      A number that does not fit is never rounded: one with more than 20 digits before the decimal point or 18 after it (`precise`), or
      100 on either side (`string`). It costs the record that it belongs to, and nothing else; the task goes on. A trade is reported as
      `lost`, with its id, and with the number in the reason. A book is resynchronised, and `feed_status` reports `resync` with the
      number. A message of another channel is malformed: it is counted and logged, and `stale` is reported when that lasts. An instrument
      whose contract size does not fit is left out of the list. With `decimal.mode=string` such numbers are written as they are.

      """;

  private static final String BOOKS =
      """
      ### Rebuilding a book

      The records of one instrument in one of the channels `l2_book` and `l2_snapshot` are one book. Keep its levels by price:

      * A snapshot replaces all levels.
      * A delta sets the size of each of its levels. A size of 0 removes the level; there may be none. If a price occurs twice,
        the later level applies.
      * `prev_sequence` of a delta is `sequence` of the record before. Both are null if the exchange sends no sequence numbers.

      After each record that is the exchange's book at `sequence`: all levels, or as many as the exchange's stream has or
      `book.depth` asks for. Levels that leave these best levels are removed by the delta with which they leave, and come back
      with the delta with which they return.

      Some exchanges give only the best levels over REST, while their stream has the changes of all levels. `bids_known_to` and
      `asks_known_to` then say how far the book is known. Within these prices, which are included, every level is there; beyond
      them there are only the levels that have changed since the snapshot. A bound changes with a snapshot, never with a delta.
      When less than three quarters of the snapshot's levels are left within the bound of a side, the connector requests a newer
      one. It is published with `snapshot_reason=depth`, and no change is missing before or after it.

      | `snapshot_reason` | the book |
      |---|---|
      | `initial` | is the first one of the task |
      | `reconnect` | starts again after the connection was lost or replaced |
      | `gap` | is resynchronised after a missing delta, or because it was invalid |
      | `checksum` | is resynchronised after a wrong checksum |
      | `depth` | was valid, and is known further now |
      | `venue` | was sent by the exchange |
      | `change` | has changed, and full books are configured |
      | `periodic` | is written because `book.snapshot.interval.ms` has passed |

      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION);
  private final RecordSchemas schemas = RecordSchemas.of(DecimalMode.PRECISE);

  private RecordsPage() {}

  /** The whole page. */
  public static String text() {
    RecordsPage page = new RecordsPage();
    page.write();
    return page.page.toString();
  }

  private void write() {
    channels();
    page.append(
        DECIMALS.formatted(Decimals.SCALE, Decimals.PRECISION, Decimals.PRECISION, Decimals.SCALE));
    struct(schemas.trade());
    struct(schemas.book());
    page.append(BOOKS);
    struct(schemas.book().field("bids").schema().valueSchema());
    for (ChannelLayout layout : Channels.BUILT_IN.layouts()) {
      struct(schemas.observationSchema(layout).schema());
    }
    struct(schemas.feedStatus());
    statuses();
  }

  private void statuses() {
    page.append("| status | meaning | ended by |\n|---|---|---|\n");
    for (FeedStatus.Status status : FeedStatus.Status.values()) {
      page.append("| `%s` | %s | %s |%n".formatted(status.code(), status.meaning(), status.ends()));
    }
  }

  private void channels() {
    page.append("## Topics, partitions and offsets\n\n");
    page.append("| channel | topic | value | source offset |\n|---|---|---|---|\n");
    for (Channel channel : Channels.BUILT_IN.all()) {
      SourceRecord record = record(channel);
      page.append(
          "| `%s` | `%s` | `%s` | %s |%n"
              .formatted(
                  channel.code(),
                  record.topic(),
                  record.valueSchema().name(),
                  keys(record.sourceOffset())));
    }
    SourceRecord trade = record(Channel.TRADES);
    page.append(
        """

        Topics are named by `topic.template`, which is `%s` by default. The source partition of each channel of an instrument is
        `%s`; it stays the same whatever the number of tasks, the URLs and the proxies are.

        * `trade_seq` is present if the trade ids of the exchange are consecutive, `sequence` if its books or quotes have sequence
          numbers.
        * `trades_mode` is present if the exchange has several trade streams, whose trade ids must not be mixed.
        * Offsets can be altered and removed over the REST API of Connect, for example [to replay a
          range](guarantees.md#replaying-a-range-on-purpose). An offset from which a task cannot resume is rejected.

        """
            .formatted(TopicTemplate.DEFAULT, new TreeMap<>(trade.sourcePartition())));
  }

  private void struct(Schema schema) {
    String name = schema.name().substring(schema.name().lastIndexOf('.') + 1);
    page.append("## ").append(name).append("\n\n");
    page.append(
        "`%s`, version %d. %s%n%n"
            .formatted(schema.name(), schema.version(), SchemaDraft.documentation(schema)));
    page.append("| field | type | |\n|---|---|---|\n");
    for (Field field : schema.fields()) {
      page.append(
          "| `%s` | %s | %s |%n"
              .formatted(
                  field.name(),
                  type(field.schema()),
                  SchemaDraft.documentation(schema, field.name())));
    }
    page.append('\n');
  }

  private static String type(Schema schema) {
    String type =
        switch (schema.type()) {
          case ARRAY -> {
            String item = schema.valueSchema().name();
            String simple = item.substring(item.lastIndexOf('.') + 1);
            yield "array of [%s](#%s)".formatted(simple, simple.toLowerCase(java.util.Locale.ROOT));
          }
          case BYTES -> Decimal.LOGICAL_NAME.equals(schema.name()) ? "*decimal*" : "bytes";
          default -> schema.type().getName();
        };
    return schema.isOptional() ? type + ", optional" : type;
  }

  private static String keys(Map<String, ?> offset) {
    return new TreeMap<>(offset)
        .keySet().stream().map(key -> "`" + key + "`").collect(Collectors.joining(", "));
  }

  private static SourceRecord record(Channel channel) {
    if (channel == Channel.TRADES) {
      return written(writer -> writer.onTrade(Events.trade(Events.BTC, 1, "1", "1")));
    }
    if (channel == Channel.L2_BOOK) {
      return written(writer -> writer.onBook(Events.snapshot(Events.BTC, 1)));
    }
    if (channel == Channel.L2_SNAPSHOT) {
      return written(writer -> writer.onBookSnapshot(Events.snapshot(Events.BTC, 1)));
    }
    if (channel == Channel.FEED_STATUS) {
      return written(
          writer ->
              writer.onFeedStatus(
                  FeedStatus.of(
                      Events.trades(Events.BTC), FeedStatus.Status.CONNECTED, "", null, 1)));
    }
    return written(writer -> writer.onObservation(observation(channel)));
  }

  /** An observation with a sequence number, if its channel has one, so that its offset shows it. */
  private static Observation observation(Channel channel) {
    ChannelLayout layout =
        Channels.BUILT_IN.layouts().stream()
            .filter(each -> each.channel() == channel)
            .findFirst()
            .orElseThrow();
    Observation observation =
        new Observation(layout, Events.BTC).set(Events.BTC, Origin.STREAM, 1, 1);
    if (layout.sequence() >= 0) {
      observation.setNumber(layout.sequence(), 1);
    }
    return observation;
  }

  private static SourceRecord written(Consumer<MarketListener> event) {
    RecordQueue queue = new RecordQueue(10, 1 << 20, 10);
    event.accept(
        new RecordWriter(
            queue,
            new TopicTemplate(TopicTemplate.DEFAULT, "crypto"),
            Map.of("binance", "raw"),
            DecimalMode.PRECISE,
            false));
    try {
      return queue.take(0, TimeUnit.MILLISECONDS).get(0);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
