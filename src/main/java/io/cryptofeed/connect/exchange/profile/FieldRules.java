package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the fields of a message are, and how each is written. */
public final class FieldRules {

  private FieldRules() {}

  /**
   * The venue's symbol.
   *
   * @param separator splits the text into parts, one of which is the symbol; 0 if the whole text is
   * @param part the index of that part, from 0
   */
  public record SymbolRule(Pointer at, char separator, int part) {}

  /** The id of a trade, and how the ids of one instrument relate. */
  public record IdRule(Pointer at, TradeNumbering numbering) {}

  /**
   * A size.
   *
   * @param times the factor before the size is counted in contracts or units; null for 1
   */
  public record SizeRule(Pointer at, @Nullable BigDecimal times) {}

  /**
   * The side of a trade.
   *
   * @param of the party whose side the venue reports
   * @param words the side of each of the venue's values
   * @param otherwise the side of any other value, or of none; null if that is an error
   */
  public record SideRule(Pointer at, Party of, Map<String, Side> words, @Nullable Side otherwise) {

    public SideRule {
      words = Map.copyOf(words);
    }

    /** The taker's side for each of the venue's values. */
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
  public enum Party {
    TAKER,
    MAKER
  }

  /** How a time is written. */
  public enum TimeFormat {
    /** Seconds since the epoch, with decimals: {@code 1762795433.9717445}. */
    S,
    /** Whole milliseconds since the epoch. */
    MS,
    /** Whole microseconds since the epoch. */
    US,
    /** Whole nanoseconds since the epoch. */
    NS,
    /** ISO 8601 with up to nine digits after the second: {@code 2026-08-25T03:35:57.198335Z}. */
    ISO
  }

  /**
   * A time.
   *
   * @param optional whether a message may lack it; the receive time is then used instead
   */
  public record TimeRule(Pointer at, TimeFormat format, boolean optional) {}

  /**
   * The fills that an aggregate trade covers: the ids of the first and the last fill, or the number
   * of fills, in which case the trade's id is that of the last fill.
   */
  public record Fills(@Nullable Pointer first, @Nullable Pointer last, @Nullable Pointer count) {}

  /** The fields of a trade, without the instrument's symbol. */
  public record TradeLayout(
      Pointer id,
      Pointer price,
      SizeRule size,
      SideRule side,
      TimeRule time,
      @Nullable Fills fills) {}

  /**
   * A field of a plain channel.
   *
   * @param format how a time is written; null for all other fields
   */
  public record ValueRule(Pointer at, @Nullable TimeFormat format) {}

  /**
   * The fields of a book: bids and asks in a list each, or changes of both sides in one list.
   *
   * @param first the first sequence number covered, null if the venue does not send it
   * @param last the last sequence number covered, null if the venue does not send it
   * @param previous the last sequence number of the message before, null if the venue does not send
   *     it
   * @param checksum the checksum of the book after the message, null if the venue does not send it
   * @param time the event time, null if the venue does not send it
   * @param sidesMayBeAbsent whether a message without any side has no levels; if not, it is
   *     malformed
   */
  public record BookLayout(
      @Nullable Pointer first,
      @Nullable Pointer last,
      @Nullable Pointer previous,
      @Nullable Pointer checksum,
      @Nullable TimeRule time,
      @Nullable Pointer bids,
      @Nullable Pointer asks,
      @Nullable Pointer changes,
      LevelRule levels,
      boolean sidesMayBeAbsent) {}

  /**
   * How one price level is written.
   *
   * @param price the position or the name of the price
   * @param size the position or the name of the size
   * @param tag the field with the side of the level, null if bids and asks are in a list each
   */
  public record LevelRule(LevelForm form, String price, String size, @Nullable TagRule tag) {}

  /** The form of a price level. */
  public enum LevelForm {
    /** A list, some positions of which are read. */
    ARRAY,
    /** An object. */
    OBJECT,
    /** One list of price and size, where there is a single level. */
    SINGLE
  }

  /**
   * The side of a price level.
   *
   * @param at its position or name
   * @param words the side of each of the venue's values: true for bid
   */
  public record TagRule(String at, Map<String, Boolean> words) {

    public TagRule {
      words = Map.copyOf(words);
    }
  }
}
