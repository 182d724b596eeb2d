package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.text.LogContext;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Looks up the committed offsets of instruments on a thread of its own, since that may block. */
public final class ResumeLookup implements InstrumentOffsets {

  private final String exchange;
  private final ResumePoints resume;
  private final FeedLoop loop;
  private final Consumer<FatalFeedException> onFailure;

  /**
   * @param loop runs the steps that follow
   * @param onFailure takes the error if the offsets cannot be read; called by the other thread
   */
  public ResumeLookup(
      String exchange, ResumePoints resume, FeedLoop loop, Consumer<FatalFeedException> onFailure) {
    this.exchange = exchange;
    this.resume = resume;
    this.loop = loop;
    this.onFailure = onFailure;
  }

  @Override
  public void prepare(List<Instrument> instruments, Runnable then) {
    lookUp(
        () -> {
          resume.prepare(instruments);
          return then;
        });
  }

  @Override
  public void known(List<Instrument> candidates, Consumer<Set<Instrument>> then) {
    lookUp(
        () -> {
          Set<Instrument> known = resume.known(candidates);
          return () -> then.accept(known);
        });
  }

  /**
   * @param lookup may block, and returns the step that follows
   */
  private void lookUp(Supplier<Runnable> lookup) {
    Thread thread =
        new Thread(
            LogContext.inherited(
                () -> {
                  try {
                    loop.run(lookup.get());
                  } catch (RuntimeException e) {
                    onFailure.accept(
                        new FatalFeedException(
                            exchange + ": the offsets cannot be read: " + e.getMessage(), e));
                  }
                }),
            "cryptofeed-offsets");
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
  }
}
