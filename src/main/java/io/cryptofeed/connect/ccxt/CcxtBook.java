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
 * @param bids changed levels, price and size in turn, in no order
 * @param asks likewise
 * @param receiveNs when it was received, nanoseconds since the epoch
 */
public record CcxtBook(
    String symbol,
    boolean isSnapshot,
    long timestampMs,
    long nonce,
    CcxtLevels bids,
    CcxtLevels asks,
    long receiveNs) {}
