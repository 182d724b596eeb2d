package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The messages of one venue, of its stream and its history. Symbols are the venue's own. */
public interface TradeDialect {

  /** The REST response with the two instruments; null for any other request. */
  @Nullable String instruments(HttpCall call);

  /** Handles a JSON frame of a client. */
  void frame(JsonNode frame, TradeVenue.Client client);

  /** Handles a frame of a client that is not JSON. */
  default void text(String text, TradeVenue.Client client) {}

  /** Sends the messages that are due each second, if any. */
  default void beat(long second, TradeVenue.Client client) {}

  /** A message with new trades, at most {@link #maxTradesInMessage()}; given the oldest first. */
  String live(String symbol, List<VenueTrade> trades);

  /** The message with earlier trades on subscribing, given the oldest first; null for none. */
  default @Nullable String replay(String symbol, List<VenueTrade> trades) {
    return null;
  }

  /** Parses a request to the trade history; null for any other request. */
  @Nullable HistoryCall history(HttpCall call);

  /** A page of the history, given the oldest trade first. */
  String page(String symbol, List<VenueTrade> trades);

  /** An error in the format of the REST API. */
  String refusal();

  /** The id of a trade. */
  default String id(String symbol, long number) {
    return Long.toString(number);
  }

  /** How many trades a message may have. */
  default int maxTradesInMessage() {
    return 1;
  }

  /** Whether a message joins the trades of one order to a single trade. */
  default boolean joinsFills() {
    return false;
  }

  /** How many of the newest trades the history has. */
  default int reach(String symbol) {
    return Integer.MAX_VALUE;
  }

  /** The precision of times that stream and history share, in nanoseconds. */
  default long clockNanos() {
    return 1_000_000;
  }

  /** Whether messages are gzip files. */
  default boolean gzips() {
    return false;
  }

  /** A number of a request, at most the maximum; the default if it is not given. */
  static int limit(HttpCall call, String name, int defaultLimit, int maximum) {
    String limit = call.parameter(name);
    return limit == null ? defaultLimit : Math.min(maximum, Integer.parseInt(limit));
  }
}
