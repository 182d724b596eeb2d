package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.EventTime;
import io.cryptofeed.connect.market.Instrument;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * Where the records of one channel of one instrument are written. Created once for each stream: a
 * new partition map for each record would cost the worker a tenth of its time.
 */
final class Destination {

  /** A broker rejects records that are an hour ahead of its clock, which would fail the task. */
  private static final long AHEAD_NS = TimeUnit.MINUTES.toNanos(10);

  /** A book may not change for long, and a broker deletes records by their time. */
  private static final long QUIET_NS = TimeUnit.DAYS.toNanos(1);

  private final Map<String, String> partition;
  private final String topic;
  private final String key;
  private final boolean isTrade;

  Destination(Instrument instrument, Channel channel, TopicTemplate topics) {
    isTrade = channel == Channel.TRADES;
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

  /** The event time in milliseconds, or the receive time if Kafka could not use the event time. */
  private long timestamp(long eventNs, long receiveNs) {
    long oldest = isTrade ? EventTime.EARLIEST_NS : receiveNs - QUIET_NS;
    boolean usable = eventNs >= oldest && eventNs - receiveNs <= AHEAD_NS;
    return TimeUnit.NANOSECONDS.toMillis(usable ? eventNs : receiveNs);
  }
}
