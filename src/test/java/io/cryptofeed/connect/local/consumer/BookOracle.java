package io.cryptofeed.connect.local.consumer;

import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.connect.data.Struct;

/**
 * Builds the book of one instrument from its records, as a consumer does, and compares it after
 * every record with the exchange's book at that record.
 */
public final class BookOracle {

  private BookOracle() {}

  /**
   * Compares the book of the records that the connector hands to Kafka Connect.
   *
   * @param truth the exchange's book at a record; asked in the order of the records
   * @param depth the levels per side that are published, 0 for all
   */
  public static void compareStructs(
      String instrument, List<Struct> records, Function<Struct, BookTruth> truth, int depth) {
    compare(instrument, records, ConsumedBook::accept, truth, depth);
  }

  /** Compares the book of the records that a consumer reads from Kafka. */
  public static void compareAvro(
      String instrument,
      List<GenericRecord> records,
      Function<GenericRecord, BookTruth> truth,
      int depth) {
    compare(instrument, records, ConsumedBook::accept, truth, depth);
  }

  private static <R> void compare(
      String instrument,
      List<R> records,
      BiConsumer<ConsumedBook, R> consume,
      Function<R, BookTruth> truth,
      int depth) {
    if (records.isEmpty()) {
      throw new AssertionError("there is no record of a book of " + instrument);
    }
    ConsumedBook book = new ConsumedBook();
    for (int i = 0; i < records.size(); i++) {
      R record = records.get(i);
      consume.accept(book, record);
      BookTruth right = truth.apply(record);
      book.requireEqual(
          right.bids(),
          right.asks(),
          depth,
          "%s, record %d of %d, sequence %s"
              .formatted(instrument, i + 1, records.size(), book.sequence()));
    }
  }
}
