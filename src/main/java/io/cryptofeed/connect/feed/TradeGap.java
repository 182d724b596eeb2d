package io.cryptofeed.connect.feed;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Missing trades, and how many of them were recovered or lost. If they can be counted, the missing
 * trades are the recovered and the lost ones.
 *
 * @param from the first missing id; if ids are not consecutive, the last id before the gap; null if
 *     unknown
 * @param to the last missing id; if ids are not consecutive, the first id after the gap; null if
 *     unknown
 * @param missing how many are missing, null if unknown
 * @param recovered how many arrived late, or were backfilled
 * @param losses the trades that can no longer be recovered
 * @param reason one sentence for people
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
   * Trades that can no longer be recovered.
   *
   * @param from as in the gap
   * @param to as in the gap
   * @param count how many, null if unknown
   * @param reason one sentence for people
   */
  public record Loss(
      @Nullable String from, @Nullable String to, @Nullable Long count, String reason) {}
}
