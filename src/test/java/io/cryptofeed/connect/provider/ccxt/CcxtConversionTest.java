package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtLevels;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.market.TradingState;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** CCXT's values as events of the connector. */
class CcxtConversionTest {

  private static final long TIME_MS = 1_700_000_000_123L;
  private static final long RECEIVED_NS = 1_700_000_000_500_000_000L;

  @Test
  void a_trade_keeps_the_text_of_its_numbers() throws Exception {
    Trade trade = spot(TradeNumbering.UNORDERED).trade(trade("x-1", "64000.50", "0.00080000"));

    assertThat(trade.id()).isEqualTo("x-1");
    assertThat(trade.price()).isEqualTo(new BigDecimal("64000.50"));
    assertThat(trade.size()).isEqualTo(new BigDecimal("0.00080000"));
    assertThat(trade.side()).isEqualTo(Side.BUY);
    assertThat(trade.hasContracts()).isFalse();
    assertThat(trade.eventNs()).isEqualTo(TIME_MS * 1_000_000);
    assertThat(trade.receiveNs()).isEqualTo(RECEIVED_NS);
    assertThat(trade.sequence()).isEqualTo(Trade.NO_SEQUENCE);
    assertThat(trade.rank()).isEqualTo(Trade.NO_SEQUENCE);
  }

  @Test
  void ids_are_numbers_only_if_a_correction_says_so() throws Exception {
    Trade consecutive = spot(TradeNumbering.CONSECUTIVE).trade(trade("7", "1", "1"));
    Trade increasing = spot(TradeNumbering.INCREASING).trade(trade("7", "1", "1"));

    assertThat(consecutive.firstSequence()).isEqualTo(7);
    assertThat(consecutive.sequence()).isEqualTo(7);
    assertThat(increasing.sequence()).isEqualTo(Trade.NO_SEQUENCE);
    assertThat(increasing.rank()).isEqualTo(7);
    assertThatThrownBy(() -> spot(TradeNumbering.CONSECUTIVE).trade(trade("x", "1", "1")))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("the trade id 'x' is not a whole number");
  }

  @Test
  void contracts_are_counted_in_the_unit_of_the_instrument() throws Exception {
    Trade trade = contracts().trade(trade("1", "64000", "3"));

    assertThat(trade.size()).isEqualTo(new BigDecimal("0.03"));
    assertThat(trade.hasContracts()).isTrue();
    assertThat(trade.numbers().value(2)).isEqualTo(new BigDecimal("3"));
  }

  @Test
  void the_id_of_a_trade_without_one_is_made_of_its_values() throws Exception {
    Reader reader = spot(TradeNumbering.UNORDERED);

    assertThat(reader.trade(trade(null, "2", "1")).id()).isEqualTo(TIME_MS + "-buy-1-2");
    assertThat(reader.trade(trade(null, "2", "1")).id()).isEqualTo(TIME_MS + "-buy-1-2-2");
    assertThat(reader.trade(trade(null, "3", "1")).id()).isEqualTo(TIME_MS + "-buy-1-3");
  }

  @Test
  void a_trade_without_a_price_is_malformed() {
    assertThatThrownBy(() -> spot(TradeNumbering.UNORDERED).trade(trade("1", null, "1")))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("the price is 'null', which is not a number");
  }

  @Test
  void a_book_is_sorted_and_has_the_last_size_of_each_price() throws Exception {
    BookUpdate book =
        spot(TradeNumbering.UNORDERED)
            .conversion
            .book(book(true, 5, "9,1,10.0,2,8,1,8,0,9,4", "12,1,11,2"));

    assertThat(book.isSnapshot()).isTrue();
    assertThat(book.bidPrices()).hasToString("[10.0, 9]");
    assertThat(book.bidSizes()).hasToString("[2, 4]");
    assertThat(book.askPrices()).hasToString("[11, 12]");
    assertThat(book.sequence()).isEqualTo(BookUpdate.NO_SEQUENCE);
  }

