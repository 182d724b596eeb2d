package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import java.util.function.Consumer;

/** Looks up where trades had got to, which may wait for Kafka, on a thread of its own. */
public final class ResumeLookup {

  private final String exchange;
  private final ResumePoints resume;
  private final FeedLoop loop;
  private final Consumer<FatalFeedException> onFailure;

  /**
   * @param loop goes on when that is known
   * @param onFailure takes the error when it cannot be known; called by the other thread
   */
  public ResumeLookup(
      String exchange, ResumePoints resume, FeedLoop loop, Consumer<FatalFeedException> onFailure) {
    this.exchange = exchange;
    this.resume = resume;
    this.loop = loop;
    this.onFailure = onFailure;
  }

  /** Prepares the instruments, and then goes on. */
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
