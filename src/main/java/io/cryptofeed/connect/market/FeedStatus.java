package io.cryptofeed.connect.market;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a stream, said aloud so that nothing is ever lost silently.
 *
 * @param stream the stream it happened to
 * @param status what happened
 * @param fromId the first missing id, null where none is missing or ids are unknown
 * @param toId the last missing id, null where none is missing or ids are unknown
 * @param missingCount how many are missing, null where unknown
 * @param recoveredCount how many were fetched again, null where not applicable
 * @param lostCount how many cannot be had any more, null where not applicable
 * @param reason one sentence for a human
 * @param proxy the proxy in use as {@code scheme://host:port}, never with credentials; null when
 *     the connection is direct
 * @param eventNs when it happened, nanoseconds since the epoch
 */
public record FeedStatus(
    MarketStream stream,
    Status status,
    @Nullable String fromId,
    @Nullable String toId,
    @Nullable Long missingCount,
    @Nullable Long recoveredCount,
    @Nullable Long lostCount,
    String reason,
    @Nullable String proxy,
    long eventNs) {

  /** What can happen to a stream. */
  public enum Status {
    CONNECTED,
    DISCONNECTED,
    STALE,
    GAP,
    BACKFILLED,
    LOST,
    RESYNC,
    CHECKSUM_MISMATCH,
    /** The exchange lists the instrument now. */
    LISTED,
    /** The exchange does not trade the instrument any more. */
    DELISTED;

    private final String code = name().toLowerCase(Locale.ROOT);

    /** The lower-case name used in records. */
    public String code() {
      return code;
    }
  }

  /** A status without ids or counts. */
  public static FeedStatus of(
      MarketStream stream, Status status, String reason, @Nullable String proxy, long eventNs) {
    return new FeedStatus(stream, status, null, null, null, null, null, reason, proxy, eventNs);
  }
}
