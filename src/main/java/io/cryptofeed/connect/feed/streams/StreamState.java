package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.market.MarketStream;
import java.util.concurrent.TimeUnit;

/**
 * The state of one stream: its liveness, what was last reported about it, and when it is retried.
 * Used by one thread; the time is passed in.
 */
public final class StreamState {

  /** Messages that cannot be read are reported after this time without one that can. */
  static final long UNREADABLE_NANOS = TimeUnit.SECONDS.toNanos(10);

  private static final int UNREADABLE_MESSAGES = 3;

  private static final long FIRST_RETRY_NANOS = TimeUnit.SECONDS.toNanos(15);
  private static final long LAST_RETRY_NANOS = TimeUnit.MINUTES.toNanos(10);

  /** So many doublings make any wait longer than the last one. */
  private static final int MOST_DOUBLINGS = 10;

  /** An exchange that rejects a subscription is asked less often than one that is silent. */
  private static final int REFUSAL_DOUBLINGS = 2;

  /** What was last reported about the connection of the stream. */
  private enum Reported {
    NOTHING,
    CONNECTED,
    DISCONNECTED
  }

  /** Why a stream is stale. Several reasons may hold at once. */
  public enum Trouble {
    /** No data arrives, or the subscription is not confirmed or rejected. Data ends it. */
    SILENT,
    /** Its messages cannot be read. A message that can be read ends it. */
    UNREADABLE,
    /** Its book is not valid. A valid book ends it. */
    NO_BOOK;

    private final int bit = 1 << ordinal();
  }

  /** A message could not be read, which is not reported yet. */
  private static final int SUSPECT = 1 << Trouble.values().length;

  private final MarketStream stream;
  private final StreamLiveness liveness;
  private final FeedReports reports;
  private Reported reported = Reported.NOTHING;

  /** The troubles that are reported, and {@link #SUSPECT}; 0 for a stream that is well. */
  private int troubles;

  private int failures;
  private long retryAtNanos;
  private int unreadable;
  private long unreadableSinceNanos;
  private long checkedAtNanos;

  public StreamState(MarketStream stream, StreamLiveness liveness, FeedReports reports) {
    this.stream = stream;
    this.liveness = liveness;
    this.reports = reports;
  }

  public MarketStream stream() {
    return stream;
  }

  public StreamLiveness liveness() {
    return liveness;
  }

  /** Data has arrived, and was read: failures are counted from 0 again. */
  public void onData(long nowNanos) {
    if (liveness.onData(nowNanos)) {
      connected();
    }
    if (troubles != 0) {
      troubles &= ~SUSPECT;
      unreadable = 0;
      end(Trouble.SILENT.bit | Trouble.UNREADABLE.bit);
    }
    if (troubles == 0) {
      failures = 0;
    }
  }

  /**
   * A message of the stream cannot be read.
   *
   * @param reason what is wrong with it
   */
  public void onUnreadable(String reason, long nowNanos) {
    if (unreadable == 0) {
      unreadableSinceNanos = nowNanos;
    }
    unreadable++;
    troubles |= SUSPECT;
    if (unreadable >= UNREADABLE_MESSAGES && nowNanos - unreadableSinceNanos >= UNREADABLE_NANOS) {
      stale(Trouble.UNREADABLE, "its messages cannot be read, for example: " + reason);
    }
  }

  /**
   * Whether the history is to be asked for trades that may have been in messages that cannot be
   * read: after the first of them, and then every ten seconds.
   */
  public boolean isCheckDue(long nowNanos) {
    if (unreadable > 1 && nowNanos - checkedAtNanos < UNREADABLE_NANOS) {
      return false;
    }
    checkedAtNanos = nowNanos;
    return true;
  }

  /**
   * The exchange rejected the subscription.
   *
   * @return how long to wait before the next attempt, nanoseconds
   */
  public long refused(String reason) {
    stale(Trouble.SILENT, reason);
    return failed(REFUSAL_DOUBLINGS);
  }

  /** Reports that data arrives; once, until the stream is disconnected again. */
  public void connected() {
    if (reported != Reported.CONNECTED) {
      reported = Reported.CONNECTED;
      reports.connected(stream);
    }
  }

  /** Reports that no data arrives, and why; once, until the stream is connected again. */
  public void disconnected(String reason) {
    troubles = 0;
    unreadable = 0;
    if (reported != Reported.DISCONNECTED) {
      reported = Reported.DISCONNECTED;
      reports.disconnected(stream, reason);
    }
  }

  /** Reports that the stream is stale, and why; once for each trouble until it ends. */
  public void stale(Trouble trouble, String reason) {
    if ((troubles & trouble.bit) == 0) {
      troubles |= trouble.bit;
      reports.stale(stream, reason);
    }
  }

  /** A trouble has ended, if there was one. */
  public void end(Trouble trouble) {
    end(trouble.bit);
  }

  private void end(int bits) {
    boolean wasStale = isStale();
    troubles &= ~bits;
    if (wasStale && !isStale()) {
      reports.live(stream);
    }
  }

  /** Whether the stream is reported to be stale. */
  public boolean isStale() {
    return (troubles & ~SUSPECT) != 0;
  }

  /** Whether data arrives, and the stream is not stale. */
  public boolean isWell() {
    return liveness.isAlive() && !isStale();
  }

  /**
   * Whether a stale stream is to be retried now. If so, this counts as the next failure in a row,
   * and the time to the retry after it grows.
   */
  public boolean isRetryDue(long nowNanos) {
    if (failures > 0 && nowNanos - retryAtNanos < 0) {
      return false;
    }
    retryAtNanos = nowNanos + failed(0);
    return true;
  }

  /**
   * Counts a failure in a row.
   *
   * @param doublings how often the first wait is doubled besides
   * @return how long to wait before the next retry, nanoseconds
   */
  private long failed(int doublings) {
    long wait = FIRST_RETRY_NANOS << Math.min(failures + doublings, MOST_DOUBLINGS);
    failures++;
    return Math.min(wait, LAST_RETRY_NANOS);
  }

  /** How often the stream was retried since it was well. */
  public int failures() {
    return failures;
  }

  /** Whether the last failure is to be logged: the first one, and each time the count doubles. */
  public boolean isLoggable() {
    return Integer.bitCount(failures) == 1;
  }

  /** Counts a failure: the stream could not be requested. */
  public void countFailure() {
    failures++;
  }
}
