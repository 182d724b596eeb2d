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
  void nothing_stands_against_it_where_trades_alone_are_streamed_and_can_be_read_again(
      String exchanges) {
    assertThat(obstacle("exchanges", exchanges)).isEqualTo("none");
  }

  @Test
  void it_holds_in_every_trade_stream_of_an_exchange() {
    assertThat(obstacle("exchange.binance.trades.mode", "raw")).isEqualTo("none");
    assertThat(obstacle("exchange.binance.trades.mode", "aggregate")).isEqualTo("none");
  }

  @ParameterizedTest
  @ValueSource(strings = {"l2_book", "quotes"})
  void books_and_quotes_cannot_be_read_again(String channel) {
    assertThat(obstacle("channels", "trades," + channel))
        .isEqualTo("channel '" + channel + "' of exchange 'binance' cannot be read again");
  }

  @Test
  void a_single_exchange_or_channel_that_cannot_is_enough() {
    assertThat(
            obstacle(
                "exchanges", "coinbase,binance",
                "exchange.coinbase.channels", "trades,l2_book"))
        .isEqualTo("channel 'l2_book' of exchange 'coinbase' cannot be read again");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "bybit | exchange 'bybit' does not number its trades one by one",
        "htx | exchange 'htx' does not number its trades one by one",
        "htx_swap | exchange 'htx_swap' does not number its trades one by one",
        "coinbase_advanced | exchange 'coinbase_advanced' gives only the newest of its spot trades again",
        "binance,bybit | exchange 'bybit' does not number its trades one by one",
        "binance,ccxt:bitrue | exchange 'bitrue' is served by CCXT, which does not say that trades can be read again from any place",
        "ccxt:binance | exchange 'binance' is served by CCXT, which does not say that trades can be read again from any place",
      })
  void an_exchange_that_does_not_give_its_trades_again_stands_against_it(
      String exchanges, String why) {
    assertThat(obstacle("exchanges", exchanges)).isEqualTo(why);
  }

  @Test
  void what_is_not_fetched_cannot_be_had_again() {
    assertThat(obstacle("backfill.enabled", "false")).isEqualTo("backfill.enabled is false");
  }

  @Test
  void a_configuration_with_errors_promises_nothing() {
    assertThat(obstacle("exchanges", "nyse"))
        .startsWith("the configuration has errors: ")
        .contains("unknown exchange 'nyse'");
    assertThat(ExactlyOnce.obstacle(Map.of())).isPresent();
  }

  /** The trades of Binance, with other values; given as key, value, key, value. */
  private static String obstacle(String... keysAndValues) {
    Map<String, String> properties = new HashMap<>();
    properties.put("exchanges", "binance");
    properties.put("symbols", "BTC-USDT");
    properties.put("channels", "trades");
    for (int i = 0; i < keysAndValues.length; i += 2) {
      properties.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return ExactlyOnce.obstacle(properties).orElse("none");
  }
}
