package io.cryptofeed.connect.local.venue.market;

import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;

/**
 * One instrument of a {@link SimulatedMarket}: an order book that moves on its tick grid and is
 * never crossed, and taker orders that trade at the best bid or ask. Prices and sizes are whole
 * numbers of ticks and lots, a tick and a lot being one unit of the last decimal place.
 *
 * <p>Owned by the thread of the venue that simulates it.
 */
public final class SimulatedInstrument {

  private static final int MOST_FILLS = 4;

  /** Receives each changed level. */
  public interface LevelSink {
    void level(long updateId, boolean bid, long price, long size);
  }

  /**
   * A taker order: trades with consecutive ids at one price.
   *
   * @param id consecutive for each instrument
   * @param sizes lots, one for each trade
   */
  @SuppressWarnings(
      "ArrayRecordComponent") // made a hundred thousand times a second, never compared
  public record TakerOrder(
      long id, long firstTradeId, long price, long[] sizes, boolean buy, long timeMicros) {
    public long lastTradeId() {
      return firstTradeId + sizes.length - 1;
    }

    public long totalSize() {
      long total = 0;
      for (long size : sizes) {
        total += size;
      }
      return total;
    }
  }

  /** A trade of the history, in ticks and lots. */
  public record HistoricalTrade(long id, long price, long size, boolean buy, long timeMicros) {}

  private final String symbol;
  private final String base;
  private final String quote;
  private final int priceScale;
  private final int sizeScale;
  private final int depth;
  private final boolean keepHistory;
  private final SplittableRandom orderRandom;
  private final SplittableRandom levelRandom;
  private final NavigableMap<Long, Long> bids = new TreeMap<>(Comparator.reverseOrder());
  private final NavigableMap<Long, Long> asks = new TreeMap<>();
  private final long firstTradeId;
  private final long firstOrderId;
  private final long firstUpdateId;
  private final BookTruth firstBook;
  private final LongTable tradeHistory = new LongTable(4);

  /** The index of each order's first trade. */
  private final LongTable orderHistory = new LongTable(1);

  private final LongTable levelHistory = new LongTable(3);
  private long mid;
  private long nextTradeId;
  private long nextOrderId;
  private long updateId;

