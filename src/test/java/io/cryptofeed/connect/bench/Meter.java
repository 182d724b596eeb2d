package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.LocalStack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;

/**
 * Measures from outside: by the growth of the topics, and by the CPU time of the processes. While a
 * window lasts it only asks for offsets; records are read after it, a few from each moment.
 */
final class Meter implements AutoCloseable {

  private static final long SAMPLE_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final int RECORDS_PER_SAMPLE = 50;
  private static final double NS_PER_MS = 1e6;
  private static final double NS_PER_US = 1e3;
  private static final double NS_PER_SECOND = 1e9;

  private final AvroTopicReader reader;
  private final long workerPid;
  private final long brokerPid;

  Meter(LocalStack stack, List<String> topics) {
    reader = stack.reader(topics.toArray(String[]::new));
    reader.awaitTopics(Duration.ofMinutes(1));
    workerPid = stack.worker().pid();
    brokerPid = stack.broker().pid();
  }

  /** Waits until records arrive. */
  void awaitRecords(Duration limit) {
    double start = sum(reader.endOffsets());
    Awaitility.await("records arrive in " + reader)
        .atMost(limit)
        .until(() -> sum(reader.endOffsets()) > start);
  }

  /**
   * Measures for so long.
   *
   * @throws IllegalStateException when no record arrives
   */
  Window measure(Duration length) {
    long startNs = System.nanoTime();
    Map<TopicPartition, Long> startOffsets = reader.endOffsets();
    long startWorkerNs = cpuNs(workerPid);
    long startBrokerNs = cpuNs(brokerPid);
    List<Map<TopicPartition, Long>> samples = new ArrayList<>();
    // On a busy machine, the first request alone may take longer than a short window.
    do {
      LockSupport.parkNanos(SAMPLE_INTERVAL_NS);
      samples.add(reader.endOffsets());
    } while (System.nanoTime() - startNs < length.toNanos());
    double records = sum(samples.get(samples.size() - 1)) - sum(startOffsets);
    if (records == 0) {
      throw new IllegalStateException("no record arrived in " + reader + " within " + length);
    }
    double seconds = (System.nanoTime() - startNs) / NS_PER_SECOND;
    double workerUs = (cpuNs(workerPid) - startWorkerNs) / NS_PER_US;
    double brokerUs = (cpuNs(brokerPid) - startBrokerNs) / NS_PER_US;
    double[] latencies = latenciesMs(samples);
    return new Window(
        records / seconds,
        workerUs / records,
        brokerUs / records,
        quantile(latencies, 0.5),
        quantile(latencies, 0.99));
  }

  private static long cpuNs(long pid) {
    return ProcessHandle.of(pid)
        .flatMap(process -> process.info().totalCpuDuration())
        .map(Duration::toNanos)
        .orElse(0L);
  }

  private static double sum(Map<TopicPartition, Long> offsets) {
    return offsets.values().stream().mapToLong(Long::longValue).sum();
  }

  private double[] latenciesMs(List<Map<TopicPartition, Long>> samples) {
    List<Double> latencies = new ArrayList<>();
    for (Map<TopicPartition, Long> sample : samples) {
      sample.forEach(
          (partition, end) -> {
            long from = Math.max(0, end - RECORDS_PER_SAMPLE);
            for (ConsumerRecord<String, GenericRecord> record :
                reader.readRange(partition, from, end)) {
              long eventNs = (Long) record.value().get("ts_event_ns");
              latencies.add(record.timestamp() - eventNs / NS_PER_MS);
            }
          });
    }
    return latencies.stream().mapToDouble(Double::doubleValue).sorted().toArray();
  }

  private static double quantile(double[] sorted, double share) {
    return sorted.length == 0 ? Double.NaN : sorted[(int) (share * (sorted.length - 1))];
  }

  @Override
  public void close() {
    reader.close();
  }
}
