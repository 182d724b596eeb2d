package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtMarket;
import io.cryptofeed.connect.market.DecimalLimits;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.NormalisedSymbol;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The markets of an exchange served by CCXT as instruments, with the same normalised symbols as
 * those of native exchanges: {@code BTC-USDT}, {@code BTC-USDT-PERP}, {@code BTC-USD-25H28}.
 * Options and other types of markets are skipped. Immutable.
 */
final class CcxtInstruments {

  /** No markets. */
  static final CcxtInstruments NONE = new CcxtInstruments(Map.of());

  private final Map<String, Instrument> byMarket;

  /** By the key: an instrument stays the same if, for example, its tick size changes. */
  private final Map<String, String> symbols = new HashMap<>();

  private CcxtInstruments(Map<String, Instrument> byMarket) {
    this.byMarket = byMarket;
    byMarket.forEach((symbol, instrument) -> symbols.put(instrument.key(), symbol));
  }

  /**
   * @param exchange the id of the exchange
   * @param markets all markets that CCXT lists
   */
  static CcxtInstruments of(String exchange, List<CcxtMarket> markets) {
    Map<String, Listed> chosen = new LinkedHashMap<>();
    for (CcxtMarket market : markets) {
      Instrument instrument = instrument(exchange, market);
      if (instrument != null) {
        Listed listed = new Listed(market, instrument);
        chosen.merge(instrument.key(), listed, Listed::better);
      }
    }
    Map<String, Instrument> byMarket = new LinkedHashMap<>();
    chosen.values().forEach(listed -> byMarket.put(listed.market.symbol(), listed.instrument));
    return new CcxtInstruments(byMarket);
  }

  private record Listed(CcxtMarket market, Instrument instrument) {

    /**
     * Contracts on one pair that differ only in the asset they are settled in have the same symbol:
     * the one that is traded is meant, and of two such, the one that is counted in base units.
     */
    Listed better(Listed other) {
      int worse = instrument.state().compareTo(other.instrument.state());
      if (worse != 0) {
        return worse < 0 ? this : other;
      }
      return instrument.sizeUnit() == SizeUnit.BASE || other.instrument.sizeUnit() == SizeUnit.QUOTE
          ? this
          : other;
    }
  }

  private static @Nullable Instrument instrument(String exchange, CcxtMarket market) {
    MarketType type = type(market.type());
    String symbol = type == null ? null : symbol(type, market);
    if (type == null || symbol == null) {
      return null;
    }
    boolean contract = type != MarketType.SPOT;
    if (contract && market.contractSize() != null && positive(market.contractSize()) == null) {
      // Every size would be wrong.
      return null;
    }
    return new Instrument(
        exchange,
        type,
        symbol,
        market.id(),
        market.base(),
        market.quote(),
        positive(market.pricePrecision()),
        positive(market.amountPrecision()),
        contract && Boolean.TRUE.equals(market.inverse()) ? SizeUnit.QUOTE : SizeUnit.BASE,
        contract ? contractSize(market.contractSize()) : null,
        market.active() ? TradingState.TRADING : TradingState.HALTED,
        null);
  }

  private static @Nullable MarketType type(String type) {
    return switch (type) {
      case "spot" -> MarketType.SPOT;
      case "swap" -> MarketType.PERPETUAL;
      case "future" -> MarketType.FUTURE;
      default -> null;
    };
  }

  private static @Nullable String symbol(MarketType type, CcxtMarket market) {
    Long expiryMs = market.expiryMs();
    return NormalisedSymbol.of(
        type,
        market.base(),
        market.quote(),
        expiryMs == null ? null : Instant.ofEpochMilli(expiryMs));
  }

  /** A contract of one unit is that unit. */
  private static @Nullable BigDecimal contractSize(@Nullable String text) {
    BigDecimal size = positive(text);
    if (size == null || size.compareTo(BigDecimal.ONE) == 0) {
      return null;
    }
    return DecimalText.plain(size.stripTrailingZeros());
  }

  private static @Nullable BigDecimal positive(@Nullable String text) {
    try {
      BigDecimal number = text == null ? BigDecimal.ZERO : DecimalText.parse(text);
      return number.signum() > 0 && DecimalLimits.PRECISE.hold(number) ? number : null;
    } catch (NumberFormatException e) {
      return null;
    }
  }

  /** All instruments. */
  List<Instrument> all() {
    return new ArrayList<>(byMarket.values());
  }

  /** The instruments by CCXT's symbols: {@code BTC/USDT:USDT}. */
  Map<String, Instrument> byMarket() {
    return byMarket;
  }

  /** CCXT's symbol of an instrument; empty if CCXT does not list it. */
  String symbol(Instrument instrument) {
    return symbols.getOrDefault(instrument.key(), "");
  }
}
