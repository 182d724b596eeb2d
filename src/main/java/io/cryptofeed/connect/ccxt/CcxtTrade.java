package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * A trade as CCXT has normalised it.
 *
 * @param symbol CCXT's
 * @param id the exchange's, null where it gives none
 * @param timestampMs when it happened, milliseconds since the epoch; -1 when unknown
 * @param side the taker's, {@code buy} or {@code sell}; null when unknown
 * @param price as the exchange wrote it, null when it did not
 * @param amount as the exchange wrote it, in base units or contracts; null when it did not
 * @param takerOrMaker {@code taker}, {@code maker}, or null
 * @param receiveNs when it was received, nanoseconds since the epoch
 */
public record CcxtTrade(
    String symbol,
    @Nullable String id,
    long timestampMs,
    @Nullable String side,
    @Nullable String price,
    @Nullable String amount,
    @Nullable String takerOrMaker,
    long receiveNs) {}
