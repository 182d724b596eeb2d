package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The position of a stream: primitive values only, because Connect stores them as JSON. A number
 * may be read back as another numeric type than it was written.
 */
public final class SourceOffset {

  /** The key of the last trade's id, a text. */
  public static final String TRADE_ID = "trade_id";

  /** The key of the last trade's id as a number, if the exchange has consecutive trade ids. */
  public static final String TRADE_SEQUENCE = "trade_seq";

  /** The key of the trade stream, if the exchange has several. */
  public static final String TRADES_MODE = "trades_mode";

  /** The key of the event time of the last event, in nanoseconds since the epoch; 0 if unknown. */
  public static final String EVENT_NS = "ts_event_ns";

  private static final String SEQUENCE = "sequence";

  private SourceOffset() {}

  /**
   * @param tradesMode the configured trade stream of the exchange; null if there is only one
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
    return of(update.sequence(), update.eventNs());
  }

  static Map<String, Object> of(Observation observation) {
    return of(observation.sequence(), observation.eventNs());
  }

  private static Map<String, Object> of(long sequence, long eventNs) {
    return sequence == BookUpdate.NO_SEQUENCE
        ? Map.of(EVENT_NS, eventNs)
        : Map.of(SEQUENCE, sequence, EVENT_NS, eventNs);
  }

  static Map<String, Object> of(FeedStatus status) {
    return Map.of(EVENT_NS, status.eventNs());
  }

  /**
   * The last trade of an offset. Each trade stream of an exchange may have its own id space. So
   * only the time is used of an offset that was written for another trade stream.
   *
   * @param tradesMode the configured trade stream; null if there is only one
   * @return empty if the offset has neither a trade nor a time
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
   * The fault of an offset that an operator wrote.
   *
   * @return a phrase that follows the name of the offset; empty if a task can resume from it
   */
  public static Optional<String> fault(Channel channel, Map<String, ?> offset) {
    Set<String> known = keys(channel);
    for (String key : new TreeSet<>(offset.keySet())) {
      if (!known.contains(key)) {
        return Optional.of(
            "has the unknown key '%s'; known are %s".formatted(key, new TreeSet<>(known)));
      }
      Optional<String> needed = needed(key, offset.get(key));
      if (needed.isPresent()) {
        return Optional.of(
            "has '%s' for '%s', which must be %s".formatted(offset.get(key), key, needed.get()));
      }
    }
    return channel == Channel.TRADES ? tradeFault(offset) : Optional.empty();
  }

  /** What a value must be; empty if it is valid. */
  private static Optional<String> needed(String key, @Nullable Object value) {
    if (key.equals(TRADE_ID) || key.equals(TRADES_MODE)) {
      boolean isText = value instanceof String text && !text.isBlank();
      return isText ? Optional.empty() : Optional.of("a text");
    }
    if (!(value instanceof Number number && isWhole(number))) {
      return Optional.of("a whole number");
    }
    // Some exchanges give the first delta of a book the sequence number -1.
    boolean mayBeNegative = key.equals(SEQUENCE);
    return mayBeNegative || number.longValue() >= 0 ? Optional.empty() : Optional.of("0 or more");
  }

  private static Optional<String> tradeFault(Map<String, ?> offset) {
    Object id = offset.get(TRADE_ID);
    Object sequence = offset.get(TRADE_SEQUENCE);
    boolean hasTime = offset.get(EVENT_NS) instanceof Number time && time.longValue() > 0;
    if (id == null && sequence == null && !hasTime) {
      return Optional.of(
          "has neither a trade nor a time: set '%s', '%s' or '%s', or set the whole offset to null to remove it"
              .formatted(TRADE_SEQUENCE, TRADE_ID, EVENT_NS));
    }
    return id == null || sequence == null || id.equals(sequence.toString())
        ? Optional.empty()
        : Optional.of(
            "has the trade_id '%s' and the trade_seq %s: set the same number in both, or remove trade_id"
                .formatted(id, sequence));
  }

  private static Set<String> keys(Channel channel) {
    if (channel == Channel.TRADES) {
      return Set.of(TRADE_ID, TRADE_SEQUENCE, TRADES_MODE, EVENT_NS);
    }
    return channel == Channel.FEED_STATUS ? Set.of(EVENT_NS) : Set.of(SEQUENCE, EVENT_NS);
  }

  private static boolean isWhole(Number number) {
    return number instanceof Long
        || number instanceof Integer
        || number instanceof Short
        || number instanceof Byte;
  }
}
