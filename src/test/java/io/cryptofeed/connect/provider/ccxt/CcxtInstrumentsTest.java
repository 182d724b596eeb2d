package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.ccxt.CcxtMarket;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The markets of CCXT as instruments. */
class CcxtInstrumentsTest {

  private static final long LAST_DAY_OF_2027 = 1_830_240_000_000L;

  @ParameterizedTest
  @CsvSource({
    "spot, BTC/USDT, BTC, USDT, BTC-USDT",
    "spot, 1000SATS/USDT, 1000SATS, USDT, 1000SATS-USDT",
    "swap, BTC/USDT:USDT, BTC, USDT, BTC-USDT-PERP",
    "swap, BTC/USD:BTC, BTC, USD, BTC-USD-PERP",
    "future, BTC/USDT:USDT-271231, BTC, USDT, BTC-USDT-27Z31",
  })
  void a_market_has_the_same_symbol_as_at_a_native_exchange(
      String type, String symbol, String base, String quote, String name) {
    Instrument instrument = only(market(symbol, base, quote, type, null, null));

    assertThat(instrument.symbol()).isEqualTo(name);
    assertThat(instrument.exchange()).isEqualTo("bitrue");
    assertThat(instrument.exchangeSymbol()).isEqualTo("id of " + symbol);
    assertThat(instrument.key()).startsWith("bitrue." + instrument.marketType().code() + ".");
  }

  @ParameterizedTest
  @CsvSource({"option", "margin", "index", "future"})
  void a_market_without_a_normalised_symbol_is_skipped(String type) {
    CcxtMarket market = undated(market("BTC/USD:BTC", "BTC", "USD", type, null, null));

    assertThat(CcxtInstruments.of("bitrue", List.of(market)).all()).isEmpty();
  }

  @Test
  void linear_contracts_are_counted_in_base_units_and_inverse_ones_in_quote_units() {
    Instrument linear = only(market("A/USDT:USDT", "A", "USDT", "swap", false, "0.0010"));
    Instrument inverse = only(market("A/USD:A", "A", "USD", "swap", true, "100"));
    Instrument plain = only(market("A/USDT:USDT", "A", "USDT", "swap", false, "1.0"));
    Instrument spot = only(market("A/USDT", "A", "USDT", "spot", null, "7"));

    assertThat(linear.sizeUnit()).isEqualTo(SizeUnit.BASE);
    assertThat(linear.contractSize()).isEqualTo(new BigDecimal("0.001"));
    assertThat(inverse.sizeUnit()).isEqualTo(SizeUnit.QUOTE);
    assertThat(inverse.contractSize()).isEqualTo(new BigDecimal("100"));
    assertThat(plain.contractSize()).isNull();
    assertThat(spot.contractSize()).isNull();
    assertThat(spot.marketType()).isEqualTo(MarketType.SPOT);
  }

  @Test
  void steps_have_no_exponent_or_are_unknown() {
    Instrument instrument = only(market("A/B", "A", "B", "spot", null, null));

    assertThat(instrument.tickSize()).isEqualTo(new BigDecimal("0.00000001"));
    assertThat(instrument.lotSize()).isNull();
  }

  @Test
  void of_contracts_with_the_same_symbol_the_traded_one_and_then_the_linear_one_is_used() {
    CcxtMarket inverse = market("A/USD:A", "A", "USD", "swap", true, "1");
    CcxtMarket linear = market("A/USD:USDC", "A", "USD", "swap", false, "1");
    CcxtMarket gone = inactive(market("A/USD:USD", "A", "USD", "swap", false, "1"));

    for (List<CcxtMarket> listed :
        List.of(List.of(gone, inverse, linear), List.of(linear, inverse, gone))) {
      assertThat(CcxtInstruments.of("bitrue", listed).byMarket()).containsOnlyKeys("A/USD:USDC");
    }
  }

  private static Instrument only(CcxtMarket market) {
    CcxtInstruments instruments = CcxtInstruments.of("bitrue", List.of(market));
    assertThat(instruments.byMarket()).containsOnlyKeys(market.symbol());
    return instruments.all().get(0);
  }

  private static CcxtMarket market(
      String symbol,
      String base,
      String quote,
      String type,
      @Nullable Boolean inverse,
      @Nullable String contractSize) {
    return new CcxtMarket(
        symbol,
        "id of " + symbol,
        base,
        quote,
        null,
        type,
        inverse == null ? null : !inverse,
        inverse,
        contractSize,
        true,
        LAST_DAY_OF_2027,
        "1e-8",
        null);
  }

  private static CcxtMarket undated(CcxtMarket market) {
    return copy(market, market.active(), null);
  }

  private static CcxtMarket inactive(CcxtMarket market) {
    return copy(market, false, market.expiryMs());
  }

  private static CcxtMarket copy(CcxtMarket market, boolean active, @Nullable Long expiryMs) {
    return new CcxtMarket(
        market.symbol(),
        market.id(),
        market.base(),
        market.quote(),
        market.settle(),
        market.type(),
        market.linear(),
        market.inverse(),
        market.contractSize(),
        active,
        expiryMs,
        market.pricePrecision(),
        market.amountPrecision());
  }
}
