package io.cryptofeed.connect.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.feed.listing.SymbolResolution;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SymbolPatternTest {

  @ParameterizedTest
  @CsvSource({
    "*, BTC-USDT, true",
    "*-USDT, BTC-USDT, true",
    "*-usdt, BTC-USDT, true",
    "*-USDT, BTC-USDT-PERP, false",
    "*-USDT, BTC-USDTX, false",
    "BTC-*, BTC-USDT-PERP, true",
    "BTC-*, XBTC-USDT, false",
    "*-PERP, ETH-USDC-PERP, true",
    "A*X-USD, AAPLx-USD, true",
    "AAPL*-USD, AAPLx-USD, true",
    "1.*-USDT, 10-USDT, false",
  })
  void a_star_stands_for_any_text(String pattern, String symbol, boolean matches) {
    assertThat(SymbolPattern.parse(pattern).matches(symbol)).isEqualTo(matches);
  }

  @Test
  void shares_have_every_symbol_once() {
    SymbolPattern pattern = SymbolPattern.parse("*-USDT");
    for (int i = 0; i < 500; i++) {
      String symbol = "COIN" + i + "-USDT";
      int takers = 0;
      for (int share = 0; share < 7; share++) {
        SymbolPattern shared = SymbolPattern.parse(pattern.shared(share, 7).toString());
        takers += shared.takes(symbol) ? 1 : 0;
      }
      assertThat(takers).isEqualTo(1);
    }
  }

  @Test
  void resolves_to_what_has_not_ended_each_once() {
    List<Instrument> listed =
        new ArrayList<>(
            List.of(
                instrument("BTC-USDT", TradingState.TRADING),
                instrument("OLD-USDT", TradingState.ENDED),
                instrument("HALT-USDT", TradingState.HALTED),
                instrument("AAPLx-USD", TradingState.TRADING),
                instrument("ETH-BTC", TradingState.TRADING)));

    SymbolResolution resolution =
        SymbolResolution.of(List.of("*-USDT", "BTC-*", "AAPLX-USD"), listed);

    assertThat(resolution.found())
        .extracting(Instrument::symbol)
        .containsExactly("BTC-USDT", "HALT-USDT", "AAPLx-USD");
    assertThat(resolution.missing()).isEmpty();
  }

  private static Instrument instrument(String symbol, TradingState state) {
    return new Instrument(
        "venue",
        MarketType.SPOT,
        symbol,
        symbol,
        "base",
        "quote",
        null,
        null,
        SizeUnit.BASE,
        null,
        state,
        null);
  }
}
