package io.cryptofeed.connect.feed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How missing trades are backfilled from the trade history of an exchange.
 *
 * @param enabled whether they are backfilled at all
 * @param maxAge older trades are reported as lost without a request; more than zero
 * @param initialAge how far back an instrument without an offset starts; null for no historical
 *     trades
 * @param initialId the trade id at which an instrument without an offset starts; null for none
 * @param patience how long the held live trades of an instrument wait for a history that makes no
 *     progress, before the missing trades are reported as lost; more than zero
 * @param heldTrades how many live trades of a task may be held at the same time; trades above that
 *     are dropped, and backfilled as well; at least 1
 */
public record BackfillOptions(
    boolean enabled,
    Duration maxAge,
    @Nullable Duration initialAge,
    @Nullable Long initialId,
    Duration patience,
    int heldTrades) {

  /** The defaults of the configuration. */
  public static final BackfillOptions DEFAULT =
      new BackfillOptions(true, Duration.ofHours(24), null, null, Duration.ofMinutes(5), 50_000);
}
