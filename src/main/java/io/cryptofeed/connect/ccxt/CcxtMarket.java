package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * A market as CCXT describes it. Numbers are text, as exact as CCXT has them.
 *
 * @param symbol CCXT's symbol: {@code BTC/USDT}, {@code BTC/USDT:USDT}
 * @param id the symbol of the exchange: {@code BTCUSDT}
 * @param settle the asset that a contract is settled in, null for spot
 * @param type {@code spot}, {@code margin}, {@code swap}, {@code future}, {@code option}, or
 *     another type that CCXT may add
 * @param linear whether a contract is settled in its quote asset, null if unknown
 * @param inverse whether a contract is settled in its base asset, null if unknown
 * @param contractSize how much of the base (or, when inverse, of the quote) a contract is
 * @param active whether it is trading; true if the exchange does not send it
 * @param expiryMs when a contract ends, milliseconds since the epoch, null if it does not
 * @param pricePrecision the smallest step of the price, null if unknown
 * @param amountPrecision the smallest step of the size, in the unit of the exchange, null if
 *     unknown
 */
public record CcxtMarket(
    String symbol,
    String id,
    String base,
    String quote,
    @Nullable String settle,
    String type,
    @Nullable Boolean linear,
    @Nullable Boolean inverse,
    @Nullable String contractSize,
    boolean active,
    @Nullable Long expiryMs,
    @Nullable String pricePrecision,
    @Nullable String amountPrecision) {}
