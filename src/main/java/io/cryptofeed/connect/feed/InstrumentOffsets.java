package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/** Looks up the committed offsets of instruments; the steps that follow run on the event loop. */
public interface InstrumentOffsets {

  /** Looks up the last trades of these instruments, and then runs a step. */
  void prepare(List<Instrument> instruments, Runnable then);

  /**
   * Finds instruments that have been streamed before.
   *
   * @param then takes those of the candidates that a committed offset of any channel knows
   */
  void known(List<Instrument> candidates, Consumer<Set<Instrument>> then);
}
