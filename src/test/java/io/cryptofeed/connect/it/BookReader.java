package io.cryptofeed.connect.it;

import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Builds the books as a consumer of the book topic would, by the exchange's own symbol. */
final class BookReader {

  private final Map<String, BookTruth> books = new HashMap<>();
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
      books.put(symbol, new BookTruth());
    } else {
      deltas++;
    }
    BookTruth book = books.get(symbol);
    if (book == null) {
      throw new AssertionError("a delta of " + symbol + " arrived before any snapshot");
    }
    apply(book, true, record.get("bids"));
    apply(book, false, record.get("asks"));
    if (book.isCrossed()) {
      throw new AssertionError("the book of " + symbol + " is crossed at " + record);
    }
  }

  private static void apply(BookTruth book, boolean bid, Object levels) {
    for (Object level : (List<?>) levels) {
      GenericRecord row = (GenericRecord) level;
      book.set(bid, (BigDecimal) row.get("price"), (BigDecimal) row.get("size"));
    }
  }

  @Nullable BookTruth book(String exchangeSymbol) {
    return books.get(exchangeSymbol);
  }

  Map<String, BookTruth> books() {
    return books;
  }

  int snapshots() {
    return snapshots;
  }

  int deltas() {
    return deltas;
  }
}
