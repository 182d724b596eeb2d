package io.cryptofeed.connect.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NormalisedSymbolTest {

  private static final Instant EXPIRY = Instant.parse("2027-12-24T08:00:00Z");

  @Test
  void joins_the_assets_of_a_spot_pair() {
    assertThat(NormalisedSymbol.of(MarketType.SPOT, "BTC", "USDT", null)).isEqualTo("BTC-USDT");
  }

  @Test
  void marks_a_perpetual() {
    assertThat(NormalisedSymbol.of(MarketType.PERPETUAL, "BTC", "USDT", EXPIRY))
        .isEqualTo("BTC-USDT-PERP");
  }

  @ParameterizedTest
  @CsvSource({
    "2027-12-24T08:00:00Z, BTC-USD-27Z24",
    "2028-01-05T00:00:00Z, BTC-USD-28F05",
    "2028-06-30T23:59:59Z, BTC-USD-28M30",
    "2100-02-28T08:00:00Z, BTC-USD-00G28"
  })
  void dates_a_future_by_year_month_letter_and_day_in_utc(Instant expiry, String symbol) {
    assertThat(NormalisedSymbol.of(MarketType.FUTURE, "BTC", "USD", expiry)).isEqualTo(symbol);
  }

  @Test
  void has_no_symbol_for_a_future_of_unknown_expiry_or_for_an_option() {
    assertThat(NormalisedSymbol.of(MarketType.FUTURE, "BTC", "USD", null)).isNull();
    assertThat(NormalisedSymbol.of(MarketType.OPTION, "BTC", "USD", EXPIRY)).isNull();
  }
}