  @Test
  void a_delta_keeps_removed_levels_and_its_sequence_if_updates_are_linked() throws Exception {
    CcxtConversion linked = new CcxtConversion(instrument(null), TradeNumbering.UNORDERED, true);

    BookUpdate book = linked.book(book(false, 6, "9,0", ""));

    assertThat(book.isSnapshot()).isFalse();
    assertThat(book.bidSizes()).hasToString("[0]");
    assertThat(book.firstSequence()).isEqualTo(6);
    assertThat(book.sequence()).isEqualTo(6);
    assertThat(linked.book(book(true, 7, "9,1", "")).sequence()).isEqualTo(7);
  }

  @Test
  void a_delta_covers_the_sequence_numbers_that_the_exchange_sends() throws Exception {
    CcxtConversion linked = new CcxtConversion(instrument(null), TradeNumbering.UNORDERED, true);
    CcxtLevels none = new CcxtLevels("");

    BookUpdate book =
        linked.book(new CcxtBook("BTC/USDT", false, TIME_MS, 9, 7, 4, none, none, RECEIVED_NS));

    assertThat(book.firstSequence()).isEqualTo(7);
    assertThat(book.sequence()).isEqualTo(9);
    assertThat(book.previousSequence()).isEqualTo(4);
  }

  @Test
  void a_level_that_is_not_a_number_is_malformed() {
    assertThatThrownBy(
            () -> spot(TradeNumbering.UNORDERED).conversion.book(book(true, 1, "9,NaN", "")))
        .isInstanceOf(MalformedMessageException.class);
  }

  @Test
  void a_quote_converts_contracts_and_has_no_unknown_size() throws Exception {
    Observation quote = contracts().conversion.observation(quote("10", "2", "11", null));

    assertThat(quote.decimal(Quotes.BID_PRICE)).hasToString("[10]");
    assertThat(quote.decimal(Quotes.BID_SIZE)).hasToString("[0.02]");
    assertThat(quote.decimal(Quotes.ASK_PRICE)).hasToString("[11]");
    assertThat(quote.has(Quotes.ASK_SIZE)).isFalse();
    Observation nobodyBids = contracts().conversion.observation(quote("0", "0", "11", "1"));
    assertThat(nobodyBids.has(Quotes.BID_PRICE)).isFalse();
    assertThat(nobodyBids.has(Quotes.BID_SIZE)).isFalse();
  }

  @Test
  void a_price_of_a_quote_that_is_not_a_number_is_reported() {
    assertThatThrownBy(() -> contracts().conversion.observation(quote("ten", "2", "11", null)))
        .isInstanceOf(MalformedMessageException.class)
        .hasMessage("the bid_price is 'ten', which is not a number");
  }

  private static CcxtTrade trade(@Nullable String id, @Nullable String price, String amount) {
    return new CcxtTrade("BTC/USDT", id, TIME_MS, "buy", price, amount, null, RECEIVED_NS);
  }

  private static CcxtBook book(boolean snapshot, long nonce, String bids, String asks) {
    return new CcxtBook(
        "BTC/USDT",
        snapshot,
        TIME_MS,
        nonce,
        -1,
        -1,
        new CcxtLevels(bids),
        new CcxtLevels(asks),
        RECEIVED_NS);
  }

  private static CcxtObservation quote(
      String bid, String bidSize, String ask, @Nullable String askSize) {
    return new CcxtObservation(
        Quotes.LAYOUT,
        "BTC/USDT",
        -1,
        Arrays.asList(bid, bidSize, ask, askSize, null),
        RECEIVED_NS);
  }

  private static Reader spot(TradeNumbering numbering) {
    return new Reader(
        new CcxtConversion(instrument(null), numbering, false), new SyntheticTradeIds());
  }

  private static Reader contracts() {
    return new Reader(
        new CcxtConversion(instrument(new BigDecimal("0.01")), TradeNumbering.UNORDERED, false),
        new SyntheticTradeIds());
  }

  private record Reader(CcxtConversion conversion, SyntheticTradeIds tradeIds) {
    Trade trade(CcxtTrade trade) throws MalformedMessageException {
      return conversion.trade(trade, Origin.STREAM, tradeIds);
    }
  }

  private static Instrument instrument(@Nullable BigDecimal contractSize) {
    return new Instrument(
        "bitrue",
        MarketType.PERPETUAL,
        "BTC-USDT-PERP",
        "BTCUSDT",
        "BTC",
        "USDT",
        null,
        null,
        SizeUnit.BASE,
        contractSize,
        TradingState.TRADING,
        null);
  }
}
