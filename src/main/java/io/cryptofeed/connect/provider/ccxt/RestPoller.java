package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.feed.FeedLoop;
import io.netty.util.concurrent.Future;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Asks over REST, again and again, for what an exchange does not stream: one request at a time, so
 * that the requests which fetch missing trades come in between. Used by one event loop.
 */
final class RestPoller {

  private final FeedLoop loop;
  private final long pauseNanos;
  private final Deque<Poll> polls = new ArrayDeque<>();
  private boolean reading = true;
  private boolean running;
  private boolean busy;

  /** What is asked for in turn. */
  interface Poll {

    /** Asks once; the future is done when the answer has come, or will not. */
    Future<?> ask();
  }

  /**
   * @param pauseNanos between an answer and the next request
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

  /** Begins to ask, or stops; what is under way is not called back. */
  void setRunning(boolean run) {
    running = run;
    next();
  }

  /** Stops or resumes asking: what is not read from the sockets is not fetched either. */
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
    poll.ask().addListener(done -> loop.later(pauseNanos, this::free));
  }

  private void free() {
    busy = false;
    next();
  }
}
