package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.ccxt.PlainOptions;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The file of facts that CCXT does not provide. */
class CcxtCorrectionTest {

  private static final Path PAGE = Path.of("docs", "ccxt-exchanges.md");

  @Test
  void every_exchange_of_the_file_is_a_class_of_ccxt() throws IOException {
    String page = Files.readString(PAGE);

    assertThat(CcxtCorrection.all().keySet())
        .isNotEmpty()
        .allSatisfy(id -> assertThat(page).contains("| `" + id + "` |"));
  }

  @Test
  void every_entry_has_a_fact_and_a_page_of_at_least_one_trade() {
    assertThat(CcxtCorrection.all().values())
        .allSatisfy(correction -> assertThat(correction).isNotEqualTo(CcxtCorrection.NONE))
        .allSatisfy(
            correction -> {
              if (correction.history() != null) {
                assertThat(correction.history().page()).isPositive();
              }
            });
  }

  @Test
  void a_book_whose_snapshot_is_limited_says_how_far_it_is_known() {
    assertThat(CcxtCorrection.of(PlainOptions.of("binance")).bookRules().snapshotLevels())
        .isEqualTo(1_000);
    assertThat(CcxtCorrection.of(PlainOptions.of("bitvavo")).bookRules().snapshotLevels()).isZero();
  }

  @Test
  void an_exchange_that_is_not_in_the_file_has_unordered_ids_and_unlinked_books() {
    CcxtCorrection correction = CcxtCorrection.of(PlainOptions.of("bitrue"));

    assertThat(correction.trades()).isEqualTo(TradeNumbering.UNORDERED);
    assertThat(correction.bookRules().link()).isEqualTo(BookRules.Link.NONE);
    assertThat(correction.tradeHistory(abilities(true)))
        .isEqualTo(new TradeHistory(Paging.NEWEST, 100, Duration.ZERO));
    assertThat(correction.tradeHistory(abilities(false))).isNull();
    CcxtOptions options = PlainOptions.of("bitrue");
    assertThat(correction.applyTo(options)).isEqualTo(options);
  }

  @Test
  void configured_options_take_precedence_over_those_of_the_file() {
    CcxtCorrection binance = CcxtCorrection.of(PlainOptions.of("binance"));

    assertThat(binance.trades()).isEqualTo(TradeNumbering.CONSECUTIVE);
    assertThat(binance.tradeHistory(abilities(true)))
        .isEqualTo(new TradeHistory(Paging.FROM_TIME, 1_000, Duration.ZERO));
    assertThat(binance.applyTo(PlainOptions.of("binance")).optionsJson())
        .isEqualTo("{\"watchTrades\":{\"name\":\"aggTrade\"}}");
    assertThat(binance.applyTo(configured("{\"watchTrades\":{\"x\":1},\"y\":2}")).optionsJson())
        .isEqualTo("{\"watchTrades\":{\"name\":\"aggTrade\",\"x\":1},\"y\":2}");
  }

  @Test
  void options_that_contradict_the_file_disable_its_facts() {
    assertThat(CcxtCorrection.of(configured("{\"watchTrades\":{\"name\":\"trade\"}}")))
        .isEqualTo(CcxtCorrection.NONE);
    assertThat(CcxtCorrection.of(configured("{\"watchTrades\":{\"x\":1},\"y\":2}")).trades())
        .isEqualTo(TradeNumbering.CONSECUTIVE);
  }

  private static CcxtOptions configured(String json) {
    return new CcxtOptions("binance", "binance", null, null, null, false, json, Map.of());
  }

  private static CcxtAbilities abilities(boolean fetchTrades) {
    return new CcxtAbilities(
        "Name", "4.5.84", Set.of(Channel.TRADES, Channel.L2_BOOK), fetchTrades, true, false, 50);
  }
}
