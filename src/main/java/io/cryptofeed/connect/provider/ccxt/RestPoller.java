package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.feed.FeedLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Sends polls over REST in turn, one at a time and with a pause, so that the requests of backfills
 * are sent in between. Used by one event loop.
 */
final class RestPoller {

  private final FeedLoop loop;
  private final long pauseNanos;
  private final Deque<Poll> polls = new ArrayDeque<>();
  private boolean reading = true;
  private boolean running;
  private boolean busy;

  /** A request that is sent again and again. */
  interface Poll {

    /** Sends the request once; the future is done when there is a response or a failure. */
    Future<?> send();
  }

  /**
   * @param pauseNanos between a response and the next request
   */
  RestPoller(FeedLoop loop, long pauseNanos) {
    this.loop = loop;
    this.pauseNanos = pauseNanos;
  }

  void add(Poll poll) {
    polls.add(poll);
    next();
  }

  void remove(Poll poll) {
    polls.remove(poll);
  }

  /** Starts or stops the polls; a request that has been sent is not cancelled. */
  void setRunning(boolean run) {
    running = run;
    next();
  }

  /** Pauses or resumes the polls, in the same way as reading from the sockets. */
  void setReading(boolean read) {
    reading = read;
    next();
  }

  private void next() {
    if (busy || !running || !reading || polls.isEmpty()) {
      return;
    }
    Poll poll = polls.remove();
    polls.add(poll);
    busy = true;
    poll.send().addListener(done -> loop.later(pauseNanos, this::free));
  }

  private void free() {
    busy = false;
    next();
  }
}
