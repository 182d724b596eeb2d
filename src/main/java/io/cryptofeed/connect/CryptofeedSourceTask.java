package io.cryptofeed.connect;

import io.cryptofeed.connect.task.RunningTask;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;
import org.jspecify.annotations.Nullable;

/**
 * Streams some exchanges, or some symbols of one, into Kafka.
 *
 * <p>Event loops open connections, read messages and put ready records into a bounded queue; the
 * worker's thread takes them from there. Offsets are committed by the worker once Kafka has the
 * records; a task that starts again resumes the trades of each instrument from its offset, and
 * begins each book with a new snapshot. What time can heal is retried for ever inside; what needs a
 * human fails the task, behind the records that came before.
 *
 * <p>The worker calls every method on the task's own thread, and {@link #stop} only after {@link
 * #poll} has returned.
 */
public final class CryptofeedSourceTask extends SourceTask {

  /** Everything that exists only while the task runs; null before and after. */
  private @Nullable RunningTask running;

  /** Called by the worker. */
  public CryptofeedSourceTask() {}

  @Override
  public String version() {
    return Version.current();
  }

  /** Begins to connect; waits for Kafka's offsets, but for no exchange and no proxy. */
  @Override
  public void start(Map<String, String> props) {
    if (running != null) {
      throw new ConnectException("the task is running already");
    }
    running = RunningTask.start(props, context);
  }

  /**
   * The records that wait, or null when none came in time.
   *
   * @throws ConnectException when the task cannot go on until a human changes something
   */
  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    if (running == null) {
      throw new ConnectException("the task is not running");
    }
    List<SourceRecord> records = running.poll();
    return records.isEmpty() ? null : records;
  }

  /** Closes all connections and ends all threads. Safe to call at any time, and more than once. */
  @Override
  public void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }
}
