package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtLevels;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.market.EventTime;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Converts CCXT's values of one instrument to events of the connector, with numbers as exact as
 * CCXT has them, and sizes in the unit of the instrument. Used by one thread.
 */
final class CcxtConversion {

  /** No exchange sends as many levels of one side. */
  private static final int MAX_LEVELS = 200_000;

  private final Instrument instrument;
  private final TradeNumbering numbering;
  private final boolean hasSequences;
  private final Trade trade;
  private final BookUpdate book;
  private final Map<ChannelLayout, Observation> observations = new HashMap<>();

  /**
   * @param numbering how the ids of trades relate
   * @param hasSequences whether CCXT's nonce of a book is a sequence that shows a lost update
   */
  CcxtConversion(Instrument instrument, TradeNumbering numbering, boolean hasSequences) {
    this.instrument = instrument;
    this.numbering = numbering;
    this.hasSequences = hasSequences;
    trade = new Trade(instrument);
    book = new BookUpdate(instrument);
  }

  /**
   * Converts a trade; the result is valid until the next one is converted.
   *
   * @param tradeIds makes an id if the trade has none
   * @throws MalformedMessageException if the price, the size or the id is not a number
   */
  Trade trade(CcxtTrade from, Origin origin, SyntheticTradeIds tradeIds)
      throws MalformedMessageException {
    DecimalColumn numbers = trade.numbers();
    numbers.clear();
    numbers.add(number(from.price(), "price"));
    addSize(number(from.amount(), "amount"), numbers);
    String id = from.id() == null || from.id().isEmpty() ? tradeIds.next(from) : from.id();
    long number =
        numbering == TradeNumbering.UNORDERED ? Trade.NO_SEQUENCE : wholeNumber(id, "trade id");
    long sequence = numbering == TradeNumbering.CONSECUTIVE ? number : Trade.NO_SEQUENCE;
    return trade.set(
        instrument,
        id,
        sequence,
        sequence,
        number,
        side(from.side()),
        0,
        origin,
        eventNs(from.timestampMs(), from.receiveNs()),
        from.receiveNs());
  }

  /** Adds the size in the unit of the instrument, and then the contracts if CCXT counts those. */
  private void addSize(BigDecimal amount, DecimalColumn numbers) {
    int size = numbers.size();
    numbers.add(amount);
    if (instrument.contractSize() != null) {
      numbers.add(amount);
      instrument.toUnits(numbers, size);
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
   * Converts a snapshot or a delta; the result is valid until the next one is converted. Its sizes
   * are counted as CCXT counts them.
   *
   * @throws MalformedMessageException if a price or a size is not a number
   */
  BookUpdate book(CcxtBook from) throws MalformedMessageException {
    long number = hasSequences && from.nonce() >= 0 ? from.nonce() : BookUpdate.NO_SEQUENCE;
    book.clearLevels();
    try {
      fill(from.bids(), from.isSnapshot(), true, book.bidPrices(), book.bidSizes());
      fill(from.asks(), from.isSnapshot(), false, book.askPrices(), book.askSizes());
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("a level of a book is " + e.getMessage());
    }
    return book.set(
        instrument,
        from.isSnapshot(),
        from.isSnapshot() ? BookUpdate.NO_SEQUENCE : from.first() >= 0 ? from.first() : number,
        number,
        from.previous(),
        eventNs(from.timestampMs(), from.receiveNs()),
        from.receiveNs());
  }

  /** CCXT sends a level as often as it was set; the last size applies. */
  private static void fill(
      CcxtLevels levels, boolean full, boolean bids, DecimalColumn prices, DecimalColumn sizes) {
    if (levels.isEmpty()) {
      return;
    }
    Comparator<BigDecimal> best = bids ? Comparator.reverseOrder() : Comparator.naturalOrder();
    TreeMap<BigDecimal, BigDecimal> last = new TreeMap<>(best);
    levels.forEach(
        (price, size) -> {
          if (last.put(price, size) == null && last.size() > MAX_LEVELS) {
            throw new NumberFormatException("one of more than " + MAX_LEVELS + " on its side");
          }
        });
    last.forEach(
        (price, size) -> {
          if (!full || size.signum() != 0) {
            prices.add(price);
            sizes.add(size);
          }
        });
  }

  /**
   * Converts a message of a plain channel; the result is valid until the next one of that channel
   * is converted.
   *
   * @throws MalformedMessageException if a value is not what its field holds, or is missing
   */
  Observation observation(CcxtObservation from) throws MalformedMessageException {
    ChannelLayout layout = from.layout();
    Observation observation =
        observations.computeIfAbsent(layout, any -> new Observation(any, instrument));
    observation.clear();
    List<ChannelField> fields = layout.fields();
    for (int index = 0; index < fields.size(); index++) {
      String value = from.values().get(index);
      if (value != null) {
        fill(observation, index, fields.get(index), value);
      } else if (!fields.get(index).optional()) {
        throw new MalformedMessageException("field " + fields.get(index).name() + " is missing");
      }
    }
    for (ChannelLayout.Level level : layout.levels()) {
      clearIfEmpty(observation, level);
    }
    return observation.set(
        instrument, Origin.STREAM, eventNs(from.timestampMs(), from.receiveNs()), from.receiveNs());
  }

  private void fill(Observation observation, int index, ChannelField field, String value)
      throws MalformedMessageException {
    switch (field.kind()) {
      case DECIMAL -> {
        DecimalColumn decimal = observation.decimal(index);
        decimal.add(number(value, field.name()));
        if (field.unit() == ChannelField.Unit.SIZE) {
          instrument.toUnits(decimal);
        }
      }
      case LONG -> observation.setNumber(index, wholeNumber(value, field.name()));
      case TIME ->
          observation.setNumber(
              index, TimeUnit.MILLISECONDS.toNanos(wholeNumber(value, field.name())));
      case TEXT -> observation.setText(index, value);
      case BOOLEAN -> observation.setFlag(index, Boolean.parseBoolean(value));
    }
  }

  /** Some exchanges send a price of 0 if a side is empty. */
  private static void clearIfEmpty(Observation observation, ChannelLayout.Level level) {
    DecimalColumn price = observation.decimal(level.price());
    if (price.size() == 0 || price.signum(0) == 0) {
      price.clear();
      observation.decimal(level.size()).clear();
    }
  }

  private static long eventNs(long timestampMs, long receiveNs) {
    return EventTime.orReceived(TimeUnit.MILLISECONDS.toNanos(timestampMs), receiveNs);
  }

  private static BigDecimal number(@Nullable String text, String what)
      throws MalformedMessageException {
    try {
      if (text != null) {
        return DecimalText.parse(text);
      }
    } catch (NumberFormatException e) {
      // reported below
    }
    throw new MalformedMessageException(
        "the " + what + " is '" + text + "', which is not a number");
  }

  private static long wholeNumber(String text, String what) throws MalformedMessageException {
    try {
      return Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new MalformedMessageException("the " + what + " '" + text + "' is not a whole number");
    }
  }
}
