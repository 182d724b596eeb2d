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
public final class PublishedBook implements BookSynchronizer.Listener, MarketListener {

  private final BookSchema schema = RecordSchemas.of(DecimalMode.PRECISE).bookSchema();
  private final BookSynchronizer synchronizer;
  private final BookPublisher publisher;
  private final ConsumedBook consumer = new ConsumedBook();
  private final ConsumedBook snapshotConsumer = new ConsumedBook();
  private final List<Struct> records = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private final Owner owner;
  private int refreshes;

  /** Provides the snapshots, and compares the consumers' books. */
  public interface Owner {

    /** A snapshot is needed. */
    default void onSnapshotNeeded() {}

    /** A newer snapshot of the valid book is needed. */
    default void onRefreshNeeded() {}

    /** The book had a fault and has started again. */
    default void onFault(Fault fault) {}

    /** A consumer has applied a record. */
    default void onRecord(ConsumedBook consumer) {}
  }

  PublishedBook(BookRules rules, Instrument instrument, BookOptions options) {
    this(rules, instrument, options, new Owner() {});
  }

  public PublishedBook(BookRules rules, Instrument instrument, BookOptions options, Owner owner) {
    this.owner = owner;
    synchronizer = new BookSynchronizer(rules, options.limits(), this);
    publisher = new BookPublisher(options, instrument, synchronizer.book(), this, 0);
    synchronizer.start(SnapshotReason.INITIAL);
  }

  /** Starts again, as after an interruption. */
  public void restart(SnapshotReason reason) {
    publisher.onInvalid();
    synchronizer.start(reason);
  }

  public BookSynchronizer synchronizer() {
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

  public List<Struct> records() {
    return records;
  }

  /** The faults so far. */
  public List<Fault> faults() {
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
  public void onSnapshotNeeded() {
    owner.onSnapshotNeeded();
  }

  @Override
  public void onRefreshNeeded() {
    refreshes++;
    owner.onRefreshNeeded();
  }

  @Override
  public void onFault(Fault fault) {
    faults.add(fault);
    restart(SnapshotReason.GAP);
    owner.onFault(fault);
  }

  @Override
  public void onBook(BookUpdate update) {
    Struct record = schema.write(update);
    records.add(record);
    consumer.accept(record);
    owner.onRecord(consumer);
  }

  @Override
  public void onBookSnapshot(BookUpdate snapshot) {
    snapshotConsumer.accept(schema.write(snapshot));
    owner.onRecord(snapshotConsumer);
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
