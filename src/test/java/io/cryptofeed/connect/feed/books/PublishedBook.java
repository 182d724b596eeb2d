package io.cryptofeed.connect.feed.books;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.schema.BookSchema;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Struct;

/**
 * The way of a book from the exchange's updates to a consumer: synchronised, published, written as
 * records, and built again from the records. A book with a fault starts again.
 */
final class PublishedBook implements BookSynchronizer.Listener, MarketListener {

  private final BookSchema schema = RecordSchemas.of(DecimalMode.PRECISE).bookSchema();
  private final BookSynchronizer synchronizer;
  private final BookPublisher publisher;
  private final ConsumedBook consumer = new ConsumedBook();
  private final ConsumedBook snapshotConsumer = new ConsumedBook();
  private final List<Struct> records = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private int refreshes;

  PublishedBook(BookRules rules, Instrument instrument, BookOptions options) {
    synchronizer = new BookSynchronizer(rules, options.limits(), this);
    publisher = new BookPublisher(options, instrument, synchronizer.book(), this, 0);
    synchronizer.start(SnapshotReason.INITIAL);
  }

  BookSynchronizer synchronizer() {
    return synchronizer;
  }

  /** The book of a consumer of {@code l2_book}. */
  ConsumedBook consumer() {
    return consumer;
  }

  /** The book of a consumer of {@code l2_snapshot}. */
  ConsumedBook snapshotConsumer() {
    return snapshotConsumer;
  }

  List<Struct> records() {
    return records;
  }

  List<Fault> faults() {
    return faults;
  }

  /** How often a refresh was requested. */
  int refreshes() {
    return refreshes;
  }

  @Override
  public void onValid(BookUpdate update) {
    publisher.onValid(update);
  }

  @Override
  public void onSnapshotNeeded() {}

  @Override
  public void onRefreshNeeded() {
    refreshes++;
  }

  @Override
  public void onFault(Fault fault) {
    faults.add(fault);
    publisher.onInvalid();
    synchronizer.start(SnapshotReason.GAP);
  }

  @Override
  public void onBook(BookUpdate update) {
    Struct record = schema.write(update);
    records.add(record);
    consumer.accept(record);
  }

  @Override
  public void onBookSnapshot(BookUpdate snapshot) {
    snapshotConsumer.accept(schema.write(snapshot));
  }

  @Override
  public void onTrade(Trade trade) {
    throw new AssertionError(trade);
  }

  @Override
  public void onObservation(Observation observation) {
    throw new AssertionError(observation);
  }

  @Override
  public void onFeedStatus(FeedStatus status) {
    throw new AssertionError(status);
  }
}
