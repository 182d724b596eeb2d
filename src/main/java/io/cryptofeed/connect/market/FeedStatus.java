package io.cryptofeed.connect.market;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened to a stream, reported so that nothing is lost silently.
 *
 * @param stream the stream it happened to
 * @param status what happened
 * @param fromId the first missing id, null if none is missing, or ids are unknown
 * @param toId the last missing id, null if none is missing, or ids are unknown
 * @param missingCount how many are missing, null where unknown
 * @param recoveredCount how many were recovered, null where not applicable
 * @param lostCount how many can no longer be recovered, null where not applicable
 * @param reason one sentence for a person
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

  /** What can happen to a stream. Texts for the reference page say what each means, and its end. */
  public enum Status {
    CONNECTED("The exchange acknowledged the subscription, or its data arrives.", "disconnected"),
    DISCONNECTED("The connection of the stream is lost or closed.", "connected"),
    STALE(
        "The stream is silent, is not acknowledged, or cannot be read; the reason says which. It is resubscribed.",
        "live, connected"),
    LIVE("Data arrives again on a stream that was stale.", ""),
    GAP("Trades, or messages of a book, are missing.", "backfilled, lost; for a book, a snapshot"),
    BACKFILLED("Missing trades arrived late, or came from the trade history.", ""),
    LOST("Missing trades that can no longer be recovered.", ""),
    RESYNC("The book is not valid, and is resynchronised.", "a snapshot"),
    CHECKSUM_MISMATCH(
        "The book differs from the checksum of the exchange, and is resynchronised.", "a snapshot"),
    LISTED("The exchange lists the instrument now.", ""),
    DELISTED("The exchange does not list the instrument any more. Its streams end.", "listed"),
    HALTED(
        "The exchange has halted trading of the instrument. Its streams stay subscribed.",
        "resumed, delisted"),
    RESUMED("The exchange trades the instrument again after a halt.", ""),
    UNLISTED(
        "The exchange does not list a configured instrument. It is streamed as soon as it is listed.",
        "listed");

    private final String code = name().toLowerCase(Locale.ROOT);
    private final String meaning;
    private final String ends;

    Status(String meaning, String ends) {
      this.meaning = meaning;
      this.ends = ends;
    }

    /** The lower-case name used in records. */
    public String code() {
      return code;
    }

    /** One or two sentences for a person. */
    public String meaning() {
      return meaning;
    }

    /**
     * What ends the state: statuses, or a snapshot of the book; empty for an event that has no end.
     */
    public String ends() {
      return ends;
    }
  }

  /** A status without ids or counts. */
  public static FeedStatus of(
      MarketStream stream, Status status, String reason, @Nullable String proxy, long eventNs) {
    return new FeedStatus(stream, status, null, null, null, null, null, reason, proxy, eventNs);
  }
}
