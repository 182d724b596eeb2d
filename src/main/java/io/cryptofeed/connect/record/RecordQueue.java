package io.cryptofeed.connect.record;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.connect.errors.ConnectException;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/**
 * The queue of records between the event loops and the worker's thread, limited in records and in
 * bytes.
 *
 * <p>The queue drops nothing and never blocks an event loop. At the limit it asks its listener to
 * pause reading from the sockets, and still accepts what they have read already. At half of the
 * limit reading is resumed. Records are collected in chunks as large as one poll, so that taking a
 * chunk costs the same for any number of records.
 *
 * <p>Any thread may add; one thread takes. The records of one adding thread keep their order.
 */
public final class RecordQueue {

  /** Is notified when the queue becomes full, and when it has room again. */
  public interface PressureListener {

    /**
     * Called on the thread that filled or emptied the queue, without a lock, alternately with true
     * and false. Must not block.
     */
    void onPressure(boolean full);
  }

  private final int maxRecords;
  private final long maxBytes;
  private final int chunkRecords;
  private final long chunkBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Chunk> full = new ArrayDeque<>();
  private Chunk filling = new Chunk(16);
  private boolean taking;
  private @Nullable Throwable failure;

  private int records;
  private long bytes;
  private volatile boolean overLimit;

  private volatile PressureListener listener = full -> {};
  private final AtomicInteger announcing = new AtomicInteger();
  private boolean announced;

  /**
   * @param maxRecords the limit in records, at least 1
   * @param maxBytes the limit in bytes of heap, at least 1
   * @param chunkRecords the largest number of records that {@link #take} returns, at least 1
   */
  public RecordQueue(int maxRecords, long maxBytes, int chunkRecords) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.chunkRecords = chunkRecords;
    this.chunkBytes = Math.max(1, maxBytes / 4);
  }

  /** Sets the listener. To be called before the first record is added. */
  public void onPressure(PressureListener pressureListener) {
    listener = pressureListener;
  }

  /**
   * Adds a record, even to a full queue. Does nothing after a failure, because the restarted task
   * resumes after the records that were taken.
   *
   * @param heapBytes the estimated heap size of the record
   */
  public void add(SourceRecord record, int heapBytes) {
    boolean changed;
    lock.lock();
    try {
      if (failure != null) {
        return;
      }
      filling.add(record, heapBytes);
      if (filling.records.size() >= chunkRecords || filling.bytes >= chunkBytes) {
        full.add(filling);
        filling = new Chunk(chunkRecords);
      }
      changed = resize(1, heapBytes);
      if (taking) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
    if (changed) {
      announce();
    }
  }

  /**
   * Ends the queue: the records in it can still be taken, then {@link #take} throws. Only the first
   * failure counts.
   */
  public void fail(Throwable cause) {
    lock.lock();
    try {
      if (failure == null) {
        failure = cause;
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes the oldest records, and waits until there is at least one.
   *
   * @return a list that the caller may change; empty if none arrived within the timeout
   * @throws ConnectException when the queue failed and is empty
   */
  public List<SourceRecord> take(long timeout, TimeUnit unit) throws InterruptedException {
    Chunk chunk;
    boolean changed;
    lock.lockInterruptibly();
    try {
      if (!awaitRecords(unit.toNanos(timeout))) {
        return List.of();
      }
      chunk = nextChunk();
      changed = resize(-chunk.records.size(), -chunk.bytes);
    } finally {
      lock.unlock();
    }
    if (changed) {
      announce();
    }
    return chunk.records;
  }

  /** The number of records in the queue. */
  public int size() {
    lock.lock();
    try {
      return records;
    } finally {
      lock.unlock();
    }
  }

  /** The estimated heap size of the records in the queue, in bytes. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the limit was reached, and the queue has not been half empty since. */
  public boolean isFull() {
    return overLimit;
  }

  private boolean awaitRecords(long nanos) throws InterruptedException {
    long left = nanos;
    taking = true;
    try {
      while (records == 0) {
        if (failure != null) {
          throw new ConnectException(failure.getMessage(), failure);
        }
        if (left <= 0) {
          return false;
        }
        left = arrived.awaitNanos(left);
      }
      return true;
    } finally {
      taking = false;
    }
  }

  private Chunk nextChunk() {
    Chunk oldest = full.poll();
    if (oldest == null) {
      oldest = filling;
      filling = new Chunk(oldest.records.size());
    }
    return oldest;
  }

  /** Returns whether the queue has just become full, or just has room again. */
  private boolean resize(int moreRecords, long moreBytes) {
    records += moreRecords;
    bytes += moreBytes;
    boolean wasFull = overLimit;
    if (records >= maxRecords || bytes >= maxBytes) {
      overLimit = true;
    } else if (records <= maxRecords / 2 && bytes <= maxBytes / 2) {
      overLimit = false;
    }
    return overLimit != wasFull;
  }

  /**
   * Notifies the listener of the current state, on one thread at a time and until the state no
   * longer changes. Otherwise a thread could be overtaken between the lock and the call: the last
   * call would say that the queue is full although it is empty, and reading would never be resumed.
   */
  private void announce() {
    if (announcing.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      boolean now = overLimit;
      if (now != announced) {
        announced = now;
        listener.onPressure(now);
      }
      seen = announcing.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Records that are taken together. */
  private static final class Chunk {

    private final List<SourceRecord> records;
    private long bytes;

    Chunk(int capacity) {
      records = new ArrayList<>(capacity);
    }

    void add(SourceRecord record, int heapBytes) {
      records.add(record);
      bytes += heapBytes;
    }
  }
}
