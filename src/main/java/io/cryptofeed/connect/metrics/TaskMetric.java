package io.cryptofeed.connect.metrics;

import static io.cryptofeed.connect.metrics.Metric.Type.COUNTER;
import static io.cryptofeed.connect.metrics.Metric.Type.GAUGE;

import java.util.List;

/**
 * Every metric of a task, named once for JMX and Prometheus. In Prometheus its name has the prefix
 * {@code cryptofeed_}, and underscores in place of dashes.
 *
 * <p>The order of the constants is the order of the metrics reference. Labels are in alphabetical
 * order, because they are part of the object names that the worker gives to its metrics.
 */
public enum TaskMetric {
  RECORDS(COUNTER, "records-total", "Records written to the queue, by channel.", "channel"),
  QUEUE_RECORDS(GAUGE, "queue-records", "Records in the queue, which wait for the worker."),
  QUEUE_BYTES(GAUGE, "queue-bytes", "Estimated heap size of the records in the queue."),
  READING_PAUSED(
      GAUGE,
      "reading-paused",
      "1 while the queue is full and reading from the exchanges is paused, otherwise 0."),
  MESSAGES(
      COUNTER,
      "messages-total",
      "WebSocket messages received; of an exchange served by CCXT, events received from the script."),
  UNKNOWN_MESSAGES(
      COUNTER,
      "unknown-messages-total",
      "Messages of an unknown kind, or about an instrument that is not subscribed."),
  MALFORMED_MESSAGES(
      COUNTER, "malformed-messages-total", "Messages and responses that could not be parsed."),
  DUPLICATE_TRADES(
      COUNTER,
      "duplicate-trades-total",
      "Trades that were dropped because they had been delivered before."),
  MISSING_TRADES(COUNTER, "missing-trades-total", "Trades found missing."),
  RECOVERED_TRADES(
      COUNTER,
      "recovered-trades-total",
      "Missing trades that were delivered later, from the stream or from the trade history."),
  LOST_TRADES(COUNTER, "lost-trades-total", "Missing trades that could no longer be recovered."),
  BOOK_FAULTS(
      COUNTER,
      "book-faults-total",
      "Books found invalid, by their sequence, their checksum or their content."),
  SNAPSHOT_REQUESTS(
      COUNTER,
      "snapshot-requests-total",
      "Book snapshots requested, over REST or over the WebSocket connection."),
  HISTORY_REQUESTS(
      COUNTER, "history-requests-total", "Pages of historical trades requested over REST."),
  CONNECTIONS(COUNTER, "connections-total", "WebSocket connections opened."),
  DISCONNECTS(COUNTER, "disconnects-total", "WebSocket connections lost."),
  INSTRUMENT_MISSING_TRADES(
      COUNTER,
      "instrument-missing-trades",
      "Trades of one instrument found missing: recovered, lost, or still requested.",
      "exchange",
      "market_type",
      "symbol"),
  INSTRUMENT_RECOVERED_TRADES(
      COUNTER,
      "instrument-recovered-trades",
      "Missing trades of one instrument that were delivered later.",
      "exchange",
      "market_type",
      "symbol"),
  INSTRUMENT_LOST_TRADES(
      COUNTER,
      "instrument-lost-trades",
      "Missing trades of one instrument that could no longer be recovered.",
      "exchange",
      "market_type",
      "symbol");

  private static final String PREFIX = "cryptofeed_";

  private final String jmxName;
  private final Metric metric;

  TaskMetric(Metric.Type type, String jmxName, String help, String... labels) {
    this.jmxName = jmxName;
    metric = new Metric(prometheusName(jmxName), type, List.of(labels), help);
  }

  private static String prometheusName(String jmxName) {
    return PREFIX + jmxName.replace('-', '_');
  }

  /** The name in JMX, words joined by dashes: {@code records-total}. */
  public String jmxName() {
    return jmxName;
  }

  /** The metric as Prometheus shows it: {@code cryptofeed_records_total}. */
  public Metric metric() {
    return metric;
  }
}
