package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Origin;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** {@code io.cryptofeed.FeedStatus}: what happened to a stream. The same in every decimal mode. */
public final class FeedStatusSchema {

  public static final FeedStatusSchema INSTANCE = new FeedStatusSchema();

  private final Schema schema;
  private final CommonFields common;
  private final Field channel;
  private final Field status;
  private final Field fromId;
  private final Field toId;
  private final Field missingCount;
  private final Field recoveredCount;
  private final Field lostCount;
  private final Field reason;
  private final Field proxy;

  private FeedStatusSchema() {
    schema =
        CommonFields.define(
                new SchemaDraft(
                    "io.cryptofeed.FeedStatus",
                    2,
                    "Something that happened to the stream of one channel of one instrument. Written by the connector itself, so both times are its own."))
            .field(
                "channel",
                Schema.STRING_SCHEMA,
                "The channel it happened to: trades, l2_book or quotes.")
            .field(
                "status",
                Schema.STRING_SCHEMA,
                "connected, disconnected, stale, gap, backfilled, lost, resync, checksum_mismatch, listed or delisted.")
            .field(
                "from_id",
                Schema.OPTIONAL_STRING_SCHEMA,
                "First missing trade id or sequence number; the trade before it where the missing ones cannot be counted.")
            .field(
                "to_id",
                Schema.OPTIONAL_STRING_SCHEMA,
                "Last missing trade id or sequence number; the trade behind it where the missing ones cannot be counted.")
            .field("missing_count", Schema.OPTIONAL_INT64_SCHEMA, "How many are missing.")
            .field(
                "recovered_count",
                Schema.OPTIONAL_INT64_SCHEMA,
                "How many of them were fetched from history.")
            .field("lost_count", Schema.OPTIONAL_INT64_SCHEMA, "How many cannot be had any more.")
            .field("reason", Schema.STRING_SCHEMA, "One sentence for a human.")
            .field(
                "proxy",
                Schema.OPTIONAL_STRING_SCHEMA,
                "The proxy in use as scheme://host:port, never with credentials; null for a direct connection.")
            .build();
    common = new CommonFields(schema);
    channel = schema.field("channel");
    status = schema.field("status");
    fromId = schema.field("from_id");
    toId = schema.field("to_id");
    missingCount = schema.field("missing_count");
    recoveredCount = schema.field("recovered_count");
    lostCount = schema.field("lost_count");
    reason = schema.field("reason");
    proxy = schema.field("proxy");
  }

  Schema schema() {
    return schema;
  }

  /** About how many bytes of heap a record takes. */
  public int heapBytes() {
    return 1024;
  }

  public Struct write(FeedStatus event) {
    return common
        .fill(
            new Struct(schema),
            event.stream().instrument(),
            event.eventNs(),
            event.eventNs(),
            Origin.STREAM)
        .put(channel, event.stream().channel().code())
        .put(status, event.status().code())
        .put(fromId, event.fromId())
        .put(toId, event.toId())
        .put(missingCount, event.missingCount())
        .put(recoveredCount, event.recoveredCount())
        .put(lostCount, event.lostCount())
        .put(reason, event.reason())
        .put(proxy, event.proxy());
  }
}
