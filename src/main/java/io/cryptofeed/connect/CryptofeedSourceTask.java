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
 * <p>Event loops open connections, read messages and put complete records into a bounded queue. The
 * worker's thread takes them from the queue. The worker commits offsets after Kafka has
 * acknowledged the records. A restarted task resumes the trades of each instrument after its
 * committed offset, and starts each book with a new snapshot. Errors that may pass are retried
 * without limit. An error that needs an operator fails the task, after the records before it were
 * delivered.
 *
 * <p>The worker calls every method on the task's own thread, and {@link #stop} only after {@link
 * #poll} has returned.
 */
public final class CryptofeedSourceTask extends SourceTask {

  /** Null unless the task runs. */
  private @Nullable RunningTask running;

  /** Called by the worker. */
  public CryptofeedSourceTask() {}

  @Override
  public String version() {
    return Version.current();
  }

  /** Starts to connect. Waits until the offsets are read from Kafka, but not for exchanges. */
  @Override
  public void start(Map<String, String> props) {
    if (running != null) {
      throw new ConnectException("the task is running already: the worker must call stop first");
    }
    running = RunningTask.start(props, context);
  }

  /**
   * The next records from the queue; null if none arrived within {@code poll.timeout.ms}.
   *
   * @throws ConnectException when the task cannot continue until an operator changes something
   */
  @Override
  public @Nullable List<SourceRecord> poll() throws InterruptedException {
    if (running == null) {
      throw new ConnectException("the task is not running: the worker must call start first");
    }
    List<SourceRecord> records = running.poll();
    return records.isEmpty() ? null : records;
  }

  /** Closes all connections and ends all threads. Idempotent, also before a start. */
  @Override
  public void stop() {
    if (running != null) {
      running.close();
      running = null;
    }
  }
}
