package io.cryptofeed.connect.local.venue.scripted;

/** What can be wrong with one answer about past trades. */
public enum HistoryFault {
  /** Status 429, with {@code Retry-After: 1}. */
  TOO_MANY_REQUESTS,
  /** Status 500. */
  SERVER_ERROR,
  /** Status 200 with an error in the venue's words. */
  REFUSAL,
  /** Status 200 with a page of HTML. */
  GARBAGE,
  /** The body ends in its middle. */
  TRUNCATED,
  /** No trades, though there are some. */
  EMPTY,
  /** The page has trades on both sides of where it should begin. */
  OVERLAPPING,
  /** A trade in the middle of the page is left out. */
  WITH_A_HOLE,
  /** The newest trades are left out, as a cache does. */
  STALE,
  /** No answer at all. */
  SILENCE
}
