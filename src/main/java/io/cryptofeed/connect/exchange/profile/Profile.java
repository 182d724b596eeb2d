package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TradeLayout;
import io.cryptofeed.connect.exchange.profile.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.SizeUnit;
import java.net.URI;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one venue, as its profile states them.
 *
 * @param id the exchange's id
 * @param name the venue's name, for people
 * @param aliases other ids that mean the same
 * @param restrictions from where the venue may not be used, for people; null where nothing is known
 * @param sandbox the venue's test hosts, null where there are none
 * @param envelopes where a message's content may begin
 * @param messages the kinds of message; of several that fit, the first is meant
 * @param connectionSequence where every message of a connection is numbered, null where none is
 * @param words messages of one bare word, which are known and of no interest
 * @param books how books are kept, for each mode of the book's stream, or once for all
 * @param instruments the lists of instruments
 * @param histories how past trades are had; of several that fit, the first is meant
 * @param restError how the venue words an error on REST, null where it does not
 */
public record Profile(
    String id,
    String name,
    List<String> aliases,
    @Nullable String restrictions,
    Endpoints live,
    @Nullable Endpoints sandbox,
    ConnectionRules connectionRules,
    SubscribeRules subscribe,
    List<Pointer> envelopes,
    List<MessageRule> messages,
    @Nullable Pointer connectionSequence,
    Set<String> words,
    List<BookSection> books,
    List<InstrumentRules> instruments,
    List<HistoryRules> histories,
    @Nullable RestError restError) {

  public Profile {
    aliases = List.copyOf(aliases);
    envelopes = List.copyOf(envelopes);
    messages = List.copyOf(messages);
    words = Set.copyOf(words);
    books = List.copyOf(books);
    instruments = List.copyOf(instruments);
    histories = List.copyOf(histories);
  }

  /** The channels that can be subscribed. */
  public Set<Channel> channels() {
    return subscribe.streams.keySet();
  }

  /** The modes of a channel's stream, the default first; empty without a choice. */
  public List<String> modes(Channel channel) {
    StreamNames names = subscribe.streams.get(channel);
    return names == null ? List.of() : names.modes();
  }

  /** The kinds of contract that the venue lists. */
  public Set<MarketType> marketTypes() {
    Set<MarketType> types = EnumSet.noneOf(MarketType.class);
    instruments.forEach(list -> types.addAll(list.marketType.all()));
    return types;
  }

  /** How the ids of trades relate in the chosen modes; unordered where there are no trades. */
  public TradeNumbering tradeNumbering(Set<String> chosenModes) {
    return messages.stream()
        .filter(message -> message.recognition().isReadIn(chosenModes))
        .filter(MessageRule.OfTrade.class::isInstance)
        .map(message -> ((MessageRule.OfTrade) message).id().numbering())
        .findFirst()
        .orElse(TradeNumbering.UNORDERED);
  }

  /** How the book is kept in a mode of its stream. */
  public BookSection book(@Nullable String mode) {
    for (BookSection book : books) {
      if (book.mode == null || book.mode.equals(mode)) {
        return book;
      }
    }
    throw new IllegalArgumentException("exchange '" + id + "' has no book in mode " + mode);
  }

  /** Where the venue is. */
  public record Endpoints(List<Socket> websockets, URI rest) {

    public Endpoints {
      websockets = List.copyOf(websockets);
    }
  }

  /**
   * Where WebSocket connections for some streams are opened.
   *
   * @param channels the channels that it serves, empty for all
   * @param marketTypes the kinds of contract that it serves, empty for all
   * @param mode the mode of the channel that it serves, null for all
   */
  public record Socket(
      URI url, Set<Channel> channels, Set<MarketType> marketTypes, @Nullable String mode) {

    public Socket {
      channels = Set.copyOf(channels);
      marketTypes = Set.copyOf(marketTypes);
    }

    public boolean serves(Channel channel, MarketType marketType, @Nullable String chosenMode) {
      return (channels.isEmpty() || channels.contains(channel))
          && (marketTypes.isEmpty() || marketTypes.contains(marketType))
          && (mode == null || mode.equals(chosenMode));
    }
  }

  /**
   * How streams are subscribed.
   *
   * @param perFrame the most streams, or symbols, in one frame
   * @param frames the frames of all channels that have none of their own
   * @param framesOf the frames of some channels
   * @param each what stands for one stream in a list of arguments, null where its name does
   * @param streams the venue's name of each channel
   * @param companions names of channels that are subscribed for every instrument beside its streams
   */
  public record SubscribeRules(
      Mode mode,
      SymbolCase symbolCase,
      int perFrame,
      Frames frames,
      Map<Channel, Frames> framesOf,
      @Nullable FrameTemplate each,
      Map<Channel, StreamNames> streams,
      List<String> companions) {

    public SubscribeRules {
      framesOf = Map.copyOf(framesOf);
      streams = Map.copyOf(streams);
      companions = List.copyOf(companions);
    }

    /** What one frame can name. */
    public enum Mode {
      /** A list of streams, each with its channel and symbol in its name. */
      LIST,
      /** One channel and a list of symbols. */
      LIST_PER_CHANNEL
    }

    public Frames frames(Channel channel) {
      return framesOf.getOrDefault(channel, frames);
    }
  }

  /** The frame that subscribes, and the one that ends a subscription. */
  public record Frames(FrameTemplate subscribe, FrameTemplate unsubscribe) {}

  /** How symbols are written in the names of streams. */
  public enum SymbolCase {
    AS_IS,
    LOWER
  }

  /**
   * The name of a channel's streams, one for each mode, or one for all.
   *
   * @param modes the modes, the default first; empty where there is no choice
   * @param names one for each mode; a single one where there is no choice
   */
  public record StreamNames(List<String> modes, List<String> names) {

    public StreamNames {
      modes = List.copyOf(modes);
      names = List.copyOf(names);
    }

    public String in(@Nullable String mode) {
      return modes.isEmpty() ? names.get(0) : names.get(modes.indexOf(mode));
    }
  }

  /**
   * How a book is kept.
   *
   * @param mode the mode of the book's stream, null for all
   * @param rules without the depth
   * @param depths the depths that can be subscribed, smallest first; empty without a choice
   * @param depth the depth that is subscribed unless another is wanted, 0 without a choice
   * @param trims whether levels beyond the depth are not kept up to date by the venue
   * @param snapshot the request for a full book over REST, null where there is none
   * @param request the request for a full book on the connection, null where there is none
   */
  public record BookSection(
      @Nullable String mode,
      BookRules rules,
      List<Integer> depths,
      int depth,
      boolean trims,
      @Nullable SnapshotRules snapshot,
      @Nullable FrameTemplate request) {

    public BookSection {
      depths = List.copyOf(depths);
    }

    /** The depth that is subscribed when so many levels are wanted; 0 without a choice. */
    public int depthFor(int wanted) {
      if (wanted == 0 || depths.isEmpty()) {
        return depth;
      }
      for (int each : depths) {
        if (each >= wanted) {
          return each;
        }
      }
      return depths.get(depths.size() - 1);
    }
  }

  /**
   * A request for a full book and the answer's layout.
   *
   * @param path the path with a place for the symbol
   * @param rows the list whose first element is the book, null where the answer is the book
   */
  public record SnapshotRules(
      String path,
      int weight,
      int maxResponseBytes,
      @Nullable Pointer rows,
      FieldRules.BookLayout layout) {}

  /**
   * The request for past trades and the answer's layout.
   *
   * @param mode the mode of the trades that are of this kind, null for all
   * @param marketTypes the kinds of contract that it serves, empty for all
   * @param path the path with a place for the symbol, and one for the cursor where there is any
   * @param symbol how the request names an instrument, null where it does as the streams do
   * @param pages what the cursor is, and how much one answer can hold
   * @param cursorUnit in what the request counts time
   * @param rows the list of trades
   */
  public record HistoryRules(
      @Nullable String mode,
      Set<MarketType> marketTypes,
      String path,
      @Nullable RestSymbol symbol,
      TradeHistory pages,
      CursorUnit cursorUnit,
      int weight,
      int maxResponseBytes,
      Pointer rows,
      TradeLayout layout) {

    public HistoryRules {
      marketTypes = Set.copyOf(marketTypes);
    }

    public boolean isReadIn(Set<String> chosenModes) {
      return mode == null || chosenModes.contains(mode);
    }

    public boolean serves(MarketType marketType) {
      return marketTypes.isEmpty() || marketTypes.contains(marketType);
    }

    /** How a trade is read, whose ids relate as those of the stream do. */
    public MessageRule.OfTrade trade(TradeNumbering numbering) {
      return MessageRule.OfTrade.of(
          Recognition.NONE_NEEDED, rows, null, layout, numbering, Origin.BACKFILL);
    }
  }

  /**
   * How a request names an instrument, where that is not the symbol of its streams.
   *
   * @param template a text with places for the names of the assets
   * @param words other names for some assets
   */
  public record RestSymbol(String template, Map<String, String> words) {

    public RestSymbol {
      words = Map.copyOf(words);
    }

    public String of(Instrument instrument) {
      return template
          .replace("{base}", words.getOrDefault(instrument.base(), instrument.base()))
          .replace("{quote}", words.getOrDefault(instrument.quote(), instrument.quote()));
    }
  }

  /** In what a request counts the time since the epoch. */
  public enum CursorUnit {
    S(1_000_000_000),
    MS(1_000_000),
    US(1_000),
    NS(1);

    private final long nanos;

    CursorUnit(long nanos) {
      this.nanos = nanos;
    }

    /** A time in this unit, rounded down. */
    public long of(long timeNs) {
      return timeNs / nanos;
    }
  }

  /**
   * The request for a list of instruments, and the places of their values in a row.
   *
   * @param rows where the list of rows is; the fields of an object can be rows as well
   * @param symbol the venue's symbol: a text, or made of {@code {base}} and {@code {quote}}
   * @param expiry where the time of expiry is, null where nothing expires
   * @param contractSize places whose values are multiplied; empty where sizes are no contracts
   * @param active what must hold for an instrument that is traded now
   * @param inactive what must not hold for an instrument that is traded now
   * @param skip what marks a row that is no instrument of ours; an empty text for any value
   * @param next how the next page is asked for, null where there is one page
   */
  public record InstrumentRules(
      RestRequest request,
      Pointer rows,
      WordRule<MarketType> marketType,
      SymbolText symbol,
      TextRule base,
      TextRule quote,
      @Nullable TimeRule expiry,
      @Nullable StepRule tickSize,
      @Nullable StepRule lotSize,
      WordRule<SizeUnit> sizeUnit,
      List<Pointer> contractSize,
      Map<Pointer, String> active,
      Map<Pointer, String> inactive,
      Map<Pointer, String> skip,
      @Nullable NextPage next) {

    public InstrumentRules {
      contractSize = List.copyOf(contractSize);
      active = Map.copyOf(active);
      inactive = Map.copyOf(inactive);
      skip = Map.copyOf(skip);
    }
  }

  /** The venue's symbol: at a place, or made of the names of the assets. */
  public record SymbolText(@Nullable Pointer at, @Nullable String template) {}

  /**
   * A text, or a part of it.
   *
   * @param split what separates its parts, null where the whole is meant
   * @param part the number of the part, from 0
   * @param upper whether it is put into upper case
   * @param words other names for some texts
   */
  public record TextRule(
      Pointer at, @Nullable String split, int part, boolean upper, Map<String, String> words) {

    public TextRule {
      words = Map.copyOf(words);
    }
  }

  /**
   * What the words at a place mean.
   *
   * @param at the place, null where the meaning is always the same
   * @param otherwise what any other word means, null where such a row is passed over
   */
  public record WordRule<T>(@Nullable Pointer at, Map<String, T> words, @Nullable T otherwise) {

    public WordRule {
      words = Map.copyOf(words);
    }

    Set<T> all() {
      Set<T> all = new HashSet<>(words.values());
      if (otherwise != null) {
        all.add(otherwise);
      }
      return all;
    }
  }

  /** Where the next page's cursor is, and the parameter that it becomes. */
  public record NextPage(Pointer at, String parameter) {}

  /**
   * Where the smallest step of a price or a size is.
   *
   * @param list a list in the row, of which one element is meant; null for the row itself
   * @param where what holds for the element that is meant
   * @param at the value, seen from the element or the row
   * @param decimals whether the value is the number of decimals
   */
  public record StepRule(
      @Nullable Pointer list, Map<Pointer, String> where, Pointer at, boolean decimals) {

    public StepRule {
      where = Map.copyOf(where);
    }
  }

  /**
   * Where the venue's words are in an error on REST.
   *
   * @param ok the code of an answer that is no error, null where there is none
   */
  public record RestError(@Nullable Pointer code, Pointer text, @Nullable String ok) {}
}
