package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.Nullable;

/**
 * A market as CCXT describes it. Numbers are text, as exact as CCXT gives them.
 *
 * @param symbol CCXT's: {@code BTC/USDT}, {@code BTC/USDT:USDT}
 * @param id the exchange's own: {@code BTCUSDT}
 * @param settle the asset that a contract is settled in, null for spot
 * @param type {@code spot}, {@code margin}, {@code swap}, {@code future}, {@code option}, or
 *     another that CCXT may invent
 * @param linear whether a contract is settled in its quote asset, null when there is no telling
 * @param inverse whether a contract is settled in its base asset, null when there is no telling
 * @param contractSize how much of the base (or, when inverse, of the quote) a contract is
 * @param active whether it is trading; true where the exchange does not say
 * @param expiryMs when a contract ends, milliseconds since the epoch, null when it does not
 * @param pricePrecision the smallest step of the price, null when there is no telling
 * @param amountPrecision the smallest step of the size, as the exchange counts it, likewise
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
