package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.Fills;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SymbolRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.ValueRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.read.MessageRoute.FieldPlace;
import io.cryptofeed.connect.exchange.read.MessageRoute.LevelPlace;
import io.cryptofeed.connect.exchange.read.MessageRoute.SymbolPlace;
import io.cryptofeed.connect.exchange.read.Place.Levels;
import io.cryptofeed.connect.exchange.read.Place.Scope;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All places that the routes of a profile read, merged into one tree of field names, so that one
 * pass over a message serves every route. A route is one kind of message in one envelope; its
 * number is its bit in the sets of routes, and of several routes that fit the lowest one is taken.
 *
 * <p>A scope is what occurs once: the message itself, or each element of a list whose elements are
 * read. Every place belongs to the innermost scope around it.
 *
 * <p>Built once for a profile and its modes, then immutable and shared by sessions.
 */
public final class MessageTrie {

  private static final int MAX_ROUTES = Long.SIZE;
  private static final int MAX_TESTS = Long.SIZE;

  private final List<MessageRoute> routes = new ArrayList<>();
  private final List<Scope> scopeOfRoute = new ArrayList<>();
  private final long[] needed = new long[MAX_ROUTES];
  private final long[] neededInMessage = new long[MAX_ROUTES];
  private final long[] neededInRow = new long[MAX_ROUTES];
  private final List<Place> places = new ArrayList<>();
  private final List<Scope> scopes = new ArrayList<>();
  private final Place root;
  private @Nullable Place connectionSequence;
  private int tested;

  private final int maxRows;

  private MessageTrie(int maxRows) {
    this.maxRows = maxRows;
    Scope message = new Scope(0, null, null);
    scopes.add(message);
    root = new Place("", 0, message);
    places.add(root);
  }

  /**
   * The tree of the messages of a profile that exist in the chosen modes.
   *
   * @throws IllegalArgumentException if the profile has too many kinds of message, or two of them
   *     contradict each other
   */
  public static MessageTrie of(Profile profile, Set<String> modes) {
    MessageTrie trie = new MessageTrie(profile.connectionRules().messageRows());
    for (Pointer envelope : profile.envelopes()) {
      for (MessageRule rule : profile.messages()) {
        if (rule.recognition().isReadIn(modes)) {
          trie.add(rule, envelope);
        }
      }
    }
    if (profile.connectionSequence() != null) {
      trie.connectionSequence = trie.place(profile.connectionSequence(), -1L);
      trie.connectionSequence.wantAlways();
    }
    trie.places.forEach(Place::freeze);
    return trie;
  }

