package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.trades.HistoricalTrades.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Trade;
import org.junit.jupiter.api.Test;

class AnnouncedTradeTest {

  private static final long NONE = Trade.NO_SEQUENCE;

  private final AnnouncedTrade announced = new AnnouncedTrade();

  @Test
  void is_missing_when_the_stream_does_not_send_it_in_time() {
    assertThat(announced.announce(12, 10, 0)).isEqualTo(NONE);
    assertThat(announced.announce(13, 10, 2 * SECOND)).isEqualTo(NONE);
    assertThat(announced.announce(14, 10, 2 * SECOND + 1)).isEqualTo(12);
  }

  @Test
  void is_not_missing_when_the_stream_has_sent_it() {
    announced.announce(12, 10, 0);

    assertThat(announced.announce(14, 12, 3 * SECOND)).isEqualTo(NONE);
    assertThat(announced.announce(14, 14, 4 * SECOND)).isEqualTo(NONE);
  }

  @Test
  void is_timed_from_its_own_announcement() {
    announced.announce(12, 10, 0);
    announced.announce(12, 12, SECOND);
    announced.announce(15, 12, 3 * SECOND);

    assertThat(announced.announce(15, 12, 4 * SECOND)).isEqualTo(NONE);
    assertThat(announced.announce(15, 12, 6 * SECOND)).isEqualTo(15);
  }
}
