package io.cryptofeed.connect.ccxt;

/**
 * A book or what has changed in it. Sizes are absolute, 0 removes a level; the last of several
 * sizes at one price counts.
 *
 * @param symbol CCXT's
 * @param isSnapshot whether what was known before is to be discarded
 * @param timestampMs when it happened, milliseconds since the epoch; -1 when unknown
 * @param nonce CCXT's number of the update, -1 where there is none; what it counts differs between
 *     exchanges
 * @param first the first number that the update covers, -1 where the exchange does not say so, or
 *     its field is not known
 * @param previous the number of the update before, -1 likewise
 * @param bids changed levels, price and size in turn, in no order
 * @param asks likewise
 * @param receiveNs when it was received, nanoseconds since the epoch
 */
public record CcxtBook(
    String symbol,
    boolean isSnapshot,
    long timestampMs,
    long nonce,
    long first,
    long previous,
    CcxtLevels bids,
    CcxtLevels asks,
    long receiveNs) {

  /** Whether it is a change of no level. */
  public boolean saysNothing() {
    return !isSnapshot && bids.isEmpty() && asks.isEmpty();
  }
}
