package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.trades.HistoricalTrades.SECOND;
import static io.cryptofeed.connect.feed.trades.HistoricalTrades.trade;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import org.junit.jupiter.api.Test;

class RenumberingTest {

  private static final long LAST_NS = 1_700_000_000L * SECOND;
  private static final long NEWER_NS = LAST_NS + 61 * SECOND;

  private final Renumbering renumbering = new Renumbering();

  private static Trade live(long id) {
    return trade(id, NEWER_NS, Origin.STREAM);
  }

  @Test
  void is_detected_by_three_newer_live_trades_in_a_row() {
    assertThat(renumbering.take(live(7), LAST_NS)).isTrue();
    assertThat(renumbering.take(live(8), LAST_NS)).isTrue();
    assertThat(renumbering.isDetected()).isFalse();
    assertThat(renumbering.take(live(9), LAST_NS)).isTrue();

    assertThat(renumbering.isDetected()).isTrue();
    assertThat(renumbering.dropAll()).extracting(Trade::id).containsExactly("7", "8", "9");
    assertThat(renumbering.isDetected()).isFalse();
  }

  @Test
  void is_detected_by_ten_newer_live_trades_with_consecutive_ids() {
    for (long id = 7; id < 16; id++) {
      assertThat(renumbering.take(trade(id, LAST_NS + id, Origin.STREAM), LAST_NS)).isTrue();
    }
    assertThat(renumbering.isDetected()).isFalse();
    assertThat(renumbering.take(trade(16, LAST_NS + 16, Origin.STREAM), LAST_NS)).isTrue();

    assertThat(renumbering.isDetected()).isTrue();
    assertThat(renumbering.dropAll()).hasSize(10);
    assertThat(renumbering.isEmpty()).isTrue();
  }

  @Test
  void is_not_detected_by_any_number_of_newer_trades_whose_ids_are_not_consecutive() {
    for (long id = 7; id < 5_000; id += 2) {
      renumbering.take(trade(id, LAST_NS + id, Origin.STREAM), LAST_NS);
    }

    assertThat(renumbering.isDetected()).isFalse();
    assertThat(renumbering.dropAll()).hasSize(1_000);
  }

  @Test
  void is_not_detected_by_duplicates() {
    for (long id = 7; id < 50; id++) {
      assertThat(renumbering.take(trade(id, LAST_NS, Origin.STREAM), LAST_NS)).isFalse();
    }

    assertThat(renumbering.isDetected()).isFalse();
    assertThat(renumbering.isEmpty()).isTrue();
  }

  @Test
  void is_not_detected_by_historical_trades() {
    assertThat(renumbering.take(trade(7, NEWER_NS, Origin.BACKFILL), LAST_NS)).isFalse();
  }

  @Test
  void is_not_detected_by_one_trade_that_is_sent_again_and_again() {
    for (int i = 0; i < 5; i++) {
      renumbering.take(live(7), LAST_NS);
    }

    assertThat(renumbering.isDetected()).isFalse();
  }

  @Test
  void needs_three_trades_after_one_with_a_higher_id() {
    renumbering.take(live(7), LAST_NS);
    renumbering.take(live(8), LAST_NS);
    assertThat(renumbering.dropAll()).hasSize(2);
    renumbering.take(live(9), LAST_NS);

    assertThat(renumbering.isDetected()).isFalse();
  }

  @Test
  void takes_any_live_trade_for_newer_if_the_time_of_the_last_one_is_not_known() {
    assertThat(renumbering.take(trade(7, 1, Origin.STREAM), 0)).isTrue();
  }

  @Test
  void keeps_copies() {
    Trade reused = live(7);
    renumbering.take(reused, LAST_NS);
    reused.set(
        reused.instrument(),
        "99",
        99,
        99,
        Trade.NO_SEQUENCE,
        reused.side(),
        0,
        Origin.STREAM,
        NEWER_NS,
        NEWER_NS);

    assertThat(renumbering.dropAll()).extracting(Trade::id).containsExactly("7");
  }
}