  /**
   * The tree of a single kind of message, which needs no recognition. In the place of a list within
   * which its rows are, there may be an object, whose fields are taken for the elements.
   *
   * @throws IllegalArgumentException if two of its places contradict each other
   */
  public static MessageTrie of(MessageRule rule) {
    MessageTrie trie = new MessageTrie(ConnectionRules.DEFAULT_MESSAGE_ROWS);
    trie.add(rule, Pointer.ROOT);
    List<String> names = rule.rows() == null ? List.of() : rule.rows().names();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(Pointer.EACH)) {
        trie.place(new Pointer(names.subList(0, i)), 0).allowObject();
      }
    }
    trie.places.forEach(Place::freeze);
    return trie;
  }

  Place root() {
    return root;
  }

  /** The most rows of a list in a message. */
  int maxRows() {
    return maxRows;
  }

  int placeCount() {
    return places.size();
  }

  /** All scopes: the message first, an outer scope before those in it. */
  List<Scope> scopes() {
    return scopes;
  }

  /** The place of the sequence number of every message, or null. */
  @Nullable Place connectionSequence() {
    return connectionSequence;
  }

  /** The set of all routes, one bit each. */
  long allRoutes() {
    return routes.size() == Long.SIZE ? -1L : (1L << routes.size()) - 1;
  }

  /** The bits of the places that must have been seen for a message to take this route. */
  long needed(int route) {
    return needed[route];
  }

  /** Those of the needed places that are not within rows. */
  long neededInMessage(int route) {
    return neededInMessage[route];
  }

  /** Those of the needed places that are in the row itself, and not around it. */
  long neededInRow(int route) {
    return neededInRow[route];
  }

  /** The scope of one event of this route: the message, or each row. */
  Scope scope(int route) {
    return scopeOfRoute.get(route);
  }

  MessageRoute route(int number) {
    return routes.get(number);
  }

  private void add(MessageRule rule, Pointer envelope) {
    if (routes.size() == MAX_ROUTES) {
      throw new IllegalArgumentException("more than " + MAX_ROUTES + " kinds of message");
    }
    int number = routes.size();
    long bit = 1L << number;
    for (FieldCondition condition : rule.recognition().tests()) {
      Place place = place(condition.at().in(envelope), bit);
      place.test(condition, bit);
      if (place.testBit() == 0) {
        if (tested == MAX_TESTS) {
          throw new IllegalArgumentException("more than " + MAX_TESTS + " places are tested");
        }
        place.setTestBit(1L << tested++);
      }
      needed[number] |= place.testBit();
      if (place.scope().parent() == null) {
        neededInMessage[number] |= place.testBit();
      }
    }
    if (!(rule instanceof ControlRule)) {
      for (Pointer pointer : rule.reads()) {
        place(pointer.in(envelope), bit);
      }
    }
    Pointer rows = rule.rows();
    Scope scope = rows == null ? scopes.get(0) : place(rows.in(envelope).each(), bit).scope();
    scopeOfRoute.add(scope);
    for (FieldCondition condition : rule.recognition().tests()) {
      Place place = place(condition.at().in(envelope), bit);
      if (place.scope() == scope) {
        neededInRow[number] |= place.testBit();
      }
    }
    routes.add(route(rule, envelope, bit));
  }

  private MessageRoute route(MessageRule rule, Pointer envelope, long bit) {
    if (rule instanceof MessageRule.OfTrade trade) {
      return trade(trade, envelope, bit);
    }
    if (rule instanceof MessageRule.OfBook book) {
      return book(book, envelope, bit);
    }
    if (rule instanceof MessageRule.OfObservation observation) {
      return observation(observation, envelope, bit);
    }
    if (rule instanceof MessageRule.OfHeartbeat heartbeat) {
      return new MessageRoute.OfHeartbeat(
          symbol(heartbeat.symbol(), envelope, bit), find(heartbeat.lastTrade(), envelope, bit));
    }
    return rule instanceof ControlRule control
        ? new MessageRoute.OfControl(control, envelope)
        : new MessageRoute.OfNothing();
  }

  private MessageRoute trade(MessageRule.OfTrade trade, Pointer envelope, long bit) {
    Fills fills = trade.fills();
    return new MessageRoute.OfTrade(
        trade,
        trade.symbol() == null ? null : symbol(trade.symbol(), envelope, bit),
        place(trade.id().at().in(envelope), bit),
        place(trade.price().in(envelope), bit),
        place(trade.size().at().in(envelope), bit),
        place(trade.side().at().in(envelope), bit),
        place(trade.time().at().in(envelope), bit),
        fills == null ? null : find(fills.first(), envelope, bit),
        fills == null ? null : find(fills.last(), envelope, bit),
        fills == null ? null : find(fills.count(), envelope, bit),
        new WireWords<>(trade.side().takerWords()));
  }

  private MessageRoute book(MessageRule.OfBook book, Pointer envelope, long bit) {
    BookLayout layout = book.layout();
    return new MessageRoute.OfBook(
        book,
        book.symbol() == null ? null : symbol(book.symbol(), envelope, bit),
        find(layout.first(), envelope, bit),
        find(layout.last(), envelope, bit),
        find(layout.previous(), envelope, bit),
        find(layout.checksum(), envelope, bit),
        time(layout.time(), envelope, bit),
        findLevels(layout.bids(), envelope, bit, layout.levels(), Levels.Of.BIDS),
        findLevels(layout.asks(), envelope, bit, layout.levels(), Levels.Of.ASKS),
        findLevels(layout.changes(), envelope, bit, layout.levels(), Levels.Of.BOTH));
  }

  private MessageRoute observation(
      MessageRule.OfObservation observation, Pointer envelope, long bit) {
    return new MessageRoute.OfObservation(
        observation,
        symbol(observation.symbol(), envelope, bit),
        time(observation.time(), envelope, bit),
        fields(observation, envelope, bit),
        observation.levels() == null ? levels(observation, envelope, bit) : List.of(),
        observation.levels() == null
            ? List.of()
            : lists(observation, observation.levels(), envelope, bit));
  }

  private List<FieldPlace> fields(
      MessageRule.OfObservation observation, Pointer envelope, long bit) {
    ChannelLayout layout = observation.layout();
    List<FieldPlace> places = new ArrayList<>();
    for (int i = 0; i < layout.fields().size(); i++) {
      ValueRule value = observation.values().get(i);
      if (value != null && !layout.isOfLevel(i)) {
        ChannelField field = layout.fields().get(i);
        places.add(
            new FieldPlace(
                i,
                field,
                field.optional() && i != layout.sequence(),
                place(value.at().in(envelope), bit),
                value.format()));
      }
    }
    return places;
  }

  private List<LevelPlace> levels(
      MessageRule.OfObservation observation, Pointer envelope, long bit) {
    List<LevelPlace> places = new ArrayList<>();
    for (ChannelLayout.Level level : observation.layout().levels()) {
      ValueRule price = observation.values().get(level.price());
      ValueRule size = observation.values().get(level.size());
      if (price != null && size != null) {
        places.add(
            new LevelPlace(
                level, place(price.at().in(envelope), bit), place(size.at().in(envelope), bit)));
      }
    }
    return places;
  }

  private List<Place> lists(
      MessageRule.OfObservation observation, LevelRule rule, Pointer envelope, long bit) {
    List<Place> places = new ArrayList<>();
    for (Pointer list : observation.lists()) {
      Levels.Of side = places.isEmpty() ? Levels.Of.BIDS : Levels.Of.ASKS;
      places.add(levels(list, envelope, bit, rule, side));
    }
    return places;
  }

  private SymbolPlace symbol(SymbolRule rule, Pointer envelope, long bit) {
    return new SymbolPlace(
        place(rule.at().in(envelope), bit), (byte) rule.separator(), rule.part());
  }

  private @Nullable Place time(@Nullable TimeRule rule, Pointer envelope, long bit) {
    return rule == null ? null : find(rule.at(), envelope, bit);
  }

  private @Nullable Place find(@Nullable Pointer pointer, Pointer envelope, long bit) {
    return pointer == null ? null : place(pointer.in(envelope), bit);
  }

  private @Nullable Place findLevels(
      @Nullable Pointer pointer, Pointer envelope, long bit, LevelRule rule, Levels.Of side) {
    return pointer == null ? null : levels(pointer, envelope, bit, rule, side);
  }

  private Place levels(
      Pointer pointer, Pointer envelope, long bit, LevelRule rule, Levels.Of side) {
    Place place = place(pointer.in(envelope), bit);
    if (!place.readLevels(rule, side)) {
      throw new IllegalArgumentException(
          "two kinds of message read levels of different form at " + pointer);
    }
    return place;
  }

  private Place place(Pointer pointer, long bit) {
    Place place = root;
    place.want(bit);
    for (String name : pointer.names()) {
      Place child = place.childNamed(name);
      if (child == null) {
        child = new Place(place.path() + '/' + name, places.size(), scopeOf(place, name));
        places.add(child);
        place.addChild(name, child);
      }
      place = child;
      place.want(bit);
    }
    return place;
  }

  private Scope scopeOf(Place parent, String name) {
    if (!name.equals(Pointer.EACH)) {
      return parent.scope();
    }
    Scope scope = new Scope(scopes.size(), parent.scope(), parent);
    scopes.add(scope);
    return scope;
  }
}
