package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import java.util.function.Consumer;

/** Looks up the committed offsets of instruments on a thread of its own, since that may block. */
public final class ResumeLookup {

  private final String exchange;
  private final ResumePoints resume;
  private final FeedLoop loop;
  private final Consumer<FatalFeedException> onFailure;

  /**
   * @param loop runs the step that follows
   * @param onFailure takes the error if the offsets cannot be read; called by the other thread
   */
  public ResumeLookup(
      String exchange, ResumePoints resume, FeedLoop loop, Consumer<FatalFeedException> onFailure) {
    this.exchange = exchange;
    this.resume = resume;
    this.loop = loop;
    this.onFailure = onFailure;
  }

  /** Looks up the offsets of these instruments, and then runs a step on the event loop. */
  public void prepare(List<Instrument> instruments, Runnable then) {
    Thread thread =
        new Thread(
            () -> {
              try {
                resume.prepare(instruments);
                loop.run(then);
              } catch (RuntimeException e) {
                onFailure.accept(
                    new FatalFeedException(
                        exchange + ": the offsets cannot be read: " + e.getMessage(), e));
              }
            },
            "cryptofeed-offsets");
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
  }
}
