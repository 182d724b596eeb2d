package io.cryptofeed.connect.market;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/**
 * Something that is traded on one exchange, for example {@code binance.spot.BTC-USDT}.
 *
 * @param exchange the exchange's id, lower case: {@code binance}
 * @param marketType the kind of contract
 * @param symbol the normalised symbol: {@code BTC-USDT}, {@code BTC-USDT-PERP}
 * @param exchangeSymbol the venue's own symbol, exactly as the venue writes it: {@code BTCUSDT}
 * @param base the base asset, as the venue names it
 * @param quote the quote asset, as the venue names it
 * @param tickSize the smallest step of the price in quote units, null when the venue does not say
 * @param lotSize the smallest step of the size as the venue counts it, null when the venue does not
 *     say
 * @param sizeUnit what the sizes that are handed on are counted in
 * @param contractSize how many of that unit one of the venue's contracts is, null where the venue
 *     counts in that unit itself
 * @param active whether the venue says that it is trading now
 */
public record Instrument(
    String exchange,
    MarketType marketType,
    String symbol,
    String exchangeSymbol,
    String base,
    String quote,
    @Nullable BigDecimal tickSize,
    @Nullable BigDecimal lotSize,
    SizeUnit sizeUnit,
    @Nullable BigDecimal contractSize,
    boolean active) {

  /** An instrument whose venue counts sizes in base units. */
  public Instrument(
      String exchange,
      MarketType marketType,
      String symbol,
      String exchangeSymbol,
      String base,
      String quote,
      @Nullable BigDecimal tickSize,
      @Nullable BigDecimal lotSize,
      boolean active) {
    this(
        exchange,
        marketType,
        symbol,
        exchangeSymbol,
        base,
        quote,
        tickSize,
        lotSize,
        SizeUnit.BASE,
        null,
        active);
  }

  /** The key of every record of this instrument: {@code exchange.market_type.symbol}. */
  public String key() {
    return exchange + '.' + marketType.code() + '.' + symbol;
  }
}
