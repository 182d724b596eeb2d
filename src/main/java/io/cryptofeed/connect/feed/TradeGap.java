package io.cryptofeed.connect.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Trades that did not come when they should have, and what became of them. Where they can be
 * counted, those missing are those recovered and those lost.
 *
 * @param from the first missing id; where ids are not consecutive, the last id before; null where
 *     that is not known
 * @param to the last missing id; where ids are not consecutive, the first id behind; null where
 *     that is not known
 * @param missing how many are missing, null where nobody can say
 * @param recovered how many came late, or were fetched from history
 * @param losses what cannot be had any more
 * @param reason one sentence for a human
 */
public record TradeGap(
    @Nullable String from,
    @Nullable String to,
    @Nullable Long missing,
    long recovered,
    List<Loss> losses,
    String reason) {

  public TradeGap {
    losses = List.copyOf(losses);
  }

  /**
   * Trades that cannot be had any more.
   *
   * @param from as in the gap
   * @param to as in the gap
   * @param count how many, null where nobody can say
   * @param reason one sentence for a human
   */
  public record Loss(
      @Nullable String from, @Nullable String to, @Nullable Long count, String reason) {}
}
