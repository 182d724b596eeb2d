package io.cryptofeed.connect.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Trade;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SourceOffsetTest {

  @Test
  void a_sequence_is_read_back_from_any_kind_of_number() {
    assertThat(SourceOffset.tradeSequence(Map.of("trade_seq", 7L), null)).isEqualTo(7);
    assertThat(SourceOffset.tradeSequence(Map.of("trade_seq", 7), null)).isEqualTo(7);
    assertThat(SourceOffset.tradeSequence(Map.of("trade_seq", 7.0), null)).isEqualTo(7);
  }

  @Test
  void an_offset_without_a_sequence_says_so() {
    assertThat(SourceOffset.tradeSequence(Map.of("trade_id", "x"), null))
        .isEqualTo(Trade.NO_SEQUENCE);
    assertThat(SourceOffset.tradeSequence(Map.of("trade_seq", "x"), null))
        .isEqualTo(Trade.NO_SEQUENCE);
  }

  @Test
  void a_sequence_of_another_trade_stream_is_none() {
    Map<String, Object> raw = SourceOffset.of(Events.trade(Events.BTC, 7, "1", "1"), "raw");
    assertThat(SourceOffset.tradeSequence(raw, "raw")).isEqualTo(7);
    assertThat(SourceOffset.tradeSequence(raw, "aggregate")).isEqualTo(Trade.NO_SEQUENCE);
    assertThat(SourceOffset.tradeSequence(raw, null)).isEqualTo(Trade.NO_SEQUENCE);
  }

  @Test
  void what_we_write_has_no_fault() {
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
        .hasValue("has the key 'trade_seq', and may have [sequence, ts_event_ns]");
  }

  @Test
  void a_value_of_another_type_is_a_fault() {
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_seq", "12")))
        .hasValue("has '12' for 'trade_seq', and must have a whole number");
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_seq", 1.5))).isPresent();
    assertThat(SourceOffset.fault(Channel.TRADES, Map.of("trade_id", 12L)))
        .hasValue("has '12' for 'trade_id', and must have a text");
    Map<String, Object> withNull = new HashMap<>();
    withNull.put("trade_seq", null);
    assertThat(SourceOffset.fault(Channel.TRADES, withNull)).isPresent();
  }
}
