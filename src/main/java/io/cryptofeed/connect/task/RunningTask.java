package io.cryptofeed.connect.task;

import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.Provider;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.TradeCounters;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.offset.CommittedTrades;
import io.cryptofeed.connect.ops.ProxyMetricsBean;
import io.cryptofeed.connect.ops.TaskMetrics;
import io.cryptofeed.connect.provider.ccxt.CcxtSubscription;
import io.cryptofeed.connect.provider.venue.Subscription;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.SharedProxies;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that a task has while it runs. Used by the task's thread. */
public final class RunningTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  /** What the tasks of a connector in this worker share about their proxies. */
  private static final SharedProxies PROXIES = new SharedProxies(ProxyMetricsBean::new);

  private final RecordQueue queue;
  private final Feeds feeds;
  private final TaskMetrics metrics;
  private final Duration pollTimeout;

  private RunningTask(RecordQueue queue, Feeds feeds, TaskMetrics metrics, Duration pollTimeout) {
    this.queue = queue;
    this.feeds = feeds;
    this.metrics = metrics;
    this.pollTimeout = pollTimeout;
  }

  /**
   * Starts a task. The threads of its feeds begin here, on the worker's thread, so that they have
   * the plugin's class loader from it. When something fails, what was opened before is closed
   * again.
   */
  public static RunningTask start(Map<String, String> properties, SourceTaskContext context) {
    ConnectorConfig config = new ConnectorConfig(properties);
    TaskPlan plan = TaskPlan.parse(properties.getOrDefault(TaskPlan.KEY, ""), config.exchanges());
    CommittedTrades committed =
        CommittedTrades.read(plan.exchanges(), config.known(), context.offsetStorageReader());
    String connector = properties.getOrDefault("name", "connector");
    String task = properties.getOrDefault(TaskPlan.INDEX_KEY, "0");
    TaskMetrics metrics = TaskMetrics.of(context, connector, task);
    try {
      ProxyInjector injector = injector(connector, config);
      try {
        injector.logRoutes(plan.exchanges().stream().map(ExchangeConfig::id).toList());
        String threadName = "cryptofeed-" + connector + "-" + task;
        RunningTask running = start(config, plan, committed, injector, metrics, threadName);
        LOG.info("connector={} task={} plan={}", connector, task, plan);
        return running;
      } catch (RuntimeException | Error e) {
        injector.close();
        throw e;
      }
    } catch (RuntimeException | Error e) {
      metrics.close();
      throw e;
    }
  }

  private static ProxyInjector injector(String connector, ConnectorConfig config) {
    try {
      return PROXIES.injector(connector, config.proxies());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static RunningTask start(
      ConnectorConfig config,
      TaskPlan plan,
      CommittedTrades committed,
      ProxyInjector injector,
      TaskMetrics metrics,
      String threadName) {
    RecordQueue queue =
        new RecordQueue(config.queueMaxRecords(), config.queueMaxBytes(), config.pollMaxRecords());
    RecordWriter writer =
        new RecordWriter(
            queue,
            config.topics(),
            tradesModes(plan),
            config.decimalMode(),
            config.recordHeaders());
    Feeds feeds =
        new Feeds(
            subscriptions(plan, config),
            scripts(plan, config),
            injector,
            writer,
            config.books(),
            config.backfill(),
            committed,
            queue::fail,
            threadName);
    try {
      queue.onPressure(full -> feeds.setReading(!full));
      show(metrics, queue, writer, feeds.counters());
      feeds.start();
    } catch (RuntimeException | Error e) {
      feeds.close();
      throw e;
    }
    return new RunningTask(queue, feeds, metrics, config.pollTimeout());
  }

  /** Waits for records; empty when none came in time. */
  public List<SourceRecord> poll() throws InterruptedException {
    return queue.take(pollTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    try {
      feeds.close();
    } finally {
      metrics.close();
    }
  }

  /** Shows all numbers of a task. */
  public static void show(
      TaskMetrics metrics, RecordQueue queue, RecordWriter writer, FeedCounters seen) {
    for (Channel channel : Channel.values()) {
      metrics.gauge(
          "records-total",
          "Records written to a channel",
          Map.of("channel", channel.code()),
          () -> writer.written(channel));
    }
    metrics.gauge("queue-records", "Records that wait for the worker", queue::size);
    metrics.gauge("queue-bytes", "About how much heap the waiting records take", queue::bytes);
    metrics.gauge("reading-paused", "1 while the queue is full", () -> queue.isFull() ? 1 : 0);
    metrics.gauge("messages-total", "WebSocket messages received", seen.messages()::sum);
    metrics.gauge("unknown-messages-total", "Messages of an unknown kind", seen.unknown()::sum);
    metrics.gauge(
        "malformed-messages-total", "Messages that could not be read", seen.malformed()::sum);
    metrics.gauge(
        "duplicate-trades-total", "Trades seen before, and dropped", seen.duplicates()::sum);
    metrics.gauge("missing-trades-total", "Trades found missing", seen.missingTrades()::sum);
    metrics.gauge(
        "recovered-trades-total",
        "Missing trades that came late, or were fetched from history",
        seen.recoveredTrades()::sum);
    metrics.gauge("lost-trades-total", "Missing trades that never came", seen.lostTrades()::sum);
    metrics.gauge("book-faults-total", "Books found wrong", seen.bookFaults()::sum);
    metrics.gauge(
        "snapshot-requests-total", "Books asked for over REST", seen.snapshotRequests()::sum);
    metrics.gauge(
        "history-requests-total",
        "Pages of past trades asked for over REST",
        seen.historyRequests()::sum);
    metrics.gauge("connections-total", "WebSocket connections opened", seen.connections()::sum);
    metrics.gauge("disconnects-total", "WebSocket connections lost", seen.disconnects()::sum);
    seen.onInstrument((instrument, trades) -> show(metrics, instrument, trades));
  }

  /** Shows the numbers of one instrument: missing is what was recovered, lost, or is still open. */
  private static void show(TaskMetrics metrics, Instrument instrument, TradeCounters trades) {
    Map<String, String> tags =
        Map.of(
            "exchange", instrument.exchange(),
            "market_type", instrument.marketType().code(),
            "symbol", instrument.symbol());
    metrics.gauge(
        "instrument-missing-trades",
        "Trades of an instrument found missing since the task began",
        tags,
        trades.missing()::sum);
    metrics.gauge(
        "instrument-recovered-trades",
        "Those of them that came late, or were fetched from history",
        tags,
        trades.recovered()::sum);
    metrics.gauge(
        "instrument-lost-trades",
        "Those of them that cannot be had any more",
        tags,
        trades.lost()::sum);
  }

  private static Map<String, String> tradesModes(TaskPlan plan) {
    Map<String, String> modes = new HashMap<>();
    for (ExchangeConfig exchange : plan.exchanges()) {
      String mode = exchange.tradesMode();
      if (mode != null) {
        modes.put(exchange.id(), mode);
      }
    }
    return modes;
  }

  private static List<Subscription> subscriptions(TaskPlan plan, ConnectorConfig config) {
    List<Venue> venues =
        config.exchanges().stream()
            .flatMap(
                exchange ->
                    exchange.nativeOptions().stream()
                        .map(options -> config.venues().open(exchange.id(), options))
                        .map(opened -> new Venue(exchange, opened)))
            .toList();
    return plan.exchanges().stream()
        .filter(share -> share.nativeOptions().isPresent())
        .map(share -> subscription(share, venues, config.refreshInterval()))
        .toList();
  }

  private static Subscription subscription(
      ExchangeConfig share, List<Venue> venues, Duration refreshInterval) {
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
        own, share.channels(), share.symbols(), share.symbolsKey(), alternatives, refreshInterval);
  }

  private static List<CcxtSubscription> scripts(TaskPlan plan, ConnectorConfig config) {
    boolean shared = config.exchanges().stream().filter(ExchangeConfig::sharesSymbols).count() > 1;
    List<CcxtSubscription> scripts = new ArrayList<>();
    for (ExchangeConfig share : plan.exchanges()) {
      if (share.provider() instanceof Provider.Ccxt ccxt) {
        scripts.add(
            new CcxtSubscription(
                ccxt.options(),
                config.ccxtBundle(),
                config.ccxtMarketsTtl(),
                share.channels(),
                share.symbols(),
                share.symbolsKey(),
                shared && share.sharesSymbols(),
                config.refreshInterval()));
      }
    }
    return scripts;
  }

  /** A configured exchange and its protocol. */
  private record Venue(ExchangeConfig config, Exchange exchange) {}
}
