package io.cryptofeed.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExactlyOnceTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "binance",
        "binance_futures",
        "coinbase",
        "kraken",
        "okx",
        "backpack",
        "binance,coinbase,kraken"
      })
  void is_supported_if_only_trades_are_streamed_and_can_be_read_again(String exchanges) {
    assertThat(obstacle("exchanges", exchanges)).isEqualTo("none");
  }

  @Test
  void is_supported_in_every_trade_stream_of_an_exchange() {
    assertThat(obstacle("exchange.binance.trades.mode", "raw")).isEqualTo("none");
    assertThat(obstacle("exchange.binance.trades.mode", "aggregate")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"l2_book", "quotes"})
  void books_and_quotes_cannot_be_read_again(String channel) {
    assertThat(obstacle("channels", "trades," + channel))
        .isEqualTo(
            "channel '" + channel + "' of exchange 'binance' cannot be read again after a restart");
  }

  @Test
  void a_single_exchange_or_channel_that_cannot_be_read_again_prevents_it() {
    assertThat(
            obstacle(
                "exchanges", "coinbase,binance",
                "exchange.coinbase.channels", "trades,l2_book"))
        .isEqualTo("channel 'l2_book' of exchange 'coinbase' cannot be read again after a restart");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bybit | exchange 'bybit' has no consecutive trade ids",
        "htx | exchange 'htx' has no consecutive trade ids",
        "htx_swap | exchange 'htx_swap' has no consecutive trade ids",
        "coinbase_advanced | exchange 'coinbase_advanced' has only the newest trades in its trade history of market type spot",
        "binance,bybit | exchange 'bybit' has no consecutive trade ids",
        "binance,ccxt:bitrue | exchange 'bitrue' is served by CCXT, which does not guarantee that trades can be read again from any offset",
        "ccxt:binance | exchange 'binance' is served by CCXT, which does not guarantee that trades can be read again from any offset",
      })
  void an_exchange_whose_trades_cannot_be_read_again_prevents_it(String exchanges, String why) {
    assertThat(obstacle("exchanges", exchanges)).isEqualTo(why);
  }

  @Test
  void without_backfill_trades_cannot_be_read_again() {
    assertThat(obstacle("backfill.enabled", "false")).isEqualTo("backfill.enabled is false");
  }

  @Test
  void a_configuration_with_errors_prevents_it() {
    assertThat(obstacle("exchanges", "nyse"))
        .startsWith("the configuration has errors: ")
        .contains("unknown exchange 'nyse'");
    assertThat(ExactlyOnce.obstacle(Map.of())).isPresent();
  }

  /** The trades of Binance, with other values; given as key, value, key, value. */
  private static String obstacle(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("exchanges", "binance");
    properties.put("symbols", "*");
    properties.put("channels", "trades");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ExactlyOnce.obstacle(properties).orElse("none");
  }
}
