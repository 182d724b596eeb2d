package io.cryptofeed.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.MarketType;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

class RereadableTradesTest {

  private static final Set<MarketType> SPOT = Set.of(MarketType.SPOT);

  @ParameterizedTest
  @EnumSource(value = Paging.class, mode = Mode.EXCLUDE, names = "NEWEST")
  void trades_with_consecutive_ids_can_be_read_again_by_any_paging_but_the_newest(Paging paging) {
    RereadableTrades replay =
        new RereadableTrades(
            TradeNumbering.CONSECUTIVE, SPOT, Map.of(MarketType.SPOT, history(paging)));
    assertThat(replay.obstacle()).isEmpty();
  }

  @Test
  void a_history_of_two_days_is_sufficient() {
    TradeHistory bounded = new TradeHistory(Paging.FROM_ID, 1000, Duration.ofHours(48));
    assertThat(
            new RereadableTrades(TradeNumbering.CONSECUTIVE, SPOT, Map.of(MarketType.SPOT, bounded))
                .obstacle())
        .isEmpty();
  }

  @Test
  void a_history_of_only_the_newest_trades_is_not_sufficient() {
    assertThat(
            new RereadableTrades(
                    TradeNumbering.CONSECUTIVE,
                    SPOT,
                    Map.of(MarketType.SPOT, history(Paging.NEWEST)))
                .obstacle())
        .hasValue("has only the newest trades in its trade history of market type spot");
  }

  @ParameterizedTest
  @EnumSource(value = TradeNumbering.class, mode = Mode.EXCLUDE, names = "CONSECUTIVE")
  void trades_without_consecutive_ids_cannot_be_read_again(TradeNumbering numbering) {
    assertThat(
            new RereadableTrades(
                    numbering, SPOT, Map.of(MarketType.SPOT, history(Paging.FROM_TIME)))
                .obstacle())
        .hasValue("has no consecutive trade ids");
  }

  @Test
  void every_market_type_needs_a_history() {
    RereadableTrades replay =
        new RereadableTrades(
            TradeNumbering.CONSECUTIVE,
            Set.of(MarketType.PERPETUAL, MarketType.SPOT),
            Map.of(MarketType.SPOT, history(Paging.FROM_ID)));
    assertThat(replay.obstacle()).hasValue("has no trade history of market type perpetual");
  }

  @Test
  void a_history_by_time_needs_the_time_of_a_trade() {
    RereadableTrades replay =
        new RereadableTrades(
            TradeNumbering.CONSECUTIVE,
            Set.of(MarketType.PERPETUAL, MarketType.SPOT, MarketType.FUTURE),
            Map.of(
                MarketType.SPOT,
                history(Paging.FROM_TIME),
                MarketType.FUTURE,
                history(Paging.FROM_ID)));
    assertThat(replay.isByTime(MarketType.SPOT)).isTrue();
    assertThat(replay.isByTime(MarketType.FUTURE)).isFalse();
    assertThat(replay.isByTime(MarketType.PERPETUAL)).isFalse();
  }

  private static TradeHistory history(Paging paging) {
    return new TradeHistory(paging, 1000, Duration.ZERO);
  }
}
