package io.cryptofeed.connect.feed.trades;

/**
 * Watches whether the stream goes on below the trades that are ahead of it. Ids are consecutive in
 * the order of arrival, so a trade that is far ahead, and is not followed by any, has an impossible
 * id. Used by one thread.
 */
final class AheadTrades {

  /** Trades that arrive out of order are not further apart. */
  private static final long FAR = 1_000;

  /** Trades that arrive out of order may be so many. */
  private static final int OUT_OF_ORDER = 3;

  /** Live trades in a row that continued the stream since a trade was last ahead of it. */
  private int continued;

  /** A trade arrived before which others are missing. */
  void ahead() {
    continued = 0;
  }

  /** The next trade in order arrived, while others are ahead of it. */
  void continued() {
    continued++;
  }

  /**
   * Whether the first trade ahead may have an impossible id, so that nothing may be reported
   * missing before the history was asked.
   *
   * @param distance from the last delivered id to that of the first trade ahead
   * @param count how many trades are ahead
   */
  boolean isDoubtful(long distance, int count) {
    return isContradicted(distance) || (distance > FAR && count <= 1);
  }

  /** Whether the stream contradicts the trades ahead: it continues as if they did not exist. */
  boolean isContradicted(long distance) {
    return continued >= (distance > FAR ? 1 : OUT_OF_ORDER);
  }

  /** Whether no order of arrival explains the distance. */
  static boolean isFar(long distance) {
    return distance > FAR;
  }
}
