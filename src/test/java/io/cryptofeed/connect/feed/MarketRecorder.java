package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** Writes down everything that a feed publishes, and keeps the books as a consumer would. */
public final class MarketRecorder implements MarketListener {

  private final Map<String, List<SeenTrade>> trades = new HashMap<>();
  private final Map<String, BookTruth> books = new HashMap<>();
  private final Map<String, List<SeenBook>> bookRecords = new HashMap<>();
  private final Map<String, List<String>> quotes = new HashMap<>();
  private final List<FeedStatus> statuses = new ArrayList<>();

  public record SeenTrade(
      long first,
      long id,
      String text,
      BigDecimal price,
      BigDecimal size,
      Side side,
      Origin origin,
      long eventNs) {}

  public record SeenBook(
      @Nullable SnapshotReason reason, long first, long last, Integrity integrity) {}

  @Override
  public synchronized void onTrade(Trade trade) {
    trades
        .computeIfAbsent(trade.instrument().key(), key -> new ArrayList<>())
        .add(
            new SeenTrade(
                trade.firstSequence(),
                trade.sequence(),
                trade.id(),
                trade.price().stripTrailingZeros(),
                trade.size().stripTrailingZeros(),
                trade.side(),
                trade.origin(),
                trade.eventNs()));
  }

  @Override
  public synchronized void onObservation(Observation observation) {
    if (observation.layout() == Quotes.LAYOUT) {
      quotes
          .computeIfAbsent(observation.instrument().key(), key -> new ArrayList<>())
          .add(
              side(observation, Quotes.BID_PRICE, Quotes.BID_SIZE)
                  + " "
                  + side(observation, Quotes.ASK_PRICE, Quotes.ASK_SIZE));
    }
  }

  private static List<String> side(Observation quote, int price, int size) {
    return IntStream.of(price, size)
        .filter(quote::has)
        .mapToObj(field -> quote.decimal(field).text(0))
        .toList();
  }

  /** The quotes of an instrument, as bid and ask. */
  public synchronized List<String> quotes(String key) {
    return List.copyOf(quotes.getOrDefault(key, List.of()));
  }

  @Override
  public synchronized void onBook(BookUpdate update) {
    String key = update.instrument().key();
    BookTruth book = books.get(key);
    if (update.isSnapshot()) {
      book = new BookTruth();
      books.put(key, book);
    } else if (book == null) {
      throw new AssertionError("a delta came before any snapshot: " + update);
    }
    apply(book, true, update.bidPrices(), update.bidSizes());
    apply(book, false, update.askPrices(), update.askSizes());
    if (book.isCrossed()) {
      throw new AssertionError("a crossed book was published: " + update);
    }
    bookRecords
        .computeIfAbsent(key, any -> new ArrayList<>())
        .add(
            new SeenBook(
                update.reason(), update.firstSequence(), update.sequence(), update.integrity()));
  }

  private static void apply(
      BookTruth book, boolean bid, DecimalColumn prices, DecimalColumn sizes) {
    for (int i = 0; i < prices.size(); i++) {
      book.set(bid, prices.value(i), sizes.value(i));
    }
  }

  @Override
  public synchronized void onBookSnapshot(BookUpdate snapshot) {
    throw new AssertionError("no full books were asked for: " + snapshot);
  }

  @Override
  public synchronized void onFeedStatus(FeedStatus status) {
    statuses.add(status);
  }

  public synchronized List<SeenTrade> trades(String instrument) {
    return List.copyOf(trades.getOrDefault(instrument, List.of()));
  }

  public synchronized List<Long> tradeIds(String instrument) {
    return trades(instrument).stream().map(SeenTrade::id).toList();
  }

  public synchronized boolean bookEquals(String instrument, BookTruth truth) {
    BookTruth book = books.get(instrument);
    return book != null && book.equals(truth);
  }

  public synchronized List<SeenBook> books(String instrument) {
    return List.copyOf(bookRecords.getOrDefault(instrument, List.of()));
  }

  /** Why snapshots were sent, in order. */
  public synchronized List<SnapshotReason> snapshotReasons(String instrument) {
    List<SnapshotReason> reasons = new ArrayList<>();
    for (SeenBook book : books(instrument)) {
      if (book.reason() != null) {
        reasons.add(book.reason());
      }
    }
    return reasons;
  }

  public synchronized List<FeedStatus> statuses() {
    return List.copyOf(statuses);
  }

  public synchronized List<FeedStatus> statuses(FeedStatus.Status status) {
    return statuses.stream().filter(each -> each.status() == status).toList();
  }
}
