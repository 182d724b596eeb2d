package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One kind of message of a venue: how it is recognised, and where its values are. */
sealed interface MessageRule {

  /** How the message is recognised, and in which trades mode it exists. */
  Recognition recognition();

  /** Every place that is read, without the tests of the recognition. */
  List<Pointer> reads();

  /**
   * How a message is recognised.
   *
   * @param tests all must hold
   * @param mode the trades mode in which the message is read, null for all
   * @param line where the profile says so
   */
  record Recognition(List<RouteTest> tests, @Nullable String mode, int line) {

    public Recognition {
      tests = List.copyOf(tests);
    }

    boolean isReadIn(@Nullable String chosenMode) {
      return mode == null || mode.equals(chosenMode);
    }
  }

  /**
   * One trade.
   *
   * @param id the trade's id, unique within its instrument
   * @param consecutive whether each id is the one before plus one, within an instrument
   * @param fills the range of fills that an aggregate covers, null where a trade is one fill
   */
  record OfTrade(
      Recognition recognition,
      Pointer symbol,
      Pointer id,
      boolean consecutive,
      Pointer price,
      Pointer size,
      SideRule side,
      TimeRule time,
      @Nullable Fills fills,
      Origin origin)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(
          symbol,
          id,
          price,
          size,
          side.at,
          time.at,
          fills == null ? null : fills.first,
          fills == null ? null : fills.last);
    }
  }

  /** A full book, or changes of it. */
  record OfBook(
      Recognition recognition, boolean snapshot, @Nullable Pointer symbol, BookLayout layout)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(
          symbol,
          layout.first,
          layout.last,
          layout.time == null ? null : layout.time.at,
          layout.bids,
          layout.asks,
          layout.changes);
    }
  }

  /** A sign of life of an instrument's streams. */
  record OfHeartbeat(Recognition recognition, Pointer symbol, @Nullable Pointer lastTrade)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(symbol, lastTrade);
    }
  }

  /** The venue confirms one request, by its id. */
  record Confirmation(Recognition recognition, Pointer request) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(request);
    }
  }

  /**
   * The venue lists all that is subscribed now.
   *
   * @param rows one row for each of the venue's channels
   * @param channel the venue's name of the channel, seen from a row
   * @param symbols the venue's symbols, seen from a row
   * @param names what the venue's names of channels mean
   */
  record ConfirmationList(
      Recognition recognition,
      Pointer rows,
      Pointer channel,
      Pointer symbols,
      Map<String, Channel> names)
      implements MessageRule {

    public ConfirmationList {
      names = Map.copyOf(names);
    }

    @Override
    public List<Pointer> reads() {
      return places(rows);
    }
  }

  /** The venue refuses a request. */
  record Refusal(
      Recognition recognition,
      Refused refuses,
      @Nullable Pointer request,
      @Nullable Pointer code,
      Pointer text)
      implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return places(request, code, text);
    }
  }

  /** The venue asks for a new connection. */
  record Reconnect(Recognition recognition, String reason) implements MessageRule {

    @Override
    public List<Pointer> reads() {
      return List.of();
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
   * Where the side of a trade is.
   *
   * @param of whose side the venue reports
   * @param words what the venue's words mean
   */
  record SideRule(Pointer at, Party of, Map<String, Side> words) {

    public SideRule {
      words = Map.copyOf(words);
    }

    /** What the venue's words mean for the taker. */
    Map<String, Side> takerWords() {
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
    /** Whole milliseconds since the epoch. */
    MS,
    /** ISO 8601 with up to nine digits behind the second: {@code 2026-08-25T03:35:57.198335Z}. */
    ISO
  }

  /** Where a time is, and how it is written. */
  record TimeRule(Pointer at, TimeFormat format) {}

  /** Where the ids of the first and the last fill of an aggregate are. */
  record Fills(Pointer first, Pointer last) {}

  /**
   * Where the parts of a book are: either bids and asks apart, or changes of both together.
   *
   * @param first the first sequence number covered, null where the venue has none
   * @param last the last sequence number covered, null where the venue has none
   * @param time the venue's time, null where the message has none
   */
  record BookLayout(
      @Nullable Pointer first,
      @Nullable Pointer last,
      @Nullable TimeRule time,
      @Nullable Pointer bids,
      @Nullable Pointer asks,
      @Nullable Pointer changes,
      LevelRule levels) {}

  /**
   * How one level is written: an array, of which some positions are read.
   *
   * @param price the position of the price
   * @param size the position of the size
   * @param tag what says the side of the level, null where bids and asks are apart
   */
  record LevelRule(int price, int size, @Nullable TagRule tag) {}

  /**
   * What says the side of a level.
   *
   * @param at its position
   * @param words what the venue's words mean: true for bid
   */
  record TagRule(int at, Map<String, Boolean> words) {

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
