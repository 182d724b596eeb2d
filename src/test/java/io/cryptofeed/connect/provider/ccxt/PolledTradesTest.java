package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.provider.ccxt.PolledTrades.News;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The newest trades of an instrument that is polled. */
class PolledTradesTest {

  private final PolledTrades polled = new PolledTrades();

  @Test
  void the_stream_starts_with_the_first_page() {
    News first = polled.take(page(1, 5));

    assertThat(first.trades()).isEmpty();
    assertThat(first.continues()).isFalse();
  }

  @Test
  void only_trades_that_the_page_before_did_not_have_are_new() {
    polled.take(page(1, 5));

    assertThat(polled.take(page(3, 7))).isEqualTo(new News(page(6, 7), true));
    assertThat(polled.take(page(3, 7))).isEqualTo(new News(List.of(), true));
    assertThat(polled.take(page(7, 9))).isEqualTo(new News(page(8, 9), true));
  }

  @Test
  void trades_may_be_missing_between_pages_without_a_common_trade() {
    polled.take(page(1, 5));

    assertThat(polled.take(page(6, 9))).isEqualTo(new News(page(6, 9), false));
  }

  @Test
  void an_empty_page_changes_nothing() {
    polled.take(List.of());
    assertThat(polled.take(page(1, 2))).isEqualTo(new News(page(1, 2), true));
    assertThat(polled.take(List.of())).isEqualTo(new News(List.of(), true));
    assertThat(polled.take(page(2, 3))).isEqualTo(new News(page(3, 3), true));
  }

  @Test
  void after_an_interruption_the_stream_starts_again() {
    polled.take(page(1, 5));
    polled.interrupt();

    assertThat(polled.take(page(4, 8))).isEqualTo(new News(List.of(), false));
  }

  private static List<CcxtTrade> page(long from, long to) {
    return LongStream.rangeClosed(from, to)
        .mapToObj(
            id -> new CcxtTrade("A/B", Long.toString(id), 1_000 + id, "buy", "1", "1", null, 5))
        .toList();
  }
}
