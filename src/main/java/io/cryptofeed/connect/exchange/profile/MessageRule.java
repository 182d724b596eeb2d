package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One kind of message of a venue: how it is recognised, and where its values are. */
public sealed interface MessageRule {

  /** How the message is recognised, and in which modes it exists. */
  Recognition recognition();

  /** Every place that is read, without the tests of the recognition. */
  List<Pointer> reads();

  /**
   * The list whose elements are read one by one, each as an event of its own; null where the
   * message is one event.
   */
  default @Nullable Pointer rows() {
    return null;
  }

  /** Whether the message is read as a tree, because it is rare. */
  default boolean isControl() {
    return false;
  }

  /**
   * How a message is recognised.
   *
   * @param tests all must hold
   * @param mode the mode of a channel in which the message is read, null for all
   * @param line where the profile says so
   */
  record Recognition(List<FieldCondition> tests, @Nullable String mode, int line) {

    /** Of the only kind of message that an answer can be. */
    public static final Recognition NONE_NEEDED = new Recognition(List.of(), null, 0);

    public Recognition {
      tests = List.copyOf(tests);
    }

    public boolean isReadIn(Set<String> chosenModes) {
      return mode == null || chosenModes.contains(mode);
    }
  }

  /**
   * One trade.
   *
   * @param symbol null where the instrument is known
   */
  record OfTrade(
      Recognition recognition,
      @Nullable Pointer rows,
      @Nullable SymbolRule symbol,
      IdRule id,
      Pointer price,
      SizeRule size,
      SideRule side,
      TimeRule time,
      @Nullable Fills fills,
      Origin origin)
      implements MessageRule {

    /** A trade whose parts are where a layout says. */
    static OfTrade of(
        Recognition recognition,
        @Nullable Pointer rows,
        @Nullable SymbolRule symbol,
        TradeLayout layout,
        TradeNumbering numbering,
        Origin origin) {
      return new OfTrade(
          recognition,
          rows,
          symbol,
          new IdRule(layout.id, numbering),
          layout.price,
          layout.size,
          layout.side,
          layout.time,
          layout.fills,
          origin);
    }

    @Override
    public List<Pointer> reads() {
      return places(
          symbol == null ? null : symbol.at,
          id.at,
          price,
          size.at,
          side.at,
          time.at,
          fills == null ? null : fills.first,
          fills == null ? null : fills.last,
          fills == null ? null : fills.count);
    }
  }

