package io.cryptofeed.connect.feed.books;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.InvalidBookException;
import io.cryptofeed.connect.book.OrderBook;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.BookOptions.Mode;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.market.TradingState;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BookPublisherTest {

  private static final Instrument SPOT =
      new Instrument("venue", MarketType.SPOT, "X-Y", "XY", "X", "Y", null, null, true);
  private static final Instrument SWAP =
      new Instrument(
          "venue",
          MarketType.PERPETUAL,
          "X-Y-PERP",
          "XY",
          "X",
          "Y",
          null,
          null,
          SizeUnit.BASE,
          new BigDecimal("0.01"),
          TradingState.TRADING,
          null);

  private final OrderBook book = new OrderBook();
  private final List<String> written = new ArrayList<>();
  private Instrument instrument = SPOT;

  private final MarketListener listener =
      new MarketListener() {
        @Override
        public void onTrade(Trade trade) {
          throw new AssertionError();
        }

        @Override
        public void onBook(BookUpdate update) {
          written.add(line("", update));
        }

        @Override
        public void onBookSnapshot(BookUpdate snapshot) {
          written.add(line("beside: ", snapshot));
        }

        @Override
        public void onObservation(Observation observation) {
          throw new AssertionError();
        }

        @Override
        public void onFeedStatus(FeedStatus status) {
          throw new AssertionError();
        }
      };

  private static String line(String topic, BookUpdate update) {
    SnapshotReason reason = update.reason();
    return topic
        + (reason == null ? "delta" : reason.code())
        + " "
        + update.sequence()
        + (update.previousSequence() == -1 ? "" : " after " + update.previousSequence())
        + " "
        + update.bidPrices()
        + " x "
        + update.bidSizes();
  }

  private BookPublisher output(Mode mode, int depth, long intervalMs) {
    return new BookPublisher(
        new BookOptions(mode, depth, Duration.ofMillis(intervalMs)), instrument, book, listener, 0);
  }

  private void give(
      BookPublisher output, @Nullable SnapshotReason reason, long sequence, String... bids) {
    BookUpdate update =
        new BookUpdate(instrument).set(instrument, reason != null, sequence, sequence, -1, 1, 2);
    for (int i = 0; i < bids.length; i += 2) {
      update.bidPrices().add(new BigDecimal(bids[i]));
      update.bidSizes().add(new BigDecimal(bids[i + 1]));
    }
    try {
      book.apply(update);
    } catch (InvalidBookException e) {
      throw new IllegalArgumentException(e);
    }
    update.qualify(reason, Integrity.SEQUENCE);
    output.onValid(update);
  }

  @Test
  void without_a_depth_every_update_is_handed_on_and_names_the_one_before() {
    BookPublisher output = output(Mode.DELTA, 0, 0);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2");
    give(output, null, 7, "9", "3");
    give(output, null, 9, "9", "3");

    assertThat(written)
        .containsExactly(
            "initial 5 [9, 8] x [1, 2]", "delta 7 after 5 [9] x [3]", "delta 9 after 7 [9] x [3]");
  }

  @Test
  void with_a_depth_the_changes_of_the_best_levels_are_handed_on() {
    BookPublisher output = output(Mode.DELTA, 2, 0);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2", "7", "3");
    give(output, null, 6, "7", "4");
    give(output, null, 7, "9", "0");

    assertThat(written)
        .containsExactly("initial 5 [9, 8] x [1, 2]", "delta 7 after 5 [9, 7] x [0, 4]");
  }

  @Test
  void full_books_come_by_the_clock_and_updates_go_on_from_them() {
    BookPublisher output = output(Mode.DELTA, 1, 1_000);
    output.tick(0, 10);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2");
    give(output, null, 6, "8", "5");
    output.tick(Duration.ofMillis(999).toNanos(), 20);
    output.tick(Duration.ofMillis(1_000).toNanos(), 30);
    give(output, null, 7, "9", "4");

    assertThat(written)
        .containsExactly(
            "initial 5 [9] x [1]", "periodic 6 [9] x [1]", "delta 7 after 6 [9] x [4]");
  }

  @Test
  void a_book_that_is_not_right_is_not_handed_on_by_the_clock() {
    BookPublisher output = output(Mode.SNAPSHOT, 1, 1_000);
    give(output, SnapshotReason.INITIAL, 5, "9", "1");
    output.onInvalid();
    output.tick(Duration.ofSeconds(5).toNanos(), 20);

    assertThat(written).containsExactly("initial 5 [9] x [1]");
  }

  @Test
  void in_mode_snapshot_a_full_book_is_handed_on_when_its_best_levels_have_changed() {
    BookPublisher output = output(Mode.SNAPSHOT, 2, 0);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2", "7", "3");
    give(output, null, 6, "7", "4");
    give(output, null, 7, "8", "6");

    assertThat(written).containsExactly("initial 5 [9, 8] x [1, 2]", "change 7 [9, 8] x [1, 6]");
  }

  @Test
  void in_mode_snapshot_with_an_interval_changes_wait_for_the_clock() {
    BookPublisher output = output(Mode.SNAPSHOT, 2, 1_000);
    give(output, SnapshotReason.GAP, 5, "9", "1");
    give(output, null, 6, "9", "4");
    output.tick(1, 20);

    assertThat(written).containsExactly("gap 5 [9] x [1]", "periodic 6 [9] x [4]");
  }

  @Test
  void in_mode_both_full_books_go_their_own_way() {
    BookPublisher output = output(Mode.BOTH, 1, 0);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2");
    give(output, null, 6, "9", "3");

    assertThat(written)
        .containsExactly(
            "initial 5 [9] x [1]",
            "beside: initial 5 [9] x [1]",
            "delta 6 after 5 [9] x [3]",
            "beside: change 6 [9] x [3]");
  }

  @Test
  void in_mode_both_a_delta_follows_the_delta_before_and_not_a_full_book_of_the_other_channel() {
    BookPublisher output = output(Mode.BOTH, 1, 1_000);
    give(output, SnapshotReason.INITIAL, 5, "9", "1", "8", "2");
    give(output, null, 6, "8", "5");
    output.tick(Duration.ofMillis(1_000).toNanos(), 30);
    give(output, null, 7, "9", "4");

    assertThat(written)
        .containsExactly(
            "initial 5 [9] x [1]", "beside: periodic 6 [9] x [1]", "delta 7 after 5 [9] x [4]");
  }

  @Test
  void contracts_become_units_and_the_book_keeps_contracts() {
    instrument = SWAP;
    BookPublisher output = output(Mode.DELTA, 0, 1_000);
    give(output, SnapshotReason.INITIAL, 5, "9", "7");
    output.tick(1, 20);

    assertThat(written).containsExactly("initial 5 [9] x [0.07]", "periodic 5 [9] x [0.07]");
    assertThat(book.bids().get(0).size()).isEqualTo(new BigDecimal("7"));
  }
}
