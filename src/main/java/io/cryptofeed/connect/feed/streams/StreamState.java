package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.market.MarketStream;

/**
 * One stream: how it is watched, and what was last reported about its connection. Used by one
 * thread.
 */
public final class StreamState {

  /** What was last reported about the connection of the stream. */
  private enum Reported {
    NOTHING,
    CONNECTED,
    DISCONNECTED
  }

  private final MarketStream stream;
  private final StreamLiveness watch;
  private final FeedReports reports;
  private Reported reported = Reported.NOTHING;
  private int complaints;

  public StreamState(MarketStream stream, StreamLiveness watch, FeedReports reports) {
    this.stream = stream;
    this.watch = watch;
    this.reports = reports;
  }

  public MarketStream stream() {
    return stream;
  }

  public StreamLiveness watch() {
    return watch;
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
   * Counts a complaint.
   *
   * @return how many there were since the last sign of life, at least 1
   */
  public int complain() {
    return ++complaints;
  }

  /** The stream gave a sign of life: complaints are counted from 0 again. */
  public void contented() {
    complaints = 0;
  }
}
