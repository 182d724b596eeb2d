package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * A trade as CCXT has normalised it.
 *
 * @param symbol CCXT's symbol
 * @param id the trade id of the exchange, null if it sends none
 * @param timestampMs the event time, milliseconds since the epoch; -1 if unknown
 * @param side the side of the taker, {@code buy} or {@code sell}; null if unknown
 * @param price as the exchange wrote it, null if it did not
 * @param amount as the exchange wrote it, in base units or contracts; null if it did not
 * @param takerOrMaker {@code taker}, {@code maker}, or null
 * @param receiveNs the receive time, nanoseconds since the epoch
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
