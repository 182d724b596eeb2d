package io.cryptofeed.connect.feed;

import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * An event loop on which no fault is lost: an exception of a step, which would otherwise stay
 * unseen in its future, is reported. Safe for use by many threads.
 */
public final class FeedLoop {

  private final EventLoop loop;
  private final Consumer<RuntimeException> onFault;

  /**
   * @param loop runs the steps
   * @param onFault takes the exception of a step, on the event loop
   */
  public FeedLoop(EventLoop loop, Consumer<RuntimeException> onFault) {
    this.loop = loop;
    this.onFault = onFault;
  }

  public EventLoop eventLoop() {
    return loop;
  }

  /** Reports a fault that happened outside of a step. Called on the event loop. */
  public void fail(RuntimeException fault) {
    onFault.accept(fault);
  }

  /** Runs a step as soon as possible; drops it when the loop is being shut down. */
  public void run(Runnable step) {
    if (!loop.isShuttingDown()) {
      loop.execute(() -> guarded(step));
    }
  }

  /**
   * Runs a step after the sockets have been read once more. A step of {@link #run} would run before
   * them.
   */
  public void runAfterIo(Runnable step) {
    later(0, step);
  }

  /** Runs a step after a time; within the call if there is nothing to wait for. */
  public void runOrLater(long waitNanos, Runnable step) {
    if (waitNanos > 0 || !loop.inEventLoop()) {
      later(waitNanos, step);
    } else {
      guarded(step);
    }
  }

  /** Runs a step after a time; drops it when the loop is being shut down. */
  @SuppressWarnings("FutureReturnValueIgnored") // The step is guarded, its future can only succeed.
  public void later(long waitNanos, Runnable step) {
    if (!loop.isShuttingDown()) {
      loop.schedule(() -> guarded(step), waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Runs a step every second until the loop ends. */
  @SuppressWarnings("FutureReturnValueIgnored") // The step is guarded, its future can only succeed.
  public void everySecond(Runnable step) {
    loop.scheduleAtFixedRate(() -> guarded(step), 1, 1, TimeUnit.SECONDS);
  }

  private void guarded(Runnable step) {
    try {
      step.run();
    } catch (RuntimeException fault) {
      fail(fault);
    }
  }
}
