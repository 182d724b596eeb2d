package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * The best bid and ask.
 *
 * @param symbol CCXT's
 * @param timestampMs milliseconds since the epoch, -1 when unknown
 * @param bidSize null where the exchange does not say
 * @param askSize null where the exchange does not say
 * @param receiveNs when it was received, nanoseconds since the epoch
 */
public record CcxtQuote(
    String symbol,
    long timestampMs,
    String bid,
    @Nullable String bidSize,
    String ask,
    @Nullable String askSize,
    long receiveNs) {}
