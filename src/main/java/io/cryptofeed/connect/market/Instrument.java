package io.cryptofeed.connect.market;

import java.math.BigDecimal;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that is traded on one exchange, for example {@code binance.spot.BTC-USDT}.
 *
 * @param exchange the exchange's id, lower case: {@code binance}
 * @param marketType the kind of contract
 * @param symbol the normalised symbol: {@code BTC-USDT}, {@code BTC-USDT-PERP}
 * @param exchangeSymbol the venue's symbol, exactly as the venue writes it: {@code BTCUSDT}
 * @param base the base asset, as the venue names it
 * @param quote the quote asset, as the venue names it
 * @param tickSize the smallest step of the price in quote units, null if the venue does not send it
 * @param lotSize the smallest step of the size as the venue counts it, null if the venue does not
 *     send it
 * @param sizeUnit the unit of the sizes that are emitted
 * @param contractSize how many of that unit one of the venue's contracts has, null if the venue
 *     counts in that unit
 * @param state whether it is traded now, as the venue reports
 * @param assetClass the venue's word for what is traded, if it distinguishes shares, commodities or
 *     currencies from crypto assets; null if it sends none
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
    TradingState state,
    @Nullable String assetClass) {

  /**
   * An instrument whose venue counts sizes in base units.
   *
   * @param trading whether it is traded now; otherwise it is halted
   */
  public Instrument(
      String exchange,
      MarketType marketType,
      String symbol,
      String exchangeSymbol,
      String base,
      String quote,
      @Nullable BigDecimal tickSize,
      @Nullable BigDecimal lotSize,
      boolean trading) {
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
        trading ? TradingState.TRADING : TradingState.HALTED,
        null);
  }

  /** The key of every record of this instrument: {@code exchange.market_type.symbol}. */
  public String key() {
    return exchange + '.' + marketType.code() + '.' + symbol;
  }

  /** Whether a stream of this instrument can go on with what the venue lists now. */
  public boolean isStreamedAs(Instrument now) {
    return key().equals(now.key())
        && exchangeSymbol.equals(now.exchangeSymbol)
        && sizeUnit == now.sizeUnit
        && Objects.equals(contractSize, now.contractSize);
  }

  /** Converts sizes as the venue counts them, which may be in contracts, to {@link #sizeUnit}. */
  public void toUnits(DecimalColumn sizes) {
    if (contractSize != null) {
      sizes.multiply(contractSize);
    }
  }

  /** Converts the size at an index, as {@link #toUnits(DecimalColumn)} does. */
  public void toUnits(DecimalColumn sizes, int index) {
    if (contractSize != null) {
      sizes.multiply(index, contractSize);
    }
  }
}
