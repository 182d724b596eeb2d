package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.proxy.ProxyInjector;
import java.util.List;
import java.util.function.Consumer;

/**
 * Runs the exchanges of one task on event loops of its own, until it is closed.
 *
 * <p>Errors that time can heal are retried inside. An error that needs a human is handed to {@code
 * onFatal} once, and then nothing more is sent.
 */
public final class Feeds implements AutoCloseable {

  /**
   * @param subscriptions what to stream
   * @param injector opens every socket
   * @param listener takes the events, on event-loop threads
   * @param resume where the trades of an instrument had got to
   * @param onFatal takes the error that ends the task, on an event-loop thread
   * @param threadName the beginning of the threads' names
   */
  public Feeds(
      List<Subscription> subscriptions,
      ProxyInjector injector,
      MarketListener listener,
      ResumePoints resume,
      Consumer<FatalFeedException> onFatal,
      String threadName) {}

  /** Begins to connect, and returns at once. */
  public void start() {}

  /** Stops or resumes reading from all sockets: how a full queue pushes back on the exchanges. */
  public void setReading(boolean reading) {}

  /** Closes all connections and ends all threads, within two seconds. Idempotent. */
  @Override
  public void close() {}
}
