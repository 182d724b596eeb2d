package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonToken;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.read.FrameTokens;
import io.cryptofeed.connect.exchange.read.Scalars;
import io.cryptofeed.connect.exchange.read.SymbolTable;
import io.cryptofeed.connect.exchange.read.WireWords;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a careful engineer would write by hand for the trades and books of one venue: the yardstick
 * for the reader that is compiled from a profile. As strict as that one: the whole message is
 * validated before an event is handed over, numbers are exact, the order of fields does not matter.
 */
public abstract class HandWrittenReader {

  private static final Instrument NONE =
      new Instrument("", MarketType.SPOT, "", "", "", "", null, null, false);

  final FrameTokens tokens = new FrameTokens();
  final BookUpdate book = new BookUpdate(NONE);
  final Trade trade = new Trade(NONE);
  final SymbolTable symbols;
  byte[] buffer = {};

  HandWrittenReader(List<Instrument> instruments) {
    symbols = new SymbolTable(instruments);
  }

  /** A reader of Binance's aggregate trades and depth updates. */
  public static HandWrittenReader binance(List<Instrument> instruments) {
    return new Binance(instruments);
  }

  /** A reader of Coinbase's matches and level2 messages. */
  public static HandWrittenReader coinbase(List<Instrument> instruments) {
    return new Coinbase(instruments);
  }

  /** Reads one message. */
  public final void onMessage(
      byte[] message, int offset, int length, long receiveNs, SessionListener listener) {
    buffer = message;
    book.clearLevels();
    boolean complete = false;
    try {
      if (tokens.open(message, offset, length) == JsonToken.START_OBJECT) {
        read();
      } else {
        tokens.skip();
      }
      tokens.close();
      complete = true;
      emit(receiveNs, listener);
    } catch (IOException | MalformedMessageException e) {
      if (!complete) {
        tokens.discard();
      }
      listener.onMalformed(null, null, "malformed");
    }
  }

  abstract void read() throws IOException, MalformedMessageException;

  abstract void emit(long receiveNs, SessionListener listener) throws MalformedMessageException;

