package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one channel of one instrument go. Made once for each stream: a new partition
 * map for each record would cost the worker a tenth of its time.
 */
final class Destination {

  /** A broker refuses what is an hour ahead of its clock, and the worker fails the task for it. */
  private static final long AHEAD_NS = TimeUnit.MINUTES.toNanos(10);

  /** A quiet book still holds, and a broker deletes records by their time. */
  private static final long QUIET_NS = TimeUnit.DAYS.toNanos(1);

  /** Nothing was traded before: a clock, or its unit, is wrong. */
  private static final long FIRST_NS =
      TimeUnit.SECONDS.toNanos(Instant.parse("2009-01-03T00:00:00Z").getEpochSecond());

  private final Map<String, String> partition;
  private final String topic;
  private final String key;
  private final boolean happened;

  Destination(Instrument instrument, Channel channel, TopicTemplate topics) {
    happened = channel == Channel.TRADES;
    partition = SourcePartition.of(instrument, channel);
    topic =
        topics.topic(instrument.exchange(), instrument.marketType(), channel, instrument.symbol());
    key = instrument.key();
  }

  SourceRecord record(
      Map<String, Object> offset,
      Struct value,
      long eventNs,
      long receiveNs,
      @Nullable ConnectHeaders headers) {
    return new SourceRecord(
        partition,
        offset,
        topic,
        null,
        Schema.STRING_SCHEMA,
        key,
        value.schema(),
        value,
        timestamp(eventNs, receiveNs),
        headers);
  }

  /** The event time in milliseconds, or the time of arrival where Kafka could not use that. */
  private long timestamp(long eventNs, long receiveNs) {
    long oldest = happened ? FIRST_NS : receiveNs - QUIET_NS;
    boolean usable = eventNs >= oldest && eventNs - receiveNs <= AHEAD_NS;
    return TimeUnit.NANOSECONDS.toMillis(usable ? eventNs : receiveNs);
  }
}
