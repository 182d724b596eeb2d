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
 * Records on their way from the event loops to the worker's thread, bounded in number and in bytes.
 *
 * <p>Nothing is ever dropped and no event loop ever waits: at the high mark the queue tells its
 * listener to stop reading from the sockets, and keeps what they had read already; at half of it
 * reading goes on. Records are gathered in chunks as large as one poll, so that handing one over
 * costs the same whatever it holds.
 *
 * <p>Any thread may add; one thread takes. Records of one adding thread keep their order.
 */
public final class RecordQueue {

  /** Takes the news that the queue is full, or has room again. */
  public interface PressureListener {

    /**
     * Called by the thread that filled or emptied the queue, outside of any lock, alternately with
     * true and false. Must not block.
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
  private volatile boolean pressed;

  private volatile PressureListener listener = full -> {};
  private final AtomicInteger announcing = new AtomicInteger();
  private boolean announced;

  /**
   * @param maxRecords the high mark in records, at least 1
   * @param maxBytes the high mark in bytes of heap, at least 1
   * @param chunkRecords the most records that one {@link #take} returns, at least 1
   */
  public RecordQueue(int maxRecords, long maxBytes, int chunkRecords) {
    this.maxRecords = maxRecords;
    this.maxBytes = maxBytes;
    this.chunkRecords = chunkRecords;
    this.chunkBytes = Math.max(1, maxBytes / 4);
  }

  /** Sets who hears that the queue is full or has room again, before the first record is added. */
  public void onPressure(PressureListener pressureListener) {
    listener = pressureListener;
  }

  /**
   * Adds a record, even to a full queue. Ignored after a failure, since the task restarts from the
   * offsets of what was taken.
   *
   * @param heapBytes about how much heap the record takes
   */
  public void add(SourceRecord record, int heapBytes) {
    boolean turned;
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
      turned = resize(1, heapBytes);
      if (taking) {
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
    if (turned) {
      announce();
    }
  }

  /**
   * Ends the queue: what it holds is still handed over, then {@link #take} throws. Only the first
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
   * The oldest records, in a list that belongs to the caller; waits until there is one.
   *
   * @return empty when the time passed without a record
   * @throws ConnectException when the queue failed and is empty
   */
  public List<SourceRecord> take(long timeout, TimeUnit unit) throws InterruptedException {
    Chunk chunk;
    boolean turned;
    lock.lockInterruptibly();
    try {
      if (!awaitRecords(unit.toNanos(timeout))) {
        return List.of();
      }
      chunk = nextChunk();
      turned = resize(-chunk.records.size(), -chunk.bytes);
    } finally {
      lock.unlock();
    }
    if (turned) {
      announce();
    }
    return chunk.records;
  }

  /** How many records wait. */
  public int size() {
    lock.lock();
    try {
      return records;
    } finally {
      lock.unlock();
    }
  }

  /** About how many bytes of heap the waiting records take. */
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /** Whether the high mark was reached, and the low mark not since. */
  public boolean isFull() {
    return pressed;
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

  /** Returns whether the queue has just become full, or has just got room again. */
  private boolean resize(int moreRecords, long moreBytes) {
    records += moreRecords;
    bytes += moreBytes;
    boolean wasPressed = pressed;
    if (records >= maxRecords || bytes >= maxBytes) {
      pressed = true;
    } else if (records <= maxRecords / 2 && bytes <= maxBytes / 2) {
      pressed = false;
    }
    return pressed != wasPressed;
  }

  /**
   * Tells the listener how things stand, one thread at a time and until nothing has changed: were a
   * thread overtaken between the lock and the call, the listener could hear last that the queue is
   * full when it is empty, and reading would never go on.
   */
  private void announce() {
    if (announcing.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      boolean now = pressed;
      if (now != announced) {
        announced = now;
        listener.onPressure(now);
      }
      seen = announcing.addAndGet(-seen);
    } while (seen != 0);
  }

  /** Records that are handed over together. */
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
