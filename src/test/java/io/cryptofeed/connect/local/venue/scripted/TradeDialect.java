package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The words in which one venue tells its trades, live and past. Symbols are the venue's own. */
public interface TradeDialect {

  /** What REST answers about the two instruments; null for any other request. */
  @Nullable String instruments(HttpCall call);

  /** Takes a frame of a client. */
  void frame(JsonNode frame, TradeVenue.Client client);

  /** Takes a frame that is no JSON. */
  default void words(String text, TradeVenue.Client client) {}

  /** Says what is said every second, if anything. */
  default void beat(long second, TradeVenue.Client client) {}

  /** Tells new trades, at most {@link #mostInMessage()}, the oldest of which comes first here. */
  String live(String symbol, List<VenueTrade> trades);

  /** What is told on subscribing of the trades before, the oldest first here; null for nothing. */
  default @Nullable String replay(String symbol, List<VenueTrade> trades) {
    return null;
  }

  /** Understands a request for past trades; null for any other request. */
  @Nullable HistoryCall history(HttpCall call);

  /** A page of past trades, the oldest of which comes first here. */
  String page(String symbol, List<VenueTrade> trades);

  /** An error, as REST tells it. */
  String refusal();

  /** The id of a trade. */
  default String id(String symbol, long number) {
    return Long.toString(number);
  }

  /** How many trades a message may tell. */
  default int mostInMessage() {
    return 1;
  }

  /** Whether a message tells the trades of one order as a single one. */
  default boolean joinsFills() {
    return false;
  }

  /** How many of the newest trades can be had at all. */
  default int reach(String symbol) {
    return Integer.MAX_VALUE;
  }

  /** The finest time that live and past trades both tell, nanoseconds. */
  default long clockNanos() {
    return 1_000_000;
  }

  /** Whether messages are gzip files. */
  default boolean packs() {
    return false;
  }

  /** A number of a request, the usual one where it is not given. */
  static int limit(HttpCall call, String name, int usual, int most) {
    String limit = call.parameter(name);
    return limit == null ? usual : Math.min(most, Integer.parseInt(limit));
  }
}
