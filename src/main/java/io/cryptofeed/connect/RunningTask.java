package io.cryptofeed.connect;

import io.cryptofeed.connect.exchange.Exchange;
import io.cryptofeed.connect.feed.Feeds;
import io.cryptofeed.connect.feed.Subscription;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a task has while it runs. Used by the task's thread. */
final class RunningTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  private final RecordQueue queue;
  private final Feeds feeds;
  private final Duration pollTimeout;

  private RunningTask(RecordQueue queue, Feeds feeds, Duration pollTimeout) {
    this.queue = queue;
    this.feeds = feeds;
    this.pollTimeout = pollTimeout;
  }

  /**
   * Starts a task. The threads of its feeds begin here, on the worker's thread, so that they have
   * the plugin's class loader from it. When something fails, what was opened before is closed
   * again.
   */
  static RunningTask start(Map<String, String> properties, SourceTaskContext context) {
    CryptofeedConnectorConfig config = new CryptofeedConnectorConfig(properties);
    TaskPlan plan = TaskPlan.parse(properties.getOrDefault(TaskPlan.KEY, ""), config.exchanges());
    CommittedTrades committed =
        CommittedTrades.read(plan.exchanges(), config.venues(), context.offsetStorageReader());

    RecordQueue queue =
        new RecordQueue(config.queueMaxRecords(), config.queueMaxBytes(), config.pollMaxRecords());
    Feeds feeds =
        new Feeds(
            subscriptions(plan, config),
            new ProxyInjector(config.proxies()),
            new RecordWriter(
                queue,
                config.topics(),
                tradesModes(plan),
                config.decimalMode(),
                config.recordHeaders()),
            committed,
            queue::fail,
            threadName(properties));
    queue.onPressure(full -> feeds.setReading(!full));
    try {
      feeds.start();
    } catch (RuntimeException | Error e) {
      feeds.close();
      throw e;
    }
    LOG.info("streaming {}", plan);
    return new RunningTask(queue, feeds, config.pollTimeout());
  }

  /** Waits for records; empty when none came in time. */
  List<SourceRecord> poll() throws InterruptedException {
    return queue.take(pollTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    feeds.close();
  }

  private static Map<String, String> tradesModes(TaskPlan plan) {
    Map<String, String> modes = new HashMap<>();
    for (ExchangeConfig exchange : plan.exchanges()) {
      String mode = exchange.options().tradesMode();
      if (mode != null) {
        modes.put(exchange.id(), mode);
      }
    }
    return modes;
  }

  private static List<Subscription> subscriptions(TaskPlan plan, CryptofeedConnectorConfig config) {
    List<Venue> venues =
        config.exchanges().stream()
            .map(
                exchange ->
                    new Venue(exchange, config.venues().open(exchange.id(), exchange.options())))
            .toList();
    return plan.exchanges().stream().map(share -> subscription(share, venues)).toList();
  }

  private static Subscription subscription(ExchangeConfig share, List<Venue> venues) {
    Exchange own =
        venues.stream()
            .filter(venue -> venue.config.id().equals(share.id()))
            .findFirst()
            .orElseThrow()
            .exchange();
    List<Exchange> alternatives =
        venues.stream()
            .filter(other -> share.sharesSymbols() && other.config.sharesSymbols())
            .filter(other -> !other.config.id().equals(share.id()))
            .map(Venue::exchange)
            .toList();
    return new Subscription(
        own, share.channels(), share.symbols(), share.symbolsKey(), alternatives);
  }

  /** A configured exchange and its protocol. */
  private record Venue(ExchangeConfig config, Exchange exchange) {}

  private static String threadName(Map<String, String> properties) {
    return "cryptofeed-"
        + properties.getOrDefault("name", "connector")
        + "-"
        + properties.getOrDefault(CryptofeedSourceTask.INDEX_KEY, "0");
  }
}
