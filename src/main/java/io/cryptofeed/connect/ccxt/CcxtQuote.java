package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * The best bid and ask.
 *
 * @param symbol CCXT's symbol
 * @param timestampMs milliseconds since the epoch, -1 if unknown
 * @param bidSize null if the exchange does not send it
 * @param askSize null if the exchange does not send it
 * @param receiveNs the receive time, nanoseconds since the epoch
 */
public record CcxtQuote(
    String symbol,
    long timestampMs,
    String bid,
    @Nullable String bidSize,
    String ask,
    @Nullable String askSize,
    long receiveNs) {}
