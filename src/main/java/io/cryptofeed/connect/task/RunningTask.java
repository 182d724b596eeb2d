package io.cryptofeed.connect.task;

import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.offset.CommittedTrades;
import io.cryptofeed.connect.ops.ProxyMetrics;
import io.cryptofeed.connect.ops.TaskGauges;
import io.cryptofeed.connect.ops.TaskMetrics;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.SharedProxies;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTaskContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Everything that exists only while a task runs. Used by the task's thread. */
public final class RunningTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RunningTask.class);

  private static final ProxyMetrics PROXY_METRICS = new ProxyMetrics();

  /** What the tasks of a connector in this worker share about their proxies. */
  private static final SharedProxies PROXIES = new SharedProxies(PROXY_METRICS);

  private final RecordQueue queue;
  private final Feeds feeds;
  private final TaskGauges gauges;
  private final Duration pollTimeout;

  private RunningTask(RecordQueue queue, Feeds feeds, TaskGauges gauges, Duration pollTimeout) {
    this.queue = queue;
    this.feeds = feeds;
    this.gauges = gauges;
    this.pollTimeout = pollTimeout;
  }

  /** The connector's name and the index of the task, which name threads and metrics. */
  private record Name(String connector, String task) {

    static Name of(Map<String, String> properties) {
      return new Name(
          properties.getOrDefault("name", "connector"),
          properties.getOrDefault(TaskPlan.INDEX_KEY, "0"));
    }

    String ofThreads() {
      return "cryptofeed-" + connector + "-" + task;
    }
  }

  /**
   * Starts a task. Its threads are started on the calling thread of the worker, so that they
   * inherit the class loader of the plugin. If anything fails, everything that was opened before is
   * closed.
   *
   * @throws ConfigException when the configuration is invalid, or names something that cannot be
   *     used on this worker, such as a port that is in use; begins with the property
   */
  public static RunningTask start(Map<String, String> properties, SourceTaskContext context) {
    ConnectorConfig config = new ConnectorConfig(properties);
    TaskPlan plan = TaskPlan.parse(properties.getOrDefault(TaskPlan.KEY, ""), config.exchanges());
    CommittedTrades committed =
        CommittedTrades.read(plan.exchanges(), config.known(), context.offsetStorageReader());
    Name name = Name.of(properties);
    ProxyInjector injector = injector(name, config);
    try {
      injector.logRoutes(plan.exchanges().stream().map(ExchangeConfig::id).toList());
      RunningTask running = start(name, config, plan, committed, injector, context);
      LOG.info("connector={} task={} plan={}", name.connector, name.task, plan);
      return running;
    } catch (RuntimeException | Error e) {
      injector.close();
      throw e;
    }
  }

  private static ProxyInjector injector(Name name, ConnectorConfig config) {
    try {
      return PROXIES.injector(name.connector, config.proxies());
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  private static RunningTask start(
      Name name,
      ConnectorConfig config,
      TaskPlan plan,
      CommittedTrades committed,
      ProxyInjector injector,
      SourceTaskContext context) {
    Subscriptions subscriptions = new Subscriptions(plan, config);
    RecordQueue queue =
        new RecordQueue(config.queueMaxRecords(), config.queueMaxBytes(), config.pollMaxRecords());
    RecordWriter writer =
        new RecordWriter(
            queue,
            config.topics(),
            subscriptions.tradesModes(),
            config.decimalMode(),
            config.recordHeaders());
    Feeds feeds =
        new Feeds(
            subscriptions.ofNative(),
            subscriptions.ofCcxt(),
            injector,
            writer,
            config.books(),
            config.backfill(),
            committed,
            queue::fail,
            name.ofThreads());
    try {
      queue.onPressure(full -> feeds.setReading(!full));
      TaskGauges gauges =
          TaskGauges.show(
              TaskMetrics.of(context, name.connector, name.task), queue, writer, feeds.counters());
      try {
        serve(gauges, name, config);
        feeds.start();
      } catch (RuntimeException | Error e) {
        gauges.close();
        throw e;
      }
      return new RunningTask(queue, feeds, gauges, config.pollTimeout());
    } catch (RuntimeException | Error e) {
      feeds.close();
      throw e;
    }
  }

  private static void serve(TaskGauges gauges, Name name, ConnectorConfig config) {
    try {
      config
          .prometheus()
          .ifPresent(address -> gauges.serve(address, name.connector, name.task, PROXY_METRICS));
    } catch (IllegalArgumentException e) {
      throw new ConfigException(e.getMessage());
    }
  }

  /** Waits for records; empty if none arrived within the poll timeout. */
  public List<SourceRecord> poll() throws InterruptedException {
    return queue.take(pollTimeout.toMillis(), TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    try {
      feeds.close();
    } finally {
      gauges.close();
    }
  }
}
