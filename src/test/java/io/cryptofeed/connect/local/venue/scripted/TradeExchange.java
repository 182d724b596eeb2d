package io.cryptofeed.connect.local.venue.scripted;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The exchanges that a {@link TradeVenue} can be, each with two markets. */
public enum TradeExchange {
  BINANCE("binance", "raw", new BinanceTrades(), "BTCUSDT spot.BTC-USDT", "ETHUSDT spot.ETH-USDT"),
  BINANCE_AGGREGATES(
      "binance",
      "aggregate",
      new BinanceAggregates(false),
      "BTCUSDT spot.BTC-USDT",
      "ETHUSDT spot.ETH-USDT"),
  BINANCE_FUTURES(
      "binance_futures",
      null,
      new BinanceAggregates(true),
      "BTCUSDT perpetual.BTC-USDT-PERP",
      "ETHUSDT perpetual.ETH-USDT-PERP"),
  COINBASE("coinbase", null, new CoinbaseTrades(), "BTC-USD spot.BTC-USD", "ETH-USD spot.ETH-USD"),
  COINBASE_ADVANCED(
      "coinbase_advanced",
      null,
      new AdvancedTrades(),
      "BTC-USD spot.BTC-USD",
      "ETH-USD spot.ETH-USD"),
  KRAKEN("kraken", null, new KrakenTrades(), "BTC/USD spot.BTC-USD", "ETH/USD spot.ETH-USD"),
  OKX(
      "okx",
      null,
      new OkxTrades(),
      "BTC-USDT spot.BTC-USDT",
      "ETH-USDT-SWAP perpetual.ETH-USDT-PERP"),
  BYBIT(
      "bybit", null, new BybitTrades(), "BTCUSDT spot.BTC-USDT", "ETHUSDT perpetual.ETH-USDT-PERP"),
  HTX("htx", null, new HtxTrades(), "btcusdt spot.BTC-USDT", "ethusdt spot.ETH-USDT"),
  HTX_SWAP(
      "htx_swap",
      null,
      new HtxSwapTrades(),
      "BTC-USDT perpetual.BTC-USDT-PERP",
      "ETH-USDT perpetual.ETH-USDT-PERP"),
  BACKPACK(
      "backpack",
      null,
      new BackpackTrades(),
      "BTC_USDC spot.BTC-USDC",
      "ETH_USDC_PERP perpetual.ETH-USDC-PERP");

  private static final Set<String> BOUNDED =
      Set.of("bybit", "htx", "htx_swap", "coinbase_advanced");

  private final String id;
  private final @Nullable String tradesMode;
  private final TradeDialect dialect;
  private final String one;
  private final String other;

  TradeExchange(
      String id, @Nullable String tradesMode, TradeDialect dialect, String one, String other) {
    this.id = id;
    this.tradesMode = tradesMode;
    this.dialect = dialect;
    this.one = one;
    this.other = other;
  }

  /** The exchange's id in a configuration. */
  public String id() {
    return id;
  }

  /** The value of {@code trades.mode}, null if the exchange has only one trade stream. */
  public @Nullable String tradesMode() {
    return tradesMode;
  }

  /** One market, by the venue's symbol. */
  public String one() {
    return venueSymbol(one);
  }

  /** The other market, by the venue's symbol. */
  public String other() {
    return venueSymbol(other);
  }

  /** The key of the instrument of {@link #one()}: {@code kraken.spot.BTC-USD}. */
  public String oneKey() {
    return id + '.' + key(one);
  }

  /** The key of the instrument of {@link #other()}. */
  public String otherKey() {
    return id + '.' + key(other);
  }

  /** The normalised symbols of both. */
  public List<String> symbols() {
    return List.of(symbol(one), symbol(other));
  }

  /** Whether the ids of the trades show a gap. */
  public boolean numbersTrades() {
    return !Set.of("bybit", "htx", "htx_swap").contains(id);
  }

  /** Whether the history has only a fixed number of the newest trades. */
  public boolean hasOnlyTheNewest() {
    return BOUNDED.contains(id);
  }

  /** Whether the stream joins several trades of the history to one. */
  public boolean joinsFills() {
    return dialect.joinsFills();
  }

  public TradeDialect dialect() {
    return dialect;
  }

  List<String> venueSymbols() {
    return List.of(one(), other());
  }

  private static String venueSymbol(String market) {
    return market.substring(0, market.indexOf(' '));
  }

  private static String key(String market) {
    return market.substring(market.indexOf(' ') + 1);
  }

  private static String symbol(String market) {
    return market.substring(market.indexOf('.') + 1);
  }
}