  /** Levels written as arrays of price and size. */
  final void levels(boolean bids) throws IOException, MalformedMessageException {
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      require(token == JsonToken.START_ARRAY);
      require(tokens.next().isScalarValue());
      Scalars.addDecimal(buffer, tokens.position(), bids ? book.bidPrices() : book.askPrices());
      require(tokens.next().isScalarValue());
      Scalars.addDecimal(buffer, tokens.position(), bids ? book.bidSizes() : book.askSizes());
      while ((token = tokens.next()) != JsonToken.END_ARRAY) {
        if (token.isStructStart()) {
          tokens.skip();
        }
      }
    }
  }

  final void skipValue(JsonToken token) throws IOException {
    if (token.isStructStart()) {
      tokens.skip();
    }
  }

  final boolean is(int at, WireWords<Boolean> word) throws MalformedMessageException {
    return word.find(buffer, at) != null;
  }

  /** The time of an event; the receive time if no event can have it. */
  final long time(int at, long receiveNs, TimeFormat format) throws MalformedMessageException {
    require(at != 0);
    boolean isBlank = Scalars.isNull(buffer, at) || (buffer[at] == '"' && buffer[at + 1] == '"');
    return isBlank ? receiveNs : Scalars.eventNanos(buffer, at, format, receiveNs);
  }

  private static final Set<String> SIDES = Set.of("changes", "bids", "asks");

  static void require(boolean holds) throws MalformedMessageException {
    if (!holds) {
      throw new MalformedMessageException("malformed");
    }
  }

  private static final class Binance extends HandWrittenReader {

    private static final WireWords<Boolean> DEPTH = new WireWords<>(Map.of("depthUpdate", true));
    private static final WireWords<Boolean> AGGREGATE = new WireWords<>(Map.of("aggTrade", true));
    private static final WireWords<Boolean> TRUE = new WireWords<>(Map.of("true", true));
    private static final WireWords<Boolean> FALSE = new WireWords<>(Map.of("false", true));

    private int event;
    private int eventTime;
    private int tradeTime;
    private int symbol;
    private int first;
    private int last;
    private int id;
    private int price;
    private int size;
    private int buyerIsMaker;
    private int firstFill;
    private int lastFill;
    private boolean levels;

    Binance(List<Instrument> instruments) {
      super(instruments);
    }

    @Override
    void read() throws IOException, MalformedMessageException {
      event = eventTime = tradeTime = symbol = first = last = 0;
      id = price = size = buyerIsMaker = firstFill = lastFill = 0;
      levels = false;
      String name;
      while ((name = tokens.nextName()) != null) {
        JsonToken token = tokens.next();
        if (name.equals("data") && token == JsonToken.START_OBJECT) {
          data();
        } else {
          skipValue(token);
        }
      }
    }

    private void data() throws IOException, MalformedMessageException {
      String name;
      while ((name = tokens.nextName()) != null) {
        JsonToken token = tokens.next();
        if (token.isStructStart()) {
          structure(name, token);
          continue;
        }
        levels |= token == JsonToken.VALUE_NULL && (name.equals("a") || name.equals("b"));
        switch (name) {
          case "e" -> event = once(event);
          case "E" -> eventTime = once(eventTime);
          case "T" -> tradeTime = once(tradeTime);
          case "s" -> symbol = once(symbol);
          case "U" -> first = once(first);
          case "u" -> last = once(last);
          case "a" -> id = once(id);
          case "p" -> price = once(price);
          case "q" -> size = once(size);
          case "m" -> buyerIsMaker = once(buyerIsMaker);
          case "f" -> firstFill = once(firstFill);
          case "l" -> lastFill = once(lastFill);
          default -> {}
        }
      }
    }

    private void structure(String name, JsonToken token)
        throws IOException, MalformedMessageException {
      if (token == JsonToken.START_ARRAY && name.equals("b")) {
        levels(true);
        levels = true;
      } else if (token == JsonToken.START_ARRAY && name.equals("a")) {
        levels(false);
        levels = true;
      } else {
        tokens.skip();
      }
    }

    private int once(int seen) throws MalformedMessageException {
      require(seen == 0);
      return tokens.position();
    }

    private int given(int at) throws MalformedMessageException {
      require(at != 0 && !Scalars.isNull(buffer, at));
      return at;
    }

    @Override
    void emit(long receiveNs, SessionListener listener) throws MalformedMessageException {
      if (event != 0 && is(event, DEPTH)) {
        Instrument instrument = symbols.find(buffer, given(symbol), (byte) 0, 0);
        if (instrument == null) {
          listener.onUnknown();
          return;
        }
        require(levels);
        long from = Scalars.wholeNumber(buffer, given(first));
        long to = Scalars.wholeNumber(buffer, given(last));
        require(from <= to);
        long time = time(eventTime, receiveNs, TimeFormat.MS);
        listener.onBook(book.set(instrument, false, from, to, -1, time, receiveNs));
      } else if (event != 0 && is(event, AGGREGATE)) {
        Instrument instrument = symbols.find(buffer, given(symbol), (byte) 0, 0);
        if (instrument == null) {
          listener.onUnknown();
          return;
        }
        long sequence = Scalars.wholeNumber(buffer, given(id));
        trade.numbers().clear();
        Scalars.addDecimal(buffer, given(price), trade.numbers());
        Scalars.addDecimal(buffer, given(size), trade.numbers());
        boolean sell = is(given(buyerIsMaker), TRUE);
        require(sell || is(buyerIsMaker, FALSE));
        long fills =
            Scalars.wholeNumber(buffer, given(lastFill))
                - Scalars.wholeNumber(buffer, given(firstFill))
                + 1;
        require(fills > 0 && fills <= Integer.MAX_VALUE);
        listener.onTrade(
            trade.set(
                instrument,
                Scalars.text(buffer, id),
                sequence,
                sequence,
                sequence,
                sell ? Side.SELL : Side.BUY,
                (int) fills,
                Origin.STREAM,
                time(tradeTime, receiveNs, TimeFormat.MS),
                receiveNs));
      } else {
        listener.onUnknown();
      }
    }
  }

  private static final class Coinbase extends HandWrittenReader {

    private static final WireWords<Boolean> UPDATE = new WireWords<>(Map.of("l2update", true));
    private static final WireWords<Boolean> SNAPSHOT = new WireWords<>(Map.of("snapshot", true));
    private static final WireWords<Boolean> MATCH = new WireWords<>(Map.of("match", true));
    private static final WireWords<Boolean> LAST_MATCH =
        new WireWords<>(Map.of("last_match", true));
    private static final WireWords<Boolean> HEARTBEAT = new WireWords<>(Map.of("heartbeat", true));
    private static final WireWords<Boolean> BUY = new WireWords<>(Map.of("buy", true));
    private static final WireWords<Boolean> SELL = new WireWords<>(Map.of("sell", true));

    private int type;
    private int time;
    private int symbol;
    private int id;
    private int price;
    private int size;
    private int side;
    private int lastTrade;
    private boolean levels;

    Coinbase(List<Instrument> instruments) {
      super(instruments);
    }

    @Override
    void read() throws IOException, MalformedMessageException {
      type = time = symbol = id = price = size = side = lastTrade = 0;
      levels = false;
      String name;
      while ((name = tokens.nextName()) != null) {
        JsonToken token = tokens.next();
        if (token.isStructStart()) {
          structure(name, token);
          continue;
        }
        levels |= token == JsonToken.VALUE_NULL && SIDES.contains(name);
        switch (name) {
          case "type" -> type = once(type);
          case "time" -> time = once(time);
          case "product_id" -> symbol = once(symbol);
          case "trade_id" -> id = once(id);
          case "price" -> price = once(price);
          case "size" -> size = once(size);
          case "side" -> side = once(side);
          case "last_trade_id" -> lastTrade = once(lastTrade);
          default -> {}
        }
      }
    }

    private void structure(String name, JsonToken token)
        throws IOException, MalformedMessageException {
      if (token == JsonToken.START_ARRAY && name.equals("changes")) {
        changes();
        levels = true;
      } else if (token == JsonToken.START_ARRAY && name.equals("bids")) {
        levels(true);
        levels = true;
      } else if (token == JsonToken.START_ARRAY && name.equals("asks")) {
        levels(false);
        levels = true;
      } else {
        tokens.skip();
      }
    }

    private void changes() throws IOException, MalformedMessageException {
      JsonToken token;
      while ((token = tokens.next()) != JsonToken.END_ARRAY) {
        require(token == JsonToken.START_ARRAY);
        require(tokens.next().isScalarValue());
        boolean bid = is(tokens.position(), BUY);
        require(bid || is(tokens.position(), SELL));
        require(tokens.next().isScalarValue());
        Scalars.addDecimal(buffer, tokens.position(), bid ? book.bidPrices() : book.askPrices());
        require(tokens.next().isScalarValue());
        Scalars.addDecimal(buffer, tokens.position(), bid ? book.bidSizes() : book.askSizes());
        while ((token = tokens.next()) != JsonToken.END_ARRAY) {
          skipValue(token);
        }
      }
    }

    private int once(int seen) throws MalformedMessageException {
      require(seen == 0);
      return tokens.position();
    }

    private int given(int at) throws MalformedMessageException {
      require(at != 0 && !Scalars.isNull(buffer, at));
      return at;
    }

    @Override
    void emit(long receiveNs, SessionListener listener) throws MalformedMessageException {
      if (type == 0) {
        listener.onUnknown();
        return;
      }
      boolean snapshot = is(type, SNAPSHOT);
      boolean last = is(type, LAST_MATCH);
      if (snapshot || is(type, UPDATE)) {
        Instrument instrument = symbols.find(buffer, given(symbol), (byte) 0, 0);
        if (instrument == null) {
          listener.onUnknown();
          return;
        }
        require(levels);
        long event = snapshot ? receiveNs : time(time, receiveNs, TimeFormat.ISO);
        listener.onBook(book.set(instrument, snapshot, -1, -1, -1, event, receiveNs));
      } else if (last || is(type, MATCH)) {
        match(last ? Origin.SNAPSHOT : Origin.STREAM, receiveNs, listener);
      } else if (is(type, HEARTBEAT)) {
        Instrument instrument = symbols.find(buffer, given(symbol), (byte) 0, 0);
        if (instrument == null) {
          listener.onUnknown();
        } else {
          listener.onHeartbeat(
              instrument,
              lastTrade == 0 ? Trade.NO_SEQUENCE : Scalars.wholeNumber(buffer, given(lastTrade)));
        }
      } else {
        listener.onUnknown();
      }
    }

    private void match(Origin origin, long receiveNs, SessionListener listener)
        throws MalformedMessageException {
      Instrument instrument = symbols.find(buffer, given(symbol), (byte) 0, 0);
      if (instrument == null) {
        listener.onUnknown();
        return;
      }
      long sequence = Scalars.wholeNumber(buffer, given(id));
      trade.numbers().clear();
      Scalars.addDecimal(buffer, given(price), trade.numbers());
      Scalars.addDecimal(buffer, given(size), trade.numbers());
      boolean makerBuys = is(given(side), BUY);
      require(makerBuys || is(side, SELL));
      listener.onTrade(
          trade.set(
              instrument,
              Scalars.text(buffer, id),
              sequence,
              sequence,
              sequence,
              makerBuys ? Side.SELL : Side.BUY,
              0,
              origin,
              time(time, receiveNs, TimeFormat.ISO),
              receiveNs));
    }
  }
}
