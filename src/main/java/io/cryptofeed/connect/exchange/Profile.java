package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one product of one venue, as its profile states them.
 *
 * @param id the exchange's id
 * @param aliases other ids that mean the same
 * @param marketType the kind of contract
 * @param sandbox the venue's test hosts, null where there are none
 * @param envelopes where a message's content may begin
 * @param messages the kinds of message; of several that fit, the first is meant
 * @param snapshot the request for a full book, null where the stream sends it
 * @param restError how the venue words an error on REST, null where it does not
 */
record Profile(
    String id,
    List<String> aliases,
    MarketType marketType,
    Endpoints live,
    @Nullable Endpoints sandbox,
    ConnectionRules connectionRules,
    SubscribeRules subscribe,
    List<Pointer> envelopes,
    List<MessageRule> messages,
    BookRules book,
    @Nullable SnapshotRules snapshot,
    InstrumentRules instruments,
    @Nullable RestError restError) {

  Profile {
    aliases = List.copyOf(aliases);
    envelopes = List.copyOf(envelopes);
    messages = List.copyOf(messages);
  }

  /** The channels that can be subscribed. */
  Set<Channel> channels() {
    return subscribe.streams.keySet();
  }

  /** The values of the trades mode, the default first; empty without a choice. */
  List<String> tradeModes() {
    StreamNames trades = subscribe.streams.get(Channel.TRADES);
    return trades == null ? List.of() : trades.modes();
  }

  /** Where the venue is. */
  record Endpoints(URI websocket, URI rest) {}

  /**
   * How streams are subscribed.
   *
   * @param perFrame the most streams, or symbols, in one frame
   * @param frame the frame that subscribes
   * @param unsubscribe the frame that ends a subscription
   * @param streams the venue's name of each channel
   * @param companions names of channels that are subscribed for every instrument beside its streams
   */
  record SubscribeRules(
      Mode mode,
      SymbolCase symbolCase,
      int perFrame,
      FrameTemplate frame,
      FrameTemplate unsubscribe,
      Map<Channel, StreamNames> streams,
      List<String> companions) {

    SubscribeRules {
      streams = Map.copyOf(streams);
      companions = List.copyOf(companions);
    }

    /** What one frame can name. */
    enum Mode {
      /** A list of streams, each with its channel and symbol in its name. */
      LIST,
      /** One channel and a list of symbols. */
      LIST_PER_CHANNEL
    }
  }

  /** How symbols are written in the names of streams. */
  enum SymbolCase {
    AS_IS,
    LOWER
  }

  /**
   * The name of a channel's streams, one for each trades mode, or one for all.
   *
   * @param modes the modes, the default first; empty where there is no choice
   * @param names one for each mode; a single one where there is no choice
   */
  record StreamNames(List<String> modes, List<String> names) {

    StreamNames {
      modes = List.copyOf(modes);
      names = List.copyOf(names);
    }

    String in(@Nullable String mode) {
      return modes.isEmpty() ? names.get(0) : names.get(modes.indexOf(mode));
    }
  }

  /**
   * A request for a full book and the answer's layout.
   *
   * @param path the path with a place for the symbol
   */
  record SnapshotRules(
      String path, int weight, int maxResponseBytes, MessageRule.BookLayout layout) {}

  /**
   * The request that lists all instruments, and the places of their values in a row.
   *
   * @param rows where the list of rows is
   * @param active what must hold for an instrument that is traded now
   * @param inactive what must not hold for an instrument that is traded now
   */
  record InstrumentRules(
      RestRequest request,
      Pointer rows,
      Pointer symbol,
      Pointer base,
      Pointer quote,
      @Nullable StepRule tickSize,
      @Nullable StepRule lotSize,
      Map<Pointer, String> active,
      Map<Pointer, String> inactive) {

    InstrumentRules {
      active = Map.copyOf(active);
      inactive = Map.copyOf(inactive);
    }
  }

  /**
   * Where the smallest step of a price or a size is.
   *
   * @param list a list in the row, of which one element is meant; null for the row itself
   * @param where what holds for the element that is meant
   * @param at the value, seen from the element or the row
   */
  record StepRule(@Nullable Pointer list, Map<Pointer, String> where, Pointer at) {

    StepRule {
      where = Map.copyOf(where);
    }
  }

  /** Where the venue's words are in an error on REST. */
  record RestError(@Nullable Pointer code, Pointer text) {}
}
