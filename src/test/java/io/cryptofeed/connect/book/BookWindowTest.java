package io.cryptofeed.connect.book;

import static io.cryptofeed.connect.book.Updates.delta;
import static io.cryptofeed.connect.book.Updates.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.OrderBook.Level;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BookWindowTest {

  private final OrderBook book = new OrderBook();
  private final BookUpdate out = new BookUpdate(Updates.BTC);

  @Test
  void a_level_that_moves_into_the_window_is_a_change() throws InvalidBookException {
    BookWindow window = new BookWindow(book, 2);
    book.apply(snapshot(1).bid("10", "1").bid("9", "2").bid("8", "3").get());
    window.fill(out);
    assertThat(out.bidPrices()).hasToString("[10, 9]");

    book.apply(delta(2, 2).bid("10", "0").get());

    assertThat(window.fillChanges(out)).isTrue();
    assertThat(out.bidPrices()).hasToString("[10, 8]");
    assertThat(out.bidSizes()).hasToString("[0, 3]");
  }

  @Test
  void a_change_outside_the_window_is_not_a_change_of_it() throws InvalidBookException {
    BookWindow window = new BookWindow(book, 1);
    book.apply(snapshot(1).bid("10", "1").bid("9", "2").ask("11", "1").ask("12", "1").get());
    window.fill(out);

    book.apply(delta(2, 2).bid("9", "7").ask("12", "0").get());

    assertThat(window.fillChanges(out)).isFalse();
    assertThat(out.hasNoLevels()).isTrue();
  }

  /** Who applies what is told has the best levels, whatever happens to the book. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 10, 0})
  void applying_the_changes_gives_the_best_levels(int depth) throws InvalidBookException {
    Random random = new Random(depth);
    BookWindow window = new BookWindow(book, depth);
    TreeMap<BigDecimal, BigDecimal> bids = new TreeMap<>(Comparator.reverseOrder());
    TreeMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
    for (int i = 0; i < 20_000; i++) {
      Updates update = random.nextInt(500) == 0 ? snapshot(i) : delta(i, i);
      if (update.get().isSnapshot()) {
        update.bid("3." + "0".repeat(random.nextInt(3)) + "1", "5").ask("7", "1");
      } else {
        for (int n = random.nextInt(4); n >= 0; n--) {
          boolean bid = random.nextBoolean();
          String price =
              BigDecimal.valueOf((bid ? 0 : 500) + 1 + random.nextInt(60), 2)
                  .setScale(2 + (random.nextInt(9) == 0 ? 2 : 0))
                  .toPlainString();
          String size = random.nextInt(50) == 0 ? "12345678901234567890" : "" + random.nextInt(3);
          if (bid) {
            update.bid(price, size);
          } else {
            update.ask(price, size);
          }
        }
      }
      book.apply(update.get());
      if (update.get().isSnapshot()) {
        window.fill(out);
        bids.clear();
        asks.clear();
      } else {
        window.fillChanges(out);
      }
      apply(bids, out.bidPrices(), out.bidSizes());
      apply(asks, out.askPrices(), out.askSizes());
      assertSame(bids, book.bids(), depth);
      assertSame(asks, book.asks(), depth);
    }
  }

  private static void apply(
      TreeMap<BigDecimal, BigDecimal> side, DecimalColumn prices, DecimalColumn sizes) {
    for (int i = 0; i < prices.size(); i++) {
      BigDecimal price = prices.value(i).stripTrailingZeros();
      if (sizes.signum(i) == 0) {
        side.remove(price);
      } else {
        side.put(price, sizes.value(i));
      }
    }
  }

  private static void assertSame(
      TreeMap<BigDecimal, BigDecimal> told, List<Level> levels, int depth) {
    List<Level> best = depth == 0 ? levels : levels.subList(0, Math.min(depth, levels.size()));
    assertThat(told).hasSize(best.size());
    int i = 0;
    for (var level : told.entrySet()) {
      assertThat(level.getKey()).isEqualByComparingTo(best.get(i).price());
      assertThat(level.getValue()).isEqualByComparingTo(best.get(i).size());
      i++;
    }
  }
}
