package io.cryptofeed.connect.ccxt;

/**
 * A snapshot or a delta of a book. Sizes are absolute, 0 removes a level; of several sizes at one
 * price, the last one applies.
 *
 * @param symbol CCXT's symbol
 * @param isSnapshot whether the book before it is discarded
 * @param timestampMs the event time, milliseconds since the epoch; -1 if unknown
 * @param nonce CCXT's sequence number of the update, -1 if there is none; what it counts differs
 *     between exchanges
 * @param first the first sequence number that the update covers, -1 if the exchange does not send
 *     it, or its field is not known
 * @param previous the last sequence number of the update before, -1 likewise
 * @param bids changed levels, price and size in turn, in no order
 * @param asks likewise
 * @param receiveNs the receive time, nanoseconds since the epoch
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

  /** Whether it is a delta that changes no level. */
  public boolean isEmptyDelta() {
    return !isSnapshot && bids.isEmpty() && asks.isEmpty();
  }
}
