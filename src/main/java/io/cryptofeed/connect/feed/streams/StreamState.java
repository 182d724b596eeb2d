package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.market.MarketStream;

/**
 * The state of one stream: its liveness, what was last reported about its connection, and how often
 * it was stale in a row. Used by one thread.
 */
public final class StreamState {

  /** What was last reported about the connection of the stream. */
  private enum Reported {
    NOTHING,
    CONNECTED,
    DISCONNECTED
  }

  private final MarketStream stream;
  private final StreamLiveness liveness;
  private final FeedReports reports;
  private Reported reported = Reported.NOTHING;
  private int failures;

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

  /** Data has arrived: failures are counted from 0 again, and the first data is reported. */
  public void onData(long nowNanos) {
    failures = 0;
    if (liveness.onData(nowNanos)) {
      connected();
    }
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
    if (reported != Reported.DISCONNECTED) {
      reported = Reported.DISCONNECTED;
      reports.disconnected(stream, reason);
    }
  }

  /**
   * Counts a failure: the stream is stale, or could not be requested.
   *
   * @return how many there were since the last data, at least 1
   */
  public int countFailure() {
    return ++failures;
  }

  /** Counts failures from 0 again. */
  public void forgetFailures() {
    failures = 0;
  }
}
