package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtLevels;
import io.cryptofeed.connect.ccxt.CcxtQuote;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quote;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What CCXT tells of one instrument, as our events: numbers as exact as CCXT has them, sizes in the
 * instrument's own unit. Used by one thread.
 */
final class CcxtConversion {

  private final Instrument instrument;
  private final TradeNumbering numbering;
  private final boolean numbersBooks;
  private final Trade trade;
  private final BookUpdate book;
  private final Quote quote;

  /**
   * @param numbering what the ids of trades tell
   * @param numbersBooks whether the numbers of a book's updates show a loss
   */
  CcxtConversion(Instrument instrument, TradeNumbering numbering, boolean numbersBooks) {
    this.instrument = instrument;
    this.numbering = numbering;
    this.numbersBooks = numbersBooks;
    trade = new Trade(instrument);
    book = new BookUpdate(instrument);
    quote = new Quote(instrument);
  }

  /**
   * A trade, valid until the next one is read.
   *
   * @param names names trades to which the exchange gives no id
   * @throws MalformedMessageException when it lacks what every trade has
   */
  Trade trade(CcxtTrade told, Origin origin, SyntheticTradeIds names)
      throws MalformedMessageException {
    DecimalColumn numbers = trade.numbers();
    numbers.clear();
    numbers.add(number(told.price(), "price"));
    addSize(number(told.amount(), "amount"), numbers);
    String id = told.id() == null || told.id().isEmpty() ? names.name(told) : told.id();
    long number = numbering == TradeNumbering.UNORDERED ? Trade.NO_SEQUENCE : wholeNumber(id);
    long sequence = numbering == TradeNumbering.CONSECUTIVE ? number : Trade.NO_SEQUENCE;
    return trade.set(
        instrument,
        id,
        sequence,
        sequence,
        number,
        side(told.side()),
        0,
        origin,
        eventNs(told.timestampMs(), told.receiveNs()),
        told.receiveNs());
  }

  /** The size in the instrument's unit, and behind it the contracts where CCXT counts so. */
  private void addSize(BigDecimal amount, DecimalColumn numbers) {
    BigDecimal contractSize = instrument.contractSize();
    numbers.add(contractSize == null ? amount : plain(amount.multiply(contractSize)));
    if (contractSize != null) {
      numbers.add(amount);
    }
  }

  private static Side side(@Nullable String side) {
    if (side == null) {
      return Side.UNKNOWN;
    }
    return switch (side) {
      case "buy" -> Side.BUY;
      case "sell" -> Side.SELL;
      default -> Side.UNKNOWN;
    };
  }

  /**
   * A book or a change of it, valid until the next one is read; its sizes are counted as CCXT does.
   *
   * @throws MalformedMessageException when a level is no pair of numbers
   */
  BookUpdate book(CcxtBook told) throws MalformedMessageException {
    long number = numbersBooks && told.nonce() >= 0 ? told.nonce() : BookUpdate.NO_SEQUENCE;
    book.clearLevels();
    try {
      fill(told.bids(), told.isSnapshot(), true, book.bidPrices(), book.bidSizes());
      fill(told.asks(), told.isSnapshot(), false, book.askPrices(), book.askSizes());
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("a level of a book is " + e.getMessage());
    }
    return book.set(
        instrument,
        told.isSnapshot(),
        told.isSnapshot() ? BookUpdate.NO_SEQUENCE : told.first() >= 0 ? told.first() : number,
        number,
        told.previous(),
        eventNs(told.timestampMs(), told.receiveNs()),
        told.receiveNs());
  }

  /** CCXT tells every level as often as it was set; the last time counts. */
  private static void fill(
      CcxtLevels levels, boolean full, boolean bids, DecimalColumn prices, DecimalColumn sizes) {
    if (levels.isEmpty()) {
      return;
    }
    Comparator<BigDecimal> best = bids ? Comparator.reverseOrder() : Comparator.naturalOrder();
    TreeMap<BigDecimal, BigDecimal> last = new TreeMap<>(best);
    levels.forEach(last::put);
    last.forEach(
        (price, size) -> {
          if (!full || size.signum() != 0) {
            prices.add(plain(price));
            sizes.add(plain(size));
          }
        });
  }

  /**
   * A best bid and ask, valid until the next one is read. A size that CCXT does not tell is left
   * out.
   *
   * @throws MalformedMessageException when a price is no number
   */
  Quote quote(CcxtQuote told) throws MalformedMessageException {
    quote.clear();
    fill(quote.bid(), told.bid(), told.bidSize());
    fill(quote.ask(), told.ask(), told.askSize());
    return quote.set(
        instrument,
        BookUpdate.NO_SEQUENCE,
        eventNs(told.timestampMs(), told.receiveNs()),
        told.receiveNs());
  }

  private void fill(DecimalColumn side, String price, @Nullable String size)
      throws MalformedMessageException {
    BigDecimal at = number(price, "price of a quote");
    if (at.signum() == 0) {
      // Where nobody bids, some exchanges say that they bid nothing.
      return;
    }
    side.add(at);
    if (size != null) {
      BigDecimal amount = number(size, "size of a quote");
      BigDecimal contractSize = instrument.contractSize();
      side.add(contractSize == null ? amount : plain(amount.multiply(contractSize)));
    }
  }

  private static long eventNs(long timestampMs, long receiveNs) {
    return timestampMs <= 0 ? receiveNs : TimeUnit.MILLISECONDS.toNanos(timestampMs);
  }

  private static BigDecimal number(@Nullable String text, String what)
      throws MalformedMessageException {
    try {
      if (text != null) {
        return plain(new BigDecimal(text));
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new MalformedMessageException("the " + what + " is '" + text + "', which is no number");
  }

  private static long wholeNumber(String id) throws MalformedMessageException {
    try {
      return Long.parseLong(id);
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("the trade id '" + id + "' is no whole number");
    }
  }

  /** JavaScript writes {@code 1e+21}; we count decimals from zero on. */
  static BigDecimal plain(BigDecimal number) {
    return number.scale() < 0 ? number.setScale(0) : number;
  }
}
