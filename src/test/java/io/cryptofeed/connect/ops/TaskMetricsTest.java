package io.cryptofeed.connect.ops;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.TaskContext;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.metrics.TaskMetric;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The metrics of a task, in those of the worker and in an MBean of the connector. */
class TaskMetricsTest {

  private static final String MISSING =
      "instrument-missing-trades{exchange=binance, market_type=spot, symbol=BTC-USDT}";
  private static final String MISSING_ATTRIBUTE = "instrument-missing-trades-binance-spot-BTC-USDT";

  private final TaskContext worker = TaskContext.of(Map.of());
  private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
  private final FeedCounters seen = new FeedCounters();
  private final List<TaskMetrics> opened = new ArrayList<>();

  @AfterEach
  void close() {
    opened.forEach(TaskMetrics::close);
  }

  @Test
  void an_instrument_shows_its_trades_in_the_worker_once_it_is_known() {
    show(worker);
    assertThat(worker.metrics()).doesNotContainKey(MISSING);

    count(bitcoin(true));

    assertThat(worker.metrics())
        .containsEntry(MISSING, 7L)
        .containsEntry(MISSING.replace("missing", "recovered"), 4L)
        .containsEntry(MISSING.replace("missing", "lost"), 2L);
  }

  @Test
  void an_instrument_shows_its_trades_in_the_bean_once_it_is_known() throws JMException {
    show(TaskContext.ofOldWorker(Map.of()));

    count(bitcoin(true));

    assertThat(attribute(MISSING_ATTRIBUTE)).isEqualTo(7L);
    assertThat(attribute(MISSING_ATTRIBUTE.replace("missing", "recovered"))).isEqualTo(4L);
    assertThat(attribute(MISSING_ATTRIBUTE.replace("missing", "lost"))).isEqualTo(2L);
  }

  @Test
  void trades_of_the_history_are_counted_for_the_whole_task() throws JMException {
    show(worker);
    show(TaskContext.ofOldWorker(Map.of()));
    seen.recoveredTrades().add(5);
    seen.historyRequests().add(3);

    assertThat(worker.metrics())
        .containsEntry("recovered-trades-total{}", 5L)
        .containsEntry("history-requests-total{}", 3L);
    assertThat(attribute("recovered-trades-total")).isEqualTo(5L);
    assertThat(attribute("history-requests-total")).isEqualTo(3L);
  }

  @Test
  void an_instrument_that_is_listed_again_replaces_its_earlier_metrics() throws JMException {
    show(worker);
    count(bitcoin(true));
    count(bitcoin(false));
    assertThat(worker.metrics()).containsEntry(MISSING, 7L);

    show(TaskContext.ofOldWorker(Map.of()));
    TaskMetrics bean = opened.get(1);
    bean.show(TaskMetric.QUEUE_BYTES, Map.of(), () -> 1);
    bean.show(TaskMetric.QUEUE_BYTES, Map.of(), () -> 2);
    assertThat(attribute("queue-bytes")).isEqualTo(2L);
  }

  @Test
  void an_instrument_that_becomes_known_after_the_end_is_not_shown() {
    TaskMetrics metrics = show(worker);
    metrics.close();
    count(bitcoin(true));
    assertThat(worker.metrics()).isEmpty();

    TaskMetrics bean = show(TaskContext.ofOldWorker(Map.of()));
    bean.close();
    count(bitcoin(false));
    assertThat(opened).hasSize(2);
  }

  @Test
  void an_instrument_may_become_known_after_the_worker_removed_the_metrics() {
    TaskMetrics metrics = show(worker);
    worker.closeMetrics();

    count(bitcoin(true));

    assertThat(worker.metrics()).isEmpty();
    metrics.close();
    metrics.close();
  }

  @Test
  void a_metric_that_an_abandoned_task_still_shows_is_skipped() {
    TaskMetrics abandoned = show(worker);
    TaskMetrics present = show(worker);
    present.show(TaskMetric.RECORDS, Map.of("channel", "made_up"), () -> 1);

    assertThat(worker.metrics()).containsEntry("records-total{channel=made_up}", 1L);
    present.close();
    assertThat(worker.metrics())
        .doesNotContainKey("records-total{channel=made_up}")
        .containsKey("queue-records{}");
    abandoned.close();
    assertThat(worker.metrics()).isEmpty();
  }

  @Test
  void instruments_may_become_known_on_many_threads_while_the_task_ends() throws Exception {
    TaskMetrics metrics = show(worker);
    ExecutorService loops = Executors.newFixedThreadPool(4);
    try {
      List<Callable<Object>> work = new ArrayList<>();
      for (int i = 0; i < 400; i++) {
        Instrument instrument = instrument("COIN" + i + "-USDT", true);
        work.add(() -> seen.trades(instrument));
      }
      work.add(
          200,
          () -> {
            metrics.close();
            return metrics;
          });
      for (Future<Object> done : loops.invokeAll(work)) {
        done.get();
      }
    } finally {
      loops.shutdownNow();
    }
    assertThat(worker.metrics()).isEmpty();
  }

  private TaskMetrics show(TaskContext context) {
    TaskMetrics metrics = TaskMetrics.of(context, "metrics", "0");
    opened.add(metrics);
    RecordQueue queue = new RecordQueue(1, 1, 1);
    TopicTemplate topics = new TopicTemplate(TopicTemplate.DEFAULT, "crypto");
    RecordWriter writer = new RecordWriter(queue, topics, Map.of(), DecimalMode.PRECISE, false);
    TaskGauges.show(metrics, queue, writer, seen);
    return metrics;
  }

  private void count(Instrument instrument) {
    seen.trades(instrument).missing().add(7);
    seen.trades(instrument).recovered().add(4);
    seen.trades(instrument).lost().add(2);
  }

  private Object attribute(String name) throws JMException {
    return server.getAttribute(
        new ObjectName("io.cryptofeed:type=task,connector=\"metrics\",task=0"), name);
  }

  private static Instrument bitcoin(boolean active) {
    return instrument("BTC-USDT", active);
  }

  private static Instrument instrument(String symbol, boolean active) {
    return new Instrument(
        "binance", MarketType.SPOT, symbol, symbol, "base", "quote", null, null, active);
  }
}
