package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Origin;
import java.util.Arrays;
import java.util.stream.Collectors;
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
    SchemaDraft draft =
        new SchemaDraft(
            "io.cryptofeed.FeedStatus",
            2,
            "Something that happened to the stream of one channel of one instrument. Written by the connector itself, so both times are those of the worker.");
    common = new CommonFields(draft);
    channel =
        draft.field(
            "channel", Schema.STRING_SCHEMA, "The channel that it happened to, such as trades.");
    status =
        draft.field(
            "status",
            Schema.STRING_SCHEMA,
            "What happened: "
                + Arrays.stream(FeedStatus.Status.values())
                    .map(FeedStatus.Status::code)
                    .collect(Collectors.joining(", "))
                + ".");
    fromId =
        draft.field(
            "from_id",
            Schema.OPTIONAL_STRING_SCHEMA,
            "First missing trade id or sequence number; the trade before it if the missing ones cannot be counted.");
    toId =
        draft.field(
            "to_id",
            Schema.OPTIONAL_STRING_SCHEMA,
            "Last missing trade id or sequence number; the trade after it if the missing ones cannot be counted.");
    missingCount =
        draft.field("missing_count", Schema.OPTIONAL_INT64_SCHEMA, "How many trades are missing.");
    recoveredCount =
        draft.field(
            "recovered_count",
            Schema.OPTIONAL_INT64_SCHEMA,
            "How many missing trades were recovered.");
    lostCount =
        draft.field(
            "lost_count",
            Schema.OPTIONAL_INT64_SCHEMA,
            "How many missing trades can no longer be recovered.");
    reason = draft.field("reason", Schema.STRING_SCHEMA, "One sentence for a person.");
    proxy =
        draft.field(
            "proxy",
            Schema.OPTIONAL_STRING_SCHEMA,
            "The proxy in use as scheme://host:port, never with credentials; null for a direct connection.");
    schema = draft.build();
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
