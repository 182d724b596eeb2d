package io.cryptofeed.connect.local;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.avro.Conversions;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.DecoderFactory;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;

/**
 * Reads topics from their beginning and decodes the values with the schemas of the registry and
 * Avro's own reader, independently of the converter that wrote them. A topic that does not exist
 * yet is read as soon as it exists. Decimals are {@link java.math.BigDecimal}s.
 *
 * <p>For one thread.
 */
public final class AvroTopicReader implements AutoCloseable {

  private static final byte MAGIC = 0;
  private static final int HEADER_BYTES = 5;
  private static final Duration POLL = Duration.ofMillis(200);

  private final RegistryRest registry;
  private final List<String> awaitedTopics;
  private final KafkaConsumer<String, byte[]> consumer;
  private final GenericData model = new GenericData();
  private final Map<Integer, GenericDatumReader<GenericRecord>> readers = new HashMap<>();

  public AvroTopicReader(String bootstrapServers, RegistryRest registry, List<String> topics) {
    this.registry = registry;
    awaitedTopics = new ArrayList<>(topics);
    model.addLogicalTypeConversion(new Conversions.DecimalConversion());
    consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                // The position in a new partition may get lost. Then it is read from the beginning.
                ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
                "earliest",
                ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
                false,
                ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                5_000),
            new StringDeserializer(),
            new ByteArrayDeserializer());
  }

  /** The next records; empty if none arrive within a fifth of a second. */
  public List<ConsumerRecord<String, GenericRecord>> poll() {
    assignNewTopics();
    List<ConsumerRecord<String, GenericRecord>> records = new ArrayList<>();
    if (!consumer.assignment().isEmpty()) {
      consumer.poll(POLL).forEach(record -> records.add(decoded(record)));
    }
    return records;
  }

  private void assignNewTopics() {
    if (awaitedTopics.isEmpty()) {
      return;
    }
    Map<String, List<PartitionInfo>> existing = consumer.listTopics();
    List<TopicPartition> assignment = new ArrayList<>(consumer.assignment());
    List<TopicPartition> added = new ArrayList<>();
    awaitedTopics.removeIf(
        topic -> {
          List<PartitionInfo> partitions = existing.getOrDefault(topic, List.of());
          partitions.forEach(p -> added.add(new TopicPartition(topic, p.partition())));
          return !partitions.isEmpty();
        });
    if (!added.isEmpty()) {
      assignment.addAll(added);
      consumer.assign(assignment);
      consumer.seekToBeginning(added);
    }
  }

  private ConsumerRecord<String, GenericRecord> decoded(ConsumerRecord<String, byte[]> raw) {
    return new ConsumerRecord<>(
        raw.topic(),
        raw.partition(),
        raw.offset(),
        raw.timestamp(),
        raw.timestampType(),
        raw.serializedKeySize(),
        raw.serializedValueSize(),
        raw.key(),
        value(raw),
        raw.headers(),
        raw.leaderEpoch());
  }

  private GenericRecord value(ConsumerRecord<String, byte[]> raw) {
    ByteBuffer header = ByteBuffer.wrap(raw.value());
    if (header.remaining() < HEADER_BYTES || header.get() != MAGIC) {
      throw new IllegalStateException("not an Avro record of the registry: " + raw);
    }
    GenericDatumReader<GenericRecord> reader =
        readers.computeIfAbsent(header.getInt(), this::readerOf);
    try {
      return reader.read(
          null,
          DecoderFactory.get()
              .binaryDecoder(raw.value(), HEADER_BYTES, raw.value().length - HEADER_BYTES, null));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException("cannot decode " + raw, e);
    }
  }

  private GenericDatumReader<GenericRecord> readerOf(int schemaId) {
    Schema schema = new Schema.Parser().parse(registry.schema(schemaId));
    return new GenericDatumReader<>(schema, schema, model);
  }

  /**
   * Reads until the records that this call has read fulfil a condition.
   *
   * @throws org.awaitility.core.ConditionTimeoutException if they do not within the limit
   */
  public List<ConsumerRecord<String, GenericRecord>> readUntil(
      Predicate<List<ConsumerRecord<String, GenericRecord>>> condition, Duration limit) {
    List<ConsumerRecord<String, GenericRecord>> all = new ArrayList<>();
    Awaitility.await("records of " + this)
        .pollInSameThread()
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(10))
        .until(
            () -> {
              all.addAll(poll());
              return condition.test(all);
            });
    return all;
  }

  /** Reads all records that are in the topics now and were not read before. */
  public List<ConsumerRecord<String, GenericRecord>> readToEnd() {
    assignNewTopics();
    Map<TopicPartition, Long> ends = endOffsets();
    List<ConsumerRecord<String, GenericRecord>> all = new ArrayList<>();
    while (ends.entrySet().stream().anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
      all.addAll(poll());
    }
    return all;
  }

  /** Waits until all topics exist. */
  public void awaitTopics(Duration limit) {
    Awaitility.await("topics " + awaitedTopics)
        .pollInSameThread()
        .atMost(limit)
        .until(
            () -> {
              assignNewTopics();
              return awaitedTopics.isEmpty();
            });
  }

  /**
   * Reads a range of a partition, and keeps the position of the other methods.
   *
   * @param from the first offset
   * @param end the offset after the last
   */
  public List<ConsumerRecord<String, GenericRecord>> readRange(
      TopicPartition partition, long from, long end) {
    Set<TopicPartition> others = new HashSet<>(consumer.assignment());
    others.remove(partition);
    long position = consumer.position(partition);
    consumer.pause(others);
    consumer.seek(partition, from);
    List<ConsumerRecord<String, GenericRecord>> range = new ArrayList<>();
    while (consumer.position(partition) < end) {
      poll().stream().filter(record -> record.offset() < end).forEach(range::add);
    }
    consumer.seek(partition, position);
    consumer.resume(others);
    return range;
  }

  /** The offset after the last record of each partition of the topics that exist. */
  public Map<TopicPartition, Long> endOffsets() {
    assignNewTopics();
    return consumer.endOffsets(consumer.assignment());
  }

  @Override
  public void close() {
    consumer.close();
  }

  @Override
  public String toString() {
    return consumer.assignment()
        + (awaitedTopics.isEmpty() ? "" : " and, once they exist, " + awaitedTopics);
  }
}
