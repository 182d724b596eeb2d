package io.cryptofeed.connect.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Trade;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceOffsetTest {

  @Test
  void numbers_are_read_back_from_any_kind_of_number() {
    for (Number seven : List.of(7L, 7, 7.0)) {
      assertThat(SourceOffset.lastTrade(Map.of("trade_seq", seven, "ts_event_ns", seven), null))
          .hasValue(new LastTrade("", 7, 7));
    }
  }

  @Test
  void an_offset_may_be_incomplete() {
    assertThat(SourceOffset.lastTrade(Map.of("trade_id", "x"), null))
        .hasValue(new LastTrade("x", Trade.NO_SEQUENCE, 0));
    assertThat(SourceOffset.lastTrade(Map.of("trade_seq", "x"), null)).isEmpty();
    assertThat(SourceOffset.lastTrade(Map.of(), null)).isEmpty();
  }

  @Test
  void only_the_time_is_used_of_another_trade_stream() {
    Trade trade = Events.trade(Events.BTC, 7, "1", "1");
    Map<String, Object> raw = SourceOffset.of(trade, "raw");
    assertThat(SourceOffset.lastTrade(raw, "raw")).hasValue(new LastTrade("7", 7, trade.eventNs()));
    LastTrade timeAlone = new LastTrade("", Trade.NO_SEQUENCE, trade.eventNs());
    assertThat(SourceOffset.lastTrade(raw, "aggregate")).hasValue(timeAlone);
    assertThat(SourceOffset.lastTrade(raw, null)).hasValue(timeAlone);
  }

  @Test
  void offsets_of_the_connector_have_no_fault() {
    assertThat(
            SourceOffset.fault(
                Channel.TRADES, SourceOffset.of(Events.trade(Events.BTC, 1, "1", "1"), "raw")))
        .isEmpty();
    assertThat(SourceOffset.fault(Channel.L2_BOOK, SourceOffset.of(Events.snapshot(Events.BTC, 1))))
        .isEmpty();
  }

  @Test
  void a_key_of_another_channel_is_a_fault() {
    assertThat(SourceOffset.fault(Channel.L2_BOOK, Map.of("trade_seq", 1L)))
        .hasValue("has the unknown key 'trade_seq'; known are [sequence, ts_event_ns]");
  }

  @Test
  void a_value_of_another_type_is_a_fault() {
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_seq", "12")))
        .hasValue("has '12' for 'trade_seq', which must be a whole number");
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_seq", 1.5))).isPresent();
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_id", 12L)))
        .hasValue("has '12' for 'trade_id', which must be a text");
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("trade_seq", null);
    assertThat(SourceOffset.fault(Channel.TRADES, withNull)).isPresent();
  }

  @Test
  void a_negative_number_is_a_fault_unless_the_exchange_has_some() {
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_seq", -1L)))
        .hasValue("has '-1' for 'trade_seq', which must be 0 or more");
    assertThat(SourceOffset.fault(Channel.QUOTES, Map.of("ts_event_ns", -1L)))
        .hasValue("has '-1' for 'ts_event_ns', which must be 0 or more");
    assertThat(SourceOffset.fault(Channel.L2_BOOK, Map.of("sequence", -1L))).isEmpty();
  }

  @Test
  void an_offset_without_trade_and_time_is_a_fault() {
    for (Map<String, ?> nothing :
        List.<Map<String, ?>>of(
            Map.of(), Map.of("trades_mode", "raw"), Map.of("ts_event_ns", 0L))) {
      assertThat(SourceOffset.lastTrade(nothing, "raw")).isEmpty();
      assertThat(SourceOffset.fault(Channel.TRADES, nothing)).isPresent();
    }
    assertThat(SourceOffset.fault(Channel.FEED_STATUS, Map.of())).isEmpty();
  }

  @Test
  void an_id_that_differs_from_its_number_is_a_fault() {
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_id", "7", "trade_seq", 7)))
        .isEmpty();
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_id", "8", "trade_seq", 7L)))
        .hasValue(
            "has the trade_id '8' and the trade_seq 7: set the same number in both, or remove trade_id");
  }
}