  /** A full book, or changes of it. */
  record OfBook(
      Recognition recognition,
      boolean snapshot,
      @Nullable Pointer rows,
      @Nullable SymbolRule symbol,
      BookLayout layout)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(
          symbol == null ? null : symbol.at,
          layout.first,
          layout.last,
          layout.previous,
          layout.checksum,
          layout.time == null ? null : layout.time.at,
          layout.bids,
          layout.asks,
          layout.changes);
    }
  }

  /** The best bid and ask: either as sides, or as the first level of a list for each side. */
  record OfQuote(
      Recognition recognition,
      @Nullable Pointer rows,
      SymbolRule symbol,
      @Nullable Pointer sequence,
      @Nullable TimeRule time,
      @Nullable Sides sides,
      @Nullable Pointer bids,
      @Nullable Pointer asks,
      @Nullable LevelRule levels)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(
          symbol.at,
          sequence,
          time == null ? null : time.at,
          sides == null ? null : sides.bidPrice,
          sides == null ? null : sides.bidSize,
          sides == null ? null : sides.askPrice,
          sides == null ? null : sides.askSize,
          bids,
          asks);
    }
  }

  /** Where the four numbers of a quote are. */
  record Sides(Pointer bidPrice, Pointer bidSize, Pointer askPrice, Pointer askSize) {}

  /** A sign of life of an instrument's streams. */
  record OfHeartbeat(Recognition recognition, SymbolRule symbol, @Nullable Pointer lastTrade)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(symbol.at, lastTrade);
    }
  }

  /** Known, and of no interest: the answer to a ping, say. */
  record Ignored(Recognition recognition) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return List.of();
    }
  }

  /** The venue expects an answer, into which one value of the message is put. */
  record Ping(Recognition recognition, Pointer value, FrameTemplate reply) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(value);
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /**
   * The venue confirms subscriptions: those of a request, or one stream by its name, or one by its
   * channel and symbol.
   *
   * @param names what the venue's names of channels mean
   */
  record Confirmation(
      Recognition recognition,
      @Nullable Pointer request,
      @Nullable Pointer stream,
      @Nullable Pointer channel,
      @Nullable Pointer symbol,
      Map<String, Channel> names)
      implements MessageRule {

    public Confirmation {
      names = Map.copyOf(names);
    }

    @Override
    public List<Pointer> reads() {
      return places(request, stream, channel, symbol);
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /**
   * The venue lists all that is subscribed now: as rows with a channel and its symbols, or as an
   * object whose fields are channels.
   *
   * @param rows the list or the object
   * @param channel the venue's name of the channel, seen from a row; null where fields name it
   * @param symbols the venue's symbols, seen from a row
   * @param names what the venue's names of channels mean
   */
  record ConfirmationList(
      Recognition recognition,
      Pointer list,
      @Nullable Pointer channel,
      @Nullable Pointer symbols,
      Map<String, Channel> names)
      implements MessageRule {

    public ConfirmationList {
      names = Map.copyOf(names);
    }

    @Override
    public List<Pointer> reads() {
      return places(list);
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /** The venue refuses a request, or the part of it that is about a symbol. */
  record Refusal(
      Recognition recognition,
      Refused refuses,
      @Nullable Pointer request,
      @Nullable Pointer symbol,
      @Nullable Pointer code,
      Pointer text)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(request, symbol, code, text);
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /** The venue asks for a new connection. */
  record Reconnect(Recognition recognition, String reason) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return List.of();
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /** The venue says something about itself, such as that it is under maintenance. */
  record Notice(Recognition recognition, Pointer text) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(text);
    }

    @Override
    public boolean isControl() {
      return true;
    }
  }

  /** What a refusal is about. */
  enum Refused {
    /** The request whose id it carries; without an id, no particular one. */
    REQUEST,
    /** Every subscription that is not yet confirmed. */
    UNCONFIRMED
  }

  /**
   * Where the venue's symbol is.
   *
   * @param separator splits the text into parts of which one is the symbol; 0 where all of it is
   * @param part the number of that part, from 0
   */
  record SymbolRule(Pointer at, char separator, int part) {}

  /** Where a trade's id is, and how ids of one instrument relate. */
  record IdRule(Pointer at, TradeNumbering numbering) {}

  /**
   * Where a size is.
   *
   * @param times what it is multiplied with before it is counted in contracts or units; null for 1
   */
  record SizeRule(Pointer at, @Nullable BigDecimal times) {}

  /**
   * Where the side of a trade is.
   *
   * @param of whose side the venue reports
   * @param words what the venue's words mean
   * @param otherwise what any other word, or none, means; null where that is an error
   */
  record SideRule(Pointer at, Party of, Map<String, Side> words, @Nullable Side otherwise) {

    public SideRule {
      words = Map.copyOf(words);
    }

    /** What the venue's words mean for the taker. */
    public Map<String, Side> takerWords() {
      if (of == Party.TAKER) {
        return words;
      }
      Map<String, Side> taker = new HashMap<>();
      words.forEach((word, side) -> taker.put(word, side == Side.BUY ? Side.SELL : Side.BUY));
      return Map.copyOf(taker);
    }
  }

  /** The parties of a trade. */
  enum Party {
    TAKER,
    MAKER
  }

  /** How a time is written. */
  enum TimeFormat {
    /** Seconds since the epoch, with decimals: {@code 1762795433.9717445}. */
    S,
    /** Whole milliseconds since the epoch. */
    MS,
    /** Whole microseconds since the epoch. */
    US,
    /** Whole nanoseconds since the epoch. */
    NS,
    /** ISO 8601 with up to nine digits behind the second: {@code 2026-08-25T03:35:57.198335Z}. */
    ISO
  }

  /**
   * Where a time is, and how it is written.
   *
   * @param optional whether a message may lack it, so that the time of its arrival counts
   */
  record TimeRule(Pointer at, TimeFormat format, boolean optional) {}

  /**
   * Where it is said which fills an aggregate covers: the ids of the first and the last, or their
   * number, where the trade's id is that of the last.
   */
  record Fills(@Nullable Pointer first, @Nullable Pointer last, @Nullable Pointer count) {}

  /** Where the parts of a trade are, but for the instrument's symbol. */
  record TradeLayout(
      Pointer id,
      Pointer price,
      SizeRule size,
      SideRule side,
      TimeRule time,
      @Nullable Fills fills) {}

  /**
   * Where the parts of a book are: either bids and asks apart, or changes of both together.
   *
   * @param first the first sequence number covered, null where the venue has none
   * @param last the last sequence number covered, null where the venue has none
   * @param previous the last sequence number of the message before, null where the venue has none
   * @param checksum the checksum of the book after the message, null where the venue has none
   * @param time the venue's time, null where the message has none
   */
  record BookLayout(
      @Nullable Pointer first,
      @Nullable Pointer last,
      @Nullable Pointer previous,
      @Nullable Pointer checksum,
      @Nullable TimeRule time,
      @Nullable Pointer bids,
      @Nullable Pointer asks,
      @Nullable Pointer changes,
      LevelRule levels) {}

  /**
   * How one level is written.
   *
   * @param price the position or the name of the price
   * @param size the position or the name of the size
   * @param tag what says the side of the level, null where bids and asks are apart
   */
  record LevelRule(LevelForm form, String price, String size, @Nullable TagRule tag) {}

  /** How a level can be written. */
  enum LevelForm {
    /** As a list, of which some positions are read. */
    ARRAY,
    /** As an object. */
    OBJECT,
    /** As a list that stands alone, where there is but one level. */
    SINGLE
  }

  /**
   * What says the side of a level.
   *
   * @param at its position or name
   * @param words what the venue's words mean: true for bid
   */
  record TagRule(String at, Map<String, Boolean> words) {

    public TagRule {
      words = Map.copyOf(words);
    }
  }

  private static List<Pointer> places(@Nullable Pointer... pointers) {
    List<Pointer> present = new ArrayList<>();
    for (Pointer pointer : pointers) {
      if (pointer != null) {
        present.add(pointer);
      }
    }
    return present;
  }
}
