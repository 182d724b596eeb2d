package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestTest {

  private static final List<String> SYMBOLS =
      List.of("ETH-USDT", "BTC-USDT", "BTC-USDC", "BTC-EUR", "DOGE-USDT");

  @ParameterizedTest
  @CsvSource({
    "BTC-USTD, BTC-USDT",
    "BTCUSDT, BTC-USDT",
    "BTC/USDT, BTC-USDT",
    "btc-eur, BTC-EUR",
    "DOGGE-USDT, DOGE-USDT",
    "ETH-USD, ETH-USDT",
  })
  void finds_what_a_slip_of_the_keyboard_meant(String wrong, String meant) {
    assertThat(Nearest.to(wrong, SYMBOLS)).contains(meant);
  }

  @Test
  void counts_two_swapped_letters_as_one_slip() {
    assertThat(Nearest.to("ab", List.of("ba", "cd"))).contains("ba");
  }

  @Test
  void suggests_nothing_when_nothing_is_near() {
    assertThat(Nearest.to("XRP-JPY", SYMBOLS)).isEmpty();
    assertThat(Nearest.to("", SYMBOLS)).isEmpty();
    assertThat(Nearest.to("BTC-USDT", List.of())).isEmpty();
  }

  @Test
  void lists_the_nearest_first_and_equals_in_alphabetical_order() {
    assertThat(Nearest.to("BTC-USD", SYMBOLS, 3)).containsExactly("BTC-USDC", "BTC-USDT");
    assertThat(Nearest.to("BTC-USDX", SYMBOLS, 1)).containsExactly("BTC-USDC");
    assertThat(Nearest.to("BTC-EURO", SYMBOLS, 9)).startsWith("BTC-EUR");
  }
}
