package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;

/** Market events for the tests of this package. */
public final class Events {

  public static final Instrument BTC = instrument("binance", "BTC-USDT", "BTCUSDT");
  static final Instrument ETH = instrument("binance", "ETH-USDT", "ETHUSDT");

  /** 2026-11-20T10:00:00.123456789Z. */
  static final long EVENT_NS = 1_795_168_800_123_456_789L;

  static final long RECEIVE_NS = EVENT_NS + 5_000_000;

  private Events() {}

  static Instrument instrument(String exchange, String symbol, String exchangeSymbol) {
    String[] assets = symbol.split("-");
    return new Instrument(
        exchange, MarketType.SPOT, symbol, exchangeSymbol, assets[0], assets[1], null, null, true);
  }

  public static MarketStream trades(Instrument instrument) {
    return new MarketStream(Channel.TRADES, instrument);
  }

  public static Trade trade(Instrument instrument, long sequence, String price, String size) {
    Trade trade =
        new Trade(instrument)
            .set(
                instrument,
                Long.toString(sequence),
                sequence,
                sequence,
                sequence,
                Side.BUY,
                0,
                Origin.STREAM,
                EVENT_NS,
                RECEIVE_NS);
    trade.numbers().add(new BigDecimal(price));
    trade.numbers().add(new BigDecimal(size));
    return trade;
  }

  static BookUpdate delta(Instrument instrument, long first, long last) {
    return new BookUpdate(instrument)
        .set(instrument, false, first, last, BookUpdate.NO_SEQUENCE, EVENT_NS, RECEIVE_NS);
  }

  /** A best bid and ask without a sequence number. */
  public static Observation quote(Instrument instrument) {
    Observation quote =
        new Observation(Quotes.LAYOUT, instrument)
            .set(instrument, Origin.STREAM, EVENT_NS, RECEIVE_NS);
    quote.decimal(Quotes.BID_PRICE).add(new BigDecimal("67000.10"));
    quote.decimal(Quotes.BID_SIZE).add(new BigDecimal("0.5"));
    quote.decimal(Quotes.ASK_PRICE).add(new BigDecimal("67000.20"));
    quote.decimal(Quotes.ASK_SIZE).add(new BigDecimal("1.25"));
    return quote;
  }

  /** A best bid and ask. */
  public static Observation quote(Instrument instrument, long sequence) {
    Observation quote = quote(instrument);
    quote.setNumber(Quotes.LAYOUT.sequence(), sequence);
    return quote;
  }

  public static BookUpdate snapshot(Instrument instrument, long sequence) {
    return new BookUpdate(instrument)
        .set(
            instrument,
            true,
            BookUpdate.NO_SEQUENCE,
            sequence,
            BookUpdate.NO_SEQUENCE,
            EVENT_NS,
            RECEIVE_NS);
  }

  static BookUpdate bid(BookUpdate update, String price, String size) {
    update.bidPrices().add(new BigDecimal(price));
    update.bidSizes().add(new BigDecimal(size));
    return update;
  }

  static BookUpdate ask(BookUpdate update, String price, String size) {
    update.askPrices().add(new BigDecimal(price));
    update.askSizes().add(new BigDecimal(size));
    return update;
  }

  public static DecimalColumn column(String... numbers) {
    DecimalColumn column = new DecimalColumn(numbers.length);
    for (String number : numbers) {
      column.add(new BigDecimal(number));
    }
    return column;
  }
}