  public SimulatedInstrument(String symbol, int depth, long seed, boolean keepHistory) {
    int dash = symbol.indexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException(
          "'" + symbol + "' is not a normalised symbol: write BASE-QUOTE, such as BTC-USDT");
    }
    this.symbol = symbol;
    this.base = symbol.substring(0, dash);
    this.quote = symbol.substring(dash + 1);
    this.depth = depth;
    this.keepHistory = keepHistory;
    SplittableRandom random = new SplittableRandom(seed * 31 + symbol.hashCode());
    orderRandom = random.split();
    levelRandom = random.split();
    switch (base) {
      case "BTC" -> {
        priceScale = 2;
        sizeScale = 8;
        mid = 67_123_45;
      }
      case "ETH" -> {
        priceScale = 2;
        sizeScale = 5;
        mid = 3_456_78;
      }
      default -> {
        priceScale = 4;
        sizeScale = 1;
        mid = 10_000L + random.nextInt(1_000_000);
      }
    }
    mid = Math.max(mid, 4L * depth);
    firstTradeId = 4_900_000_000L + random.nextInt(1_000_000);
    nextTradeId = firstTradeId;
    firstOrderId = 3_100_000_000L + random.nextInt(1_000_000);
    nextOrderId = firstOrderId;
    for (int i = 0; i < depth; i++) {
      bids.put(mid - i, randomSize());
      asks.put(mid + 1 + i, randomSize());
    }
    firstUpdateId = 70_000_000_000L + random.nextInt(1_000_000);
    updateId = firstUpdateId;
    firstBook = book();
  }

  public String symbol() {
    return symbol;
  }

  public String base() {
    return base;
  }

  public String quote() {
    return quote;
  }

  public int priceScale() {
    return priceScale;
  }

  public int sizeScale() {
    return sizeScale;
  }

  public NavigableMap<Long, Long> bids() {
    return bids;
  }

  public NavigableMap<Long, Long> asks() {
    return asks;
  }

  /** The id of the newest change of the book. */
  public long updateId() {
    return updateId;
  }

  /** The id of the newest trade; one less than the first id if there is none. */
  public long lastTradeId() {
    return nextTradeId - 1;
  }

  /** How many trades happened. */
  public long tradeCount() {
    return nextTradeId - firstTradeId;
  }

  /** Makes one taker order trade at the best bid or ask. */
  public TakerOrder trade(long timeMicros) {
    boolean buy = orderRandom.nextBoolean();
    long price = buy ? asks.firstKey() : bids.firstKey();
    long[] sizes = new long[1];
    if (orderRandom.nextInt(4) == 0) {
      sizes = new long[2 + orderRandom.nextInt(MOST_FILLS - 1)];
    }
    for (int i = 0; i < sizes.length; i++) {
      sizes[i] = 1L + orderRandom.nextInt(2_000_000);
    }
    TakerOrder order = new TakerOrder(nextOrderId++, nextTradeId, price, sizes, buy, timeMicros);
    nextTradeId += sizes.length;
    if (keepHistory) {
      orderHistory.add(tradeHistory.rows());
      for (long size : sizes) {
        tradeHistory.add(price, size, buy ? 1 : 0, timeMicros);
      }
    }
    return order;
  }

  /** Changes the book at one level, or moves it by one tick, which changes a few levels. */
  public void changeBook(LevelSink sink) {
    if (levelRandom.nextInt(10) == 0) {
      moveByOneTick(sink);
    } else {
      changeOneLevel(sink);
    }
  }

  private void changeOneLevel(LevelSink sink) {
    boolean bid = levelRandom.nextBoolean();
    int distance = Math.min(levelRandom.nextInt(depth), levelRandom.nextInt(depth));
    long price = bid ? mid - distance : mid + 1 + distance;
    NavigableMap<Long, Long> side = bid ? bids : asks;
    boolean remove = levelRandom.nextInt(4) == 0 && side.size() > depth / 2;
    set(bid, price, remove ? 0 : randomSize(), sink);
  }

  private void moveByOneTick(LevelSink sink) {
    boolean up = mid < 4L * depth || levelRandom.nextBoolean();
    long crossed = up ? mid + 1 : mid;
    if (up ? asks.size() < 2 : bids.size() < 2) {
      return;
    }
    set(!up, crossed, 0, sink);
    mid += up ? 1 : -1;
    set(up, crossed, randomSize(), sink);
    set(!up, up ? mid + depth : mid - depth + 1, randomSize(), sink);
    set(up, up ? mid - depth : mid + depth + 1, 0, sink);
  }

  /** The best bid is taken away, and its price becomes the best ask; nothing is added below. */
  public void fall(LevelSink sink) {
    long price = mid--;
    set(true, price, 0, sink);
    set(false, price, randomSize(), sink);
  }

  private void set(boolean bid, long price, long size, LevelSink sink) {
    NavigableMap<Long, Long> side = bid ? bids : asks;
    if (size == 0) {
      side.remove(price);
    } else {
      side.put(price, size);
    }
    updateId++;
    if (keepHistory) {
      levelHistory.add(bid ? 1 : 0, price, size);
    }
    sink.level(updateId, bid, price, size);
  }

  private long randomSize() {
    return 1L + levelRandom.nextInt(50_000_000);
  }

  /** The book as it is now. */
  public BookTruth book() {
    BookTruth book = new BookTruth();
    for (Map.Entry<Long, Long> level : bids.entrySet()) {
      book.set(true, price(level.getKey()), size(level.getValue()));
    }
    for (Map.Entry<Long, Long> level : asks.entrySet()) {
      book.set(false, price(level.getKey()), size(level.getValue()));
    }
    return book;
  }

  /** The book after the change with this id. */
  public BookTruth bookAt(long id) {
    requireHistory();
    if (id < firstUpdateId || id > updateId) {
      throw new IllegalArgumentException(
          symbol + " has no update " + id + ": ask from " + firstUpdateId + " to " + updateId);
    }
    BookTruth book = new BookTruth();
    firstBook.bids().forEach((price, size) -> book.set(true, price, size));
    firstBook.asks().forEach((price, size) -> book.set(false, price, size));
    for (int i = 0; i < id - firstUpdateId; i++) {
      book.set(
          levelHistory.get(i, 0) == 1, price(levelHistory.get(i, 1)), size(levelHistory.get(i, 2)));
    }
    return book;
  }

  /** All trades, the oldest first. */
  public List<TradeTruth> trades() {
    requireHistory();
    List<TradeTruth> trades = new ArrayList<>();
    for (int i = 0; i < tradeHistory.rows(); i++) {
      trades.add(
          new TradeTruth(
              firstTradeId + i,
              price(tradeHistory.get(i, 0)),
              size(tradeHistory.get(i, 1)),
              tradeHistory.get(i, 2) == 1 ? Side.BUY : Side.SELL,
              tradeHistory.get(i, 3)));
    }
    return trades;
  }

  /** The trades with this id and higher ones, the oldest first. */
  public List<HistoricalTrade> tradesFrom(long id, int limit) {
    requireHistory();
    List<HistoricalTrade> trades = new ArrayList<>();
    for (int i = row(id); i < tradeHistory.rows() && trades.size() < limit; i++) {
      trades.add(historicalTrade(i));
    }
    return trades;
  }

  /** The trades with lower ids, the newest first. */
  public List<HistoricalTrade> tradesBefore(long id, int limit) {
    requireHistory();
    List<HistoricalTrade> trades = new ArrayList<>();
    for (int i = row(id) - 1; i >= 0 && trades.size() < limit; i--) {
      trades.add(historicalTrade(i));
    }
    return trades;
  }

  /** The row of the first trade with this id or a higher one. */
  private int row(long id) {
    return (int) Math.min(Math.max(id - firstTradeId, 0), tradeHistory.rows());
  }

  private HistoricalTrade historicalTrade(int row) {
    return new HistoricalTrade(
        firstTradeId + row,
        tradeHistory.get(row, 0),
        tradeHistory.get(row, 1),
        tradeHistory.get(row, 2) == 1,
        tradeHistory.get(row, 3));
  }

  /** The taker orders with this id and higher ones, the oldest first. */
  public List<TakerOrder> ordersFrom(long id, int limit) {
    requireHistory();
    List<TakerOrder> orders = new ArrayList<>();
    int first = (int) Math.min(Math.max(id - firstOrderId, 0), orderHistory.rows());
    for (int i = first; i < orderHistory.rows() && orders.size() < limit; i++) {
      orders.add(historicalOrder(i));
    }
    return orders;
  }

  private TakerOrder historicalOrder(int index) {
    int from = (int) orderHistory.get(index, 0);
    int until =
        index + 1 < orderHistory.rows()
            ? (int) orderHistory.get(index + 1, 0)
            : tradeHistory.rows();
    long[] sizes = new long[until - from];
    for (int i = from; i < until; i++) {
      sizes[i - from] = tradeHistory.get(i, 1);
    }
    return new TakerOrder(
        firstOrderId + index,
        firstTradeId + from,
        tradeHistory.get(from, 0),
        sizes,
        tradeHistory.get(from, 2) == 1,
        tradeHistory.get(from, 3));
  }

  private BigDecimal price(long ticks) {
    return BigDecimal.valueOf(ticks, priceScale);
  }

  private BigDecimal size(long lots) {
    return BigDecimal.valueOf(lots, sizeScale);
  }

  /** Whether the past of the instrument is kept. */
  public boolean keepsHistory() {
    return keepHistory;
  }

  private void requireHistory() {
    if (!keepHistory) {
      throw new IllegalStateException(
          "history of " + symbol + " was not kept: start the simulator with keepHistory(true)");
    }
  }

  /** Rows of numbers in one growing array: a long run keeps millions of them. */
  private static final class LongTable {
    private final int columns;
    private long[] cells = new long[1024];
    private int used;

    public LongTable(int columns) {
      this.columns = columns;
    }

    public void add(long... row) {
      if (used + columns > cells.length) {
        cells = Arrays.copyOf(cells, cells.length * 2);
      }
      System.arraycopy(row, 0, cells, used, columns);
      used += columns;
    }

    public int rows() {
      return used / columns;
    }

    public long get(int row, int column) {
      return cells[row * columns + column];
    }
  }
}
