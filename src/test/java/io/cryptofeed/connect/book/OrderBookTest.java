package io.cryptofeed.connect.book;

import static io.cryptofeed.connect.book.Updates.delta;
import static io.cryptofeed.connect.book.Updates.snapshot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.book.OrderBook.Level;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class OrderBookTest {

  private final OrderBook book = new OrderBook();

  @Test
  void lists_bids_from_the_highest_and_asks_from_the_lowest() throws InvalidBookException {
    book.apply(snapshot(1).bid("10", "1").bid("9.5", "2").ask("10.5", "3").ask("11", "4").get());

    assertThat(book.bids())
        .extracting(Level::price)
        .map(BigDecimal::doubleValue)
        .containsExactly(10.0, 9.5);
    assertThat(book.asks())
        .extracting(Level::price)
        .map(BigDecimal::doubleValue)
        .containsExactly(10.5, 11.0);
  }

  @Test
  void a_price_written_in_two_ways_is_one_level() throws InvalidBookException {
    book.apply(snapshot(1).bid("86700", "1").get());
    book.apply(delta(2, 2).bid("86700.0", "2.50").get());
    book.apply(delta(3, 3).bid("86700.000001", "7").get());

    assertThat(book.bids())
        .extracting(Level::size)
        .containsExactly(new BigDecimal("7"), new BigDecimal("2.50"));
  }

  @Test
  void a_size_of_zero_removes_and_an_unknown_removal_is_not_a_fault() throws InvalidBookException {
    book.apply(snapshot(1).bid("10", "1").ask("11", "1").get());
    book.apply(delta(2, 2).bid("10", "0.00000000").bid("4", "0").ask("11.0", "0").get());

    assertThat(book.bids()).isEmpty();
    assertThat(book.asks()).isEmpty();
  }

  @Test
  void a_snapshot_replaces_the_book() throws InvalidBookException {
    book.apply(snapshot(1).bid("10", "1").ask("20", "1").get());
    book.apply(snapshot(5).bid("25", "1").ask("30", "1").get());

    assertThat(book.bids()).hasSize(1);
    assertThat(book.asks()).hasSize(1);
  }

  @Test
  void sizes_of_more_than_18_digits_stay_exact() throws InvalidBookException {
    String size = "12345678901234567890.123456789012345678";
    book.apply(snapshot(1).bid("10", size).bid("9", "1").get());
    book.apply(delta(2, 2).bid("10.25", "3").get());

    assertThat(book.bids())
        .extracting(Level::size)
        .containsExactly(new BigDecimal("3"), new BigDecimal(size), new BigDecimal("1"));
  }

  @Test
  void a_bid_that_reaches_the_best_ask_is_a_fault() {
    assertThatThrownBy(
            () -> {
              book.apply(snapshot(1).bid("10", "1").ask("11", "1").get());
              book.apply(delta(2, 2).bid("11", "1").get());
            })
        .isInstanceOf(InvalidBookException.class)
        .hasMessage("best bid 11 is not below best ask 11");
  }

  @Test
  void prices_that_cannot_be_are_faults() {
    assertThatThrownBy(() -> book.apply(snapshot(1).bid("0", "1").get()))
        .hasMessage("price 0 is not above zero");
    assertThatThrownBy(() -> book.apply(snapshot(1).ask("-3", "1").get()))
        .hasMessage("price -3 is not above zero");
    assertThatThrownBy(() -> book.apply(snapshot(1).ask("3", "-1").get()))
        .hasMessage("size -1 is below zero");
    assertThatThrownBy(() -> book.apply(snapshot(1).ask("1.1234567890123456789", "1").get()))
        .hasMessage(
            "price 1.1234567890123456789 has more than 20 digits before the decimal point or 18 after it; set decimal.mode=string to keep it");
  }

  @Test
  void equals_a_sorted_map_after_a_million_random_updates() throws InvalidBookException {
    Random random = new Random(42);
    TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>(Comparator.reverseOrder());
    TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    for (int i = 0; i < 1_000_000; i++) {
      boolean bid = random.nextBoolean();
      int scale = random.nextInt(4);
      long tick = bid ? 1 + random.nextInt(500) : 501 + random.nextInt(500);
      BigDecimal price = BigDecimal.valueOf(tick, 2).setScale(2 + scale);
      BigDecimal size = BigDecimal.valueOf(random.nextInt(3), 1);
      TreeMap<BigDecimal, BigDecimal> model = bid ? bids : asks;
      if (size.signum() == 0) {
        model.remove(price);
      } else {
        model.put(price, size);
      }
      Updates update = delta(i, i);
      book.apply(
          (bid
                  ? update.bid(price.toPlainString(), size.toPlainString())
                  : update.ask(price.toPlainString(), size.toPlainString()))
              .get());
    }
    assertSame(book.bids(), bids);
    assertSame(book.asks(), asks);
  }

  private static void assertSame(List<Level> levels, Map<BigDecimal, BigDecimal> model) {
    assertThat(levels).hasSameSizeAs(model.entrySet());
    int i = 0;
    for (var entry : model.entrySet()) {
      assertThat(levels.get(i).price()).isEqualByComparingTo(entry.getKey());
      assertThat(levels.get(i).size()).isEqualByComparingTo(entry.getValue());
      i++;
    }
  }
}
