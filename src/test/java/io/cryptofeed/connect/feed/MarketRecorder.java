package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.local.consumer.BookOracle;
import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.schema.BookSchema;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Writes down everything that a feed publishes, and keeps the books as a consumer would. */
public final class MarketRecorder implements MarketListener {

  private static final BookSchema SCHEMA = RecordSchemas.of(DecimalMode.PRECISE).bookSchema();

  private final Map<String, List<SeenTrade>> trades = new HashMap<>();
  private final Map<String, ConsumedBook> books = new HashMap<>();
  private final Map<String, List<Struct>> structs = new HashMap<>();
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
    Struct record = SCHEMA.write(update);
    books.computeIfAbsent(key, any -> new ConsumedBook()).accept(record);
    structs.computeIfAbsent(key, any -> new ArrayList<>()).add(record);
    bookRecords
        .computeIfAbsent(key, any -> new ArrayList<>())
        .add(
            new SeenBook(
                update.reason(), update.firstSequence(), update.sequence(), update.integrity()));
  }

  /**
   * Builds the book of an instrument again as a consumer does, and compares it after every record
   * with the exchange's book at that record.
   *
   * @param truth the exchange's book at a record; asked in the order of the records
   * @param depth the levels per side that are published, 0 for all
   */
  public void compareBooks(String instrument, Function<Struct, BookTruth> truth, int depth) {
    List<Struct> records;
    synchronized (this) {
      records = List.copyOf(structs.getOrDefault(instrument, List.of()));
    }
    BookOracle.compareStructs(instrument, records, truth, depth);
  }

  /** The records of an instrument's book. */
  public synchronized List<Struct> bookStructs(String instrument) {
    return List.copyOf(structs.getOrDefault(instrument, List.of()));
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
    ConsumedBook book = books.get(instrument);
    return book != null && book.bids().equals(truth.bids()) && book.asks().equals(truth.asks());
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
