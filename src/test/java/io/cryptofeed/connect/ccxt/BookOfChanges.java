package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/** The book that a consumer makes of what he is told. */
final class BookOfChanges {

  private final TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>(Comparator.reverseOrder());
  private final TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
  private long nonce;

  static BookOfChanges of(List<CcxtBook> changes) {
    BookOfChanges book = new BookOfChanges();
    changes.forEach(book::apply);
    return book;
  }

  private void apply(CcxtBook change) {
    if (change.isSnapshot()) {
      bids.clear();
      asks.clear();
    }
    change.bids().forEach((price, size) -> set(bids, price, size));
    change.asks().forEach((price, size) -> set(asks, price, size));
    nonce = change.nonce();
  }

  private static void set(TreeMap<BigDecimal, BigDecimal> side, BigDecimal price, BigDecimal size) {
    if (size.signum() == 0) {
      side.remove(price);
    } else {
      side.put(price, size);
    }
  }

  long nonce() {
    return nonce;
  }

  boolean sameAs(BookTruth truth) {
    return same(bids, truth.bids()) && same(asks, truth.asks());
  }

  private static boolean same(
      TreeMap<BigDecimal, BigDecimal> side, NavigableMap<BigDecimal, BigDecimal> truth) {
    return side.size() == truth.size()
        && truth.entrySet().stream()
            .allMatch(
                level -> {
                  BigDecimal size = side.get(level.getKey());
                  return size != null && size.compareTo(level.getValue()) == 0;
                });
  }
}
