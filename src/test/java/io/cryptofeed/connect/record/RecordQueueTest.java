package io.cryptofeed.connect.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RecordQueueTest {

  private final List<Boolean> pressure = Collections.synchronizedList(new ArrayList<>());
  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stopThreads() {
    threads.shutdownNow();
  }

  @Test
  void returns_the_records_in_order() throws Exception {
    RecordQueue queue = queue(100, 1000, 10);
    add(queue, 1, 2, 3);
    assertThat(take(queue)).containsExactly(1L, 2L, 3L);
    assertThat(take(queue)).isEmpty();
  }

  @Test
  void returns_at_most_one_chunk() throws Exception {
    RecordQueue queue = queue(100, 1000, 2);
    add(queue, 1, 2, 3, 4, 5);
    assertThat(take(queue)).containsExactly(1L, 2L);
    assertThat(take(queue)).containsExactly(3L, 4L);
    assertThat(take(queue)).containsExactly(5L);
  }

  @Test
  void a_chunk_holds_at_most_a_quarter_of_the_bytes_and_one_record() throws Exception {
    RecordQueue queue = queue(100, 40, 100);
    for (long id = 1; id <= 4; id++) {
      queue.add(record(0, id), 6);
    }
    assertThat(take(queue)).containsExactly(1L, 2L);
    assertThat(take(queue)).containsExactly(3L, 4L);
  }

  @Test
  void counts_records_and_bytes() throws Exception {
    RecordQueue queue = queue(100, 1000, 2);
    for (long id = 1; id <= 3; id++) {
      queue.add(record(0, id), 7);
    }
    assertThat(queue.size()).isEqualTo(3);
    assertThat(queue.bytes()).isEqualTo(21);
    take(queue);
    assertThat(queue.size()).isEqualTo(1);
    assertThat(queue.bytes()).isEqualTo(7);
  }

  @Test
  void waits_for_the_first_record() throws Exception {
    RecordQueue queue = queue(100, 1000, 10);
    Future<List<SourceRecord>> taken = threads.submit(() -> queue.take(50, TimeUnit.SECONDS));
    add(queue, 1);
    assertThat(ids(taken.get())).containsExactly(1L);
  }

  @Test
  void notifies_once_that_it_is_full_and_once_that_it_has_room() throws Exception {
    RecordQueue queue = queue(4, 1000, 1);
    add(queue, 1, 2, 3);
    assertThat(pressure).isEmpty();
    add(queue, 4, 5);
    assertThat(pressure).containsExactly(true);
    assertThat(queue.isFull()).isTrue();
    take(queue);
    take(queue);
    assertThat(pressure).as("above the low mark").containsExactly(true);
    take(queue);
    assertThat(pressure).containsExactly(true, false);
    assertThat(queue.isFull()).isFalse();
    take(queue);
    assertThat(pressure).containsExactly(true, false);
  }

  @Test
  void notifies_last_of_the_current_state_even_if_a_thread_is_overtaken() throws Exception {
    RecordQueue queue = new RecordQueue(2, 1000, 10);
    queue.onPressure(
        full -> {
          if (full) {
            // The consumer empties the queue before the report that it is full has been handled.
            assertThat(ids(join(threads.submit(() -> queue.take(0, TimeUnit.MILLISECONDS)))))
                .containsExactly(1L, 2L);
          }
          pressure.add(full);
        });
    add(queue, 1, 2);
    assertThat(pressure).containsExactly(true, false);
  }

  @Test
  void is_full_by_bytes_too() throws Exception {
    RecordQueue queue = queue(100, 10, 1);
    queue.add(record(0, 1), 6);
    queue.add(record(0, 2), 6);
    assertThat(pressure).containsExactly(true);
    take(queue);
    assertThat(pressure).as("6 bytes are above the low mark").containsExactly(true);
    take(queue);
    assertThat(pressure).containsExactly(true, false);
  }

  @Test
  void never_exceeds_the_limit_if_reading_is_paused_at_once() throws Exception {
    AtomicBoolean reading = new AtomicBoolean(true);
    RecordQueue queue = new RecordQueue(50, 1 << 20, 8);
    queue.onPressure(full -> reading.set(!full));
    for (long id = 0; id < 1_000; id++) {
      if (!reading.get()) {
        assertThat(queue.size()).isEqualTo(50);
        while (!reading.get()) {
          take(queue);
        }
        assertThat(queue.size()).isBetween(1, 25);
      }
      add(queue, id);
    }
  }

  @Test
  void keeps_records_above_the_limit() throws Exception {
    RecordQueue queue = queue(2, 1000, 100);
    add(queue, 1, 2, 3, 4, 5);
    assertThat(take(queue)).containsExactly(1L, 2L, 3L, 4L, 5L);
  }

  @Test
  void fails_after_the_records_before_the_failure() throws Exception {
    RecordQueue queue = queue(100, 1000, 10);
    IllegalStateException cause = new IllegalStateException("the exchange does not list XYZ-USDT");
    add(queue, 1);
    queue.fail(cause);
    queue.fail(new IllegalStateException("a later failure"));
    add(queue, 2);
    assertThat(take(queue)).containsExactly(1L);
    assertThatExceptionOfType(ConnectException.class)
        .isThrownBy(() -> take(queue))
        .withMessage("the exchange does not list XYZ-USDT")
        .withCause(cause);
  }

  @Test
  void a_failure_wakes_the_taker() {
    RecordQueue queue = queue(100, 1000, 10);
    Future<List<SourceRecord>> taken = threads.submit(() -> queue.take(50, TimeUnit.SECONDS));
    queue.fail(new IllegalStateException("rejected"));
    assertThatExceptionOfType(ExecutionException.class)
        .isThrownBy(taken::get)
        .withCauseInstanceOf(ConnectException.class);
  }

  @RepeatedTest(3)
  void loses_nothing_and_keeps_the_order_of_each_producer() throws Exception {
    int producers = 4;
    int each = 50_000;
    RecordQueue queue = queue(1_000, 1 << 30, 64);
    CountDownLatch started = new CountDownLatch(1);
    for (int producer = 0; producer < producers; producer++) {
      int partition = producer;
      threads.execute(
          () -> {
            awaitUninterrupted(started);
            for (long id = 0; id < each; id++) {
              queue.add(record(partition, id), 1);
            }
          });
    }
    started.countDown();

    long[] next = new long[producers];
    for (int taken = 0; taken < producers * each; ) {
      List<SourceRecord> records = queue.take(30, TimeUnit.SECONDS);
      assertThat(records).isNotEmpty().hasSizeLessThanOrEqualTo(64);
      for (SourceRecord record : records) {
        assertThat(id(record)).isEqualTo(next[record.kafkaPartition()]++);
      }
      taken += records.size();
    }
    assertThat(next).containsOnly(each);
    assertThat(queue.size()).isZero();
    assertThat(queue.bytes()).isZero();
  }

  @RepeatedTest(3)
  void producers_that_obey_the_limits_never_stall() throws Exception {
    int producers = 3;
    int each = 20_000;
    int mark = 100;
    AtomicBoolean paused = new AtomicBoolean();
    AtomicReference<String> disorder = new AtomicReference<>();
    RecordQueue queue = new RecordQueue(mark, 1 << 30, 16);
    queue.onPressure(
        full -> {
          if (!paused.compareAndSet(!full, full)) {
            disorder.set("was reported twice: " + full);
          }
        });
    for (int producer = 0; producer < producers; producer++) {
      threads.execute(
          () -> {
            for (long id = 0; id < each; ) {
              if (paused.get()) {
                Thread.onSpinWait();
              } else {
                queue.add(record(0, id++), 1);
              }
            }
          });
    }

    for (int taken = 0; taken < producers * each; ) {
      List<SourceRecord> records = queue.take(30, TimeUnit.SECONDS);
      assertThat(records).as("reading went on").isNotEmpty();
      taken += records.size();
    }
    assertThat(disorder.get()).isNull();
    assertThat(paused).as("an empty queue has room").isFalse();
  }

  private RecordQueue queue(int maxRecords, long maxBytes, int chunkRecords) {
    RecordQueue queue = new RecordQueue(maxRecords, maxBytes, chunkRecords);
    queue.onPressure(pressure::add);
    return queue;
  }

  private static void add(RecordQueue queue, long... ids) {
    for (long id : ids) {
      queue.add(record(0, id), 1);
    }
  }

  private static List<Long> take(RecordQueue queue) throws InterruptedException {
    return ids(queue.take(0, TimeUnit.MILLISECONDS));
  }

  private static List<Long> ids(List<SourceRecord> records) {
    return records.stream().map(RecordQueueTest::id).toList();
  }

  private static long id(SourceRecord record) {
    return (Long) record.value();
  }

  private static SourceRecord record(int partition, long id) {
    return new SourceRecord(Map.of(), Map.of(), "topic", partition, Schema.INT64_SCHEMA, id);
  }

  private static <T> T join(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void awaitUninterrupted(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
