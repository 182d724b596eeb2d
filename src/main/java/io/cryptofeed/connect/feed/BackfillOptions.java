package io.cryptofeed.connect.feed;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How missing trades are fetched from the exchanges' history.
 *
 * @param enabled whether they are fetched at all
 * @param maxAge older trades are not fetched, but reported as lost; more than zero
 * @param initialAge how far back an instrument begins that has no offset yet; null for not at all
 * @param initialId the id with which an instrument begins that has no offset yet; null for none
 * @param patience how long the live trades of an instrument wait for a history that makes no
 *     progress, before what is missing is given up; more than zero
 * @param heldTrades how many live trades of a task may wait for older ones at the same time; what
 *     exceeds that is dropped, and fetched from the history as well; at least 1
 */
public record BackfillOptions(
    boolean enabled,
    Duration maxAge,
    @Nullable Duration initialAge,
    @Nullable Long initialId,
    Duration patience,
    int heldTrades) {

  /** What applies unless something else is configured. */
  public static final BackfillOptions DEFAULT =
      new BackfillOptions(true, Duration.ofHours(24), null, null, Duration.ofMinutes(5), 50_000);
}
