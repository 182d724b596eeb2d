package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
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
final class StreamTarget {

  private final Map<String, String> partition;
  private final String topic;
  private final String key;

  StreamTarget(Instrument instrument, Channel channel, TopicTemplate topics) {
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

  /** The event time in milliseconds; Kafka refuses a time before 1970. */
  private static long timestamp(long eventNs, long receiveNs) {
    return TimeUnit.NANOSECONDS.toMillis(eventNs > 0 ? eventNs : Math.max(0, receiveNs));
  }
}
