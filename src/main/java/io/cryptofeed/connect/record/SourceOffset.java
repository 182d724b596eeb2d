package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Quote;
import io.cryptofeed.connect.market.Trade;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * How far a stream has got: primitive values only, since Connect keeps them as JSON. A number may
 * come back as another kind of number than it was written.
 */
public final class SourceOffset {

  /** The key of the id of the last trade, a text. */
  public static final String TRADE_ID = "trade_id";

  /** The key of its number, where the exchange numbers its trades one by one. */
  public static final String TRADE_SEQUENCE = "trade_seq";

  /** The key of the trade stream that it came from, where the exchange has several. */
  public static final String TRADES_MODE = "trades_mode";

  /**
   * The key of the exchange's time of the last event, nanoseconds since the epoch; 0 if unknown.
   */
  public static final String EVENT_NS = "ts_event_ns";

  private static final String SEQUENCE = "sequence";

  private SourceOffset() {}

  /**
   * @param tradesMode which trade stream of the exchange it came from, where there are several
   */
  static Map<String, Object> of(Trade trade, @Nullable String tradesMode) {
    if (trade.sequence() == Trade.NO_SEQUENCE) {
      return Map.of(TRADE_ID, trade.id(), EVENT_NS, trade.eventNs());
    }
    return tradesMode == null
        ? Map.of(TRADE_ID, trade.id(), TRADE_SEQUENCE, trade.sequence(), EVENT_NS, trade.eventNs())
        : Map.of(
            TRADE_ID,
            trade.id(),
            TRADE_SEQUENCE,
            trade.sequence(),
            TRADES_MODE,
            tradesMode,
            EVENT_NS,
            trade.eventNs());
  }

  static Map<String, Object> of(BookUpdate update) {
    return update.sequence() == BookUpdate.NO_SEQUENCE
        ? Map.of(EVENT_NS, update.eventNs())
        : Map.of(SEQUENCE, update.sequence(), EVENT_NS, update.eventNs());
  }

  static Map<String, Object> of(Quote quote) {
    return quote.sequence() == BookUpdate.NO_SEQUENCE
        ? Map.of(EVENT_NS, quote.eventNs())
        : Map.of(SEQUENCE, quote.sequence(), EVENT_NS, quote.eventNs());
  }

  static Map<String, Object> of(FeedStatus status) {
    return Map.of(EVENT_NS, status.eventNs());
  }

  /**
   * The last trade of an offset. An exchange may number its streams of trades differently, and the
   * ids of one say nothing about the other: of an offset of another stream, the time alone counts.
   *
   * @param tradesMode which trade stream is read now, where there are several
   * @return empty where the offset says neither the trade nor the time
   */
  public static Optional<LastTrade> lastTrade(Map<String, ?> offset, @Nullable String tradesMode) {
    boolean sameStream = Objects.equals(tradesMode, offset.get(TRADES_MODE));
    String id = sameStream && offset.get(TRADE_ID) instanceof String text ? text : "";
    long sequence =
        sameStream && offset.get(TRADE_SEQUENCE) instanceof Number number
            ? number.longValue()
            : Trade.NO_SEQUENCE;
    long eventNs = offset.get(EVENT_NS) instanceof Number number ? number.longValue() : 0;
    boolean isEmpty = id.isEmpty() && sequence == Trade.NO_SEQUENCE && eventNs == 0;
    return isEmpty ? Optional.empty() : Optional.of(new LastTrade(id, sequence, eventNs));
  }

  /**
   * What is wrong with an offset that someone wrote by hand.
   *
   * @return empty when it can be resumed from
   */
  public static Optional<String> fault(Channel channel, Map<String, ?> offset) {
    Set<String> known = keys(channel);
    for (String key : new TreeSet<>(offset.keySet())) {
      if (!known.contains(key)) {
        return Optional.of(
            "has the key '%s', and may have %s".formatted(key, new TreeSet<>(known)));
      }
      Optional<String> needed = needed(key, offset.get(key));
      if (needed.isPresent()) {
        return Optional.of(
            "has '%s' for '%s', and must have %s".formatted(offset.get(key), key, needed.get()));
      }
    }
    return channel == Channel.TRADES ? tradeFault(offset) : Optional.empty();
  }

  /** What a value has to be instead; empty when it is fine. */
  private static Optional<String> needed(String key, @Nullable Object value) {
    if (key.equals(TRADE_ID) || key.equals(TRADES_MODE)) {
      boolean isText = value instanceof String text && !text.isBlank();
      return isText ? Optional.empty() : Optional.of("a text");
    }
    if (!(value instanceof Number number && isWhole(number))) {
      return Optional.of("a whole number");
    }
    // Some exchanges number the first change of a book with -1.
    boolean mayBeNegative = key.equals(SEQUENCE);
    return mayBeNegative || number.longValue() >= 0 ? Optional.empty() : Optional.of("0 or more");
  }

  private static Optional<String> tradeFault(Map<String, ?> offset) {
    Object id = offset.get(TRADE_ID);
    Object sequence = offset.get(TRADE_SEQUENCE);
    boolean hasTime = offset.get(EVENT_NS) instanceof Number time && time.longValue() > 0;
    if (id == null && sequence == null && !hasTime) {
      return Optional.of(
          "names neither a trade nor a time: give '%s', '%s' or '%s', or null in place of the offset to forget it"
              .formatted(TRADE_SEQUENCE, TRADE_ID, EVENT_NS));
    }
    return id == null || sequence == null || id.equals(sequence.toString())
        ? Optional.empty()
        : Optional.of(
            "has the trade_id '%s' beside the trade_seq %s: give the same number in both, or leave trade_id out"
                .formatted(id, sequence));
  }

  private static Set<String> keys(Channel channel) {
    return switch (channel) {
      case TRADES -> Set.of(TRADE_ID, TRADE_SEQUENCE, TRADES_MODE, EVENT_NS);
      case L2_BOOK, L2_SNAPSHOT, QUOTES -> Set.of(SEQUENCE, EVENT_NS);
      case FEED_STATUS -> Set.of(EVENT_NS);
    };
  }

  private static boolean isWhole(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte;
  }
}
