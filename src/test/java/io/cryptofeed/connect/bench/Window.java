package io.cryptofeed.connect.bench;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * What was measured for some seconds.
 *
 * @param recordsPerSecond that Kafka acknowledged
 * @param workerMicrosPerRecord CPU time of the worker's process, all threads
 * @param brokerMicrosPerRecord CPU time of the broker's process
 * @param latencyP50Ms from the event to Kafka, half of the sampled records
 * @param latencyP99Ms from the event to Kafka, all but the slowest hundredth
 */
record Window(
    double recordsPerSecond,
    double workerMicrosPerRecord,
    double brokerMicrosPerRecord,
    double latencyP50Ms,
    double latencyP99Ms) {

  /** The window with the middle rate. */
  static Window median(List<Window> windows) {
    return windows.stream()
        .sorted(Comparator.comparingDouble(Window::recordsPerSecond))
        .skip(windows.size() / 2)
        .findFirst()
        .orElseThrow();
  }

  /** The rate and what it cost. */
  String rate() {
    return String.format(
        Locale.ROOT,
        "%,9.0f records/s, CPU per record: worker %.2f us, broker %.2f us",
        recordsPerSecond,
        workerMicrosPerRecord,
        brokerMicrosPerRecord);
  }

  /** How old the records were. */
  String latency() {
    return String.format(
        Locale.ROOT, "event to Kafka: p50 %,.0f ms, p99 %,.0f ms", latencyP50Ms, latencyP99Ms);
  }
}
