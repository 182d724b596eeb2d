package io.cryptofeed.connect.local.venue.scripted;

/** A fault of one response of a trade history. */
public enum HistoryFault {
  /** Status 429, with {@code Retry-After: 1}. */
  TOO_MANY_REQUESTS,
  /** Status 500. */
  SERVER_ERROR,
  /** Status 200 with an error in the venue's format. */
  REFUSAL,
  /** Status 200 with a page of HTML. */
  GARBAGE,
  /** The body ends in the middle. */
  TRUNCATED,
  /** No trades, though there are some. */
  EMPTY,
  /** The page starts a few trades too early. */
  OVERLAPPING,
  /** A trade in the middle of the page is missing. */
  WITH_A_GAP,
  /** The newest trades are missing, as in an outdated cache. */
  STALE,
  /** No response at all. */
  SILENCE
}
