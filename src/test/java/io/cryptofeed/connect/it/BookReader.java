package io.cryptofeed.connect.it;

import io.cryptofeed.connect.local.consumer.BookOracle;
import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.avro.generic.GenericRecord;

/** The books of the consumer of a book topic, by the exchange's own symbol. */
final class BookReader {

  private final Map<String, List<GenericRecord>> records = new LinkedHashMap<>();
  private final Map<String, ConsumedBook> books = new HashMap<>();
  private int snapshots;
  private int deltas;

  static BookReader of(List<GenericRecord> records) {
    BookReader reader = new BookReader();
    records.forEach(reader::accept);
    return reader;
  }

  private void accept(GenericRecord record) {
    String symbol = record.get("exchange_symbol").toString();
    if ((Boolean) record.get("is_snapshot")) {
      snapshots++;
    } else {
      deltas++;
    }
    records.computeIfAbsent(symbol, any -> new ArrayList<>()).add(record);
    books.computeIfAbsent(symbol, any -> new ConsumedBook()).accept(record);
  }

  /**
   * Compares each book after every record with the exchange's at that record.
   *
   * @param truth the exchange's book of a symbol at a sequence, or at the next message if the
   *     record has none
   */
  void compareWith(Function<String, BookHistory.Walk> truth) {
    records.forEach(
        (symbol, each) -> {
          BookHistory.Walk exchange = truth.apply(symbol);
          BookOracle.compareAvro(
              symbol, each, record -> exchange.at((Long) record.get("sequence")), 0);
        });
  }

  /** The records of each book. */
  Map<String, List<GenericRecord>> records() {
    return records;
  }

  /** The book of each symbol after its last record. */
  Map<String, BookTruth> books() {
    Map<String, BookTruth> last = new HashMap<>();
    books.forEach(
        (symbol, book) -> {
          BookTruth copy = new BookTruth();
          book.bids().forEach((price, size) -> copy.set(true, price, size));
          book.asks().forEach((price, size) -> copy.set(false, price, size));
          last.put(symbol, copy);
        });
    return last;
  }

  int snapshots() {
    return snapshots;
  }

  int deltas() {
    return deltas;
  }
}
