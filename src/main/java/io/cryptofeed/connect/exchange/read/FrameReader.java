package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonToken;
import io.cryptofeed.connect.exchange.profile.FieldRules;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelForm;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.read.MessageRoute.SymbolPlace;
import io.cryptofeed.connect.exchange.read.MessageTrie.Levels;
import io.cryptofeed.connect.exchange.read.MessageTrie.Node;
import io.cryptofeed.connect.exchange.read.MessageTrie.Scope;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Quote;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages in one pass over their bytes: notes where the wanted scalars are, narrows the set
 * of routes that the message can still take, and takes up the levels of books when it meets them.
 * Only when the whole message has proved to be valid, and its route is known, are the scalars
 * converted. The order of fields does not matter. Allocates nothing for a book, and only the id's
 * text for a trade. Used by one thread.
 *
 * <p>A message is one event, or each row of a list in it is: {@link #read} says how many there are,
 * and {@link #select} turns to one of them.
 */
public final class FrameReader {

  /** What {@link #read} returns for a valid message of no known kind. */
  public static final int UNKNOWN = -1;

  private static final int ABSENT = 0;
  private static final int OBJECT = -1;
  private static final int ARRAY = -2;
  private static final Instrument NONE =
      new Instrument("", MarketType.SPOT, "", "", "", "", null, null, false);

  private final MessageTrie trie;
  private final long allRoutes;
  private final FrameTokens tokens = new FrameTokens();
  private final int[] positions;
  private final Rows[] rows;
  private final Trade trade = new Trade(NONE);
  private final Quote quote = new Quote(NONE);

  private byte[] buffer = {};
  private long alive;
  private long seen;

  /** The book, and what is wrong with it, of the scope that is being read. */
  private Levelled levelled = new Levelled();

  private final Levelled ofMessage = levelled;
  private int winner;

  /** The rows that are events, in order; -1 for one of no known kind. */
  private int[] events = new int[16];

  private int eventCount;

  public FrameReader(MessageTrie trie) {
    this.trie = trie;
    int routes = trie.routeCount();
    allRoutes = routes == Long.SIZE ? -1L : (1L << routes) - 1;
    positions = new int[trie.nodeCount()];
    rows = trie.scopes().stream().map(Rows::new).toArray(Rows[]::new);
  }

  /** The levels of one event, and what is wrong with them. */
  private static final class Levelled {
    private final BookUpdate book = new BookUpdate(NONE);
    private @Nullable MalformedMessageException wrong;

    private void clear() {
      book.clearLevels();
      wrong = null;
    }
  }

  /** What was found in each element of a list. */
  private static final class Rows {
    private final Scope scope;
    private final int[] nodes;
    private int[] positions = new int[64];
    private long[] alive = new long[16];
    private long[] seen = new long[16];
    private int[] parents = new int[16];
    private Levelled[] levelled = {};
    private int count;

    private Rows(Scope scope) {
      this.scope = scope;
      nodes = scope.nodes().stream().mapToInt(Node::index).toArray();
    }

    private void clear(int[] from) {
      for (int node : nodes) {
        from[node] = ABSENT;
      }
    }

    private Levelled begin(Levelled outer) {
      if (!scope.hasLevels()) {
        return outer;
      }
      if (count == levelled.length) {
        levelled = Arrays.copyOf(levelled, count + 1);
        levelled[count] = new Levelled();
      }
      levelled[count].clear();
      return levelled[count];
    }

    private void add(int[] from, long rowAlive, long rowSeen, int parent) {
      if (count == alive.length) {
        alive = Arrays.copyOf(alive, count * 2);
        seen = Arrays.copyOf(seen, count * 2);
        parents = Arrays.copyOf(parents, count * 2);
      }
      int begin = count * nodes.length;
      if (begin + nodes.length > positions.length) {
        positions = Arrays.copyOf(positions, (begin + nodes.length) * 2);
      }
      for (int i = 0; i < nodes.length; i++) {
        positions[begin + i] = from[nodes[i]];
      }
      alive[count] = rowAlive;
      seen[count] = rowSeen;
      parents[count] = parent;
      count++;
    }

    private void restore(int row, int[] into) {
      int begin = row * nodes.length;
      for (int i = 0; i < nodes.length; i++) {
        into[nodes[i]] = positions[begin + i];
      }
    }
  }

  /**
   * Reads a message.
   *
   * @return how many events it has, or {@link #UNKNOWN}
   * @throws MalformedMessageException when it is not valid JSON, or has a field twice
   */
  public int read(byte[] message, int offset, int length) throws MalformedMessageException {
    buffer = message;
    alive = allRoutes;
    seen = 0;
    eventCount = 0;
    Arrays.fill(positions, ABSENT);
    for (Rows each : rows) {
      each.count = 0;
    }
    levelled = ofMessage;
    levelled.clear();
    boolean complete = false;
    try {
      Node root = trie.root();
      JsonToken first = tokens.open(message, offset, length);
      if (first == JsonToken.START_OBJECT) {
        object(root);
      } else if (root.each() != null) {
        positions[root.index()] = ARRAY;
        rows(root.each());
      } else {
        tokens.skip();
        alive = 0;
      }
      tokens.close();
      complete = true;
    } catch (IOException | IndexOutOfBoundsException e) {
      // The parser meets the remote host's bytes first: a slip in it must not end the connection.
      throw new MalformedMessageException("not valid JSON, " + length + " bytes");
    } finally {
      if (!complete) {
        tokens.discard();
      }
    }
    winner = winner(alive, seen, null);
    if (winner < 0) {
      return UNKNOWN;
    }
    Scope scope = trie.scope(winner);
    if (scope.parent() == null) {
      return 1;
    }
    listEvents(scope);
    return eventCount;
  }

  /**
   * Turns to an event of the message that was read last.
   *
   * @param event its number, from 0; trades are counted from the oldest
   * @return its route, or null when it is of no known kind
   */
  @Nullable
  public MessageRoute select(int event) {
    Scope scope = trie.scope(winner);
    if (scope.parent() == null) {
      return trie.route(winner);
    }
    int row = events[event];
    int number = row < 0 ? -1 : selectRow(scope, row);
    return number < 0 ? null : trie.route(number);
  }

  /** Lists the rows that are events, in the order in which they are handed on. */
  private void listEvents(Scope scope) throws MalformedMessageException {
    Scope outer = scope.parent();
    Rows found = rows[scope.index()];
    if (outer == null || outer.parent() == null) {
      requireList(scope);
      addEvents(scope, 0, found.count);
      return;
    }
    requireList(outer);
    Rows elements = rows[outer.index()];
    int from = 0;
    for (int element = 0; element < elements.count; element++) {
      int to = from;
      while (to < found.count && found.parents[to] == element) {
        to++;
      }
      elements.restore(element, positions);
      if (mayHold(scope, elements, element)) {
        requireList(scope);
        addEvents(scope, from, to);
      } else {
        addEvent(-1);
      }
      from = to;
    }
  }

  /** Whether an element of the outer list is of a kind whose inner list is read. */
  private boolean mayHold(Scope scope, Rows elements, int element) {
    long tests = seen | elements.seen[element];
    for (long left = alive & elements.alive[element]; left != 0; left &= left - 1) {
      int route = Long.numberOfTrailingZeros(left);
      long needed = trie.needed(route) & ~trie.neededInRow(route);
      if (trie.scope(route) == scope && (tests & needed) == needed) {
        return true;
      }
    }
    return false;
  }

  private void addEvents(Scope scope, int from, int to) throws MalformedMessageException {
    boolean backwards = to - from > 1 && isNewestFirst(scope, from, to);
    for (int i = from; i < to; i++) {
      addEvent(backwards ? from + to - 1 - i : i);
    }
  }

  private void addEvent(int row) {
    if (eventCount == events.length) {
      events = Arrays.copyOf(events, eventCount * 2);
    }
    events[eventCount++] = row;
  }

  private int selectRow(Scope scope, int row) {
    long routes = alive;
    long tests = seen;
    int at = row;
    for (Scope each = scope; each.parent() != null; each = each.parent()) {
      Rows found = rows[each.index()];
      found.restore(at, positions);
      routes &= found.alive[at];
      tests |= found.seen[at];
      if (each.hasLevels()) {
        levelled = found.levelled[at];
      }
      at = found.parents[at];
    }
    return winner(routes, tests, scope);
  }

  /** A list may be empty, but not missing. */
  private void requireList(Scope scope) throws MalformedMessageException {
    Node list = scope.list();
    if (list != null && positions[list.index()] != ARRAY) {
      throw new MalformedMessageException(
          list == trie.root() ? "the message is no list" : "field " + list.path() + " is no list");
    }
  }

  /**
   * The first route that fits: of those with this scope, or of all, by their tests outside rows.
   */
  private int winner(long routes, long tests, @Nullable Scope scope) {
    for (long left = routes; left != 0; left &= left - 1) {
      int route = Long.numberOfTrailingZeros(left);
      long needed = scope == null ? trie.neededInMessage(route) : trie.needed(route);
      if ((tests & needed) == needed && (scope == null || trie.scope(route) == scope)) {
        return route;
      }
    }
    return -1;
  }

  /** Some venues send the newest trade first: two neighbours of one instrument show it. */
  private boolean isNewestFirst(Scope scope, int from, int to) throws MalformedMessageException {
    if (!(trie.route(winner) instanceof MessageRoute.OfTrade trade)
        || trade.symbol() == null
        || trade.rule().id().numbering() == TradeNumbering.UNORDERED) {
      return false;
    }
    Node place = trade.symbol().node();
    int id = ABSENT;
    int symbol = ABSENT;
    for (int row = from; row < to; row++) {
      int idBefore = id;
      int symbolBefore = symbol;
      selectRow(scope, row);
      id = positions[trade.id().index()];
      symbol = positions[place.index()];
      if (symbol > ABSENT
          && symbolBefore > ABSENT
          && Scalars.isSame(buffer, symbol, symbolBefore)
          && isNumber(id)
          && isNumber(idBefore)) {
        return Scalars.wholeNumber(buffer, idBefore) > Scalars.wholeNumber(buffer, id);
      }
    }
    return false;
  }

  private boolean isNumber(int at) {
    return at > ABSENT && Scalars.isWholeNumber(buffer, at);
  }

  private void object(Node node) throws IOException, MalformedMessageException {
    String name;
    while ((name = tokens.nextName()) != null) {
      Node child = node.child(name);
      JsonToken token = tokens.next();
      if (child == null || !child.isWanted(alive)) {
        if (token.isStructStart()) {
          tokens.skip();
        }
        continue;
      }
      if (positions[child.index()] != ABSENT) {
        throw new MalformedMessageException("field " + child.path() + " occurs twice");
      }
      value(child, token);
    }
  }

  private void value(Node node, JsonToken token) throws IOException, MalformedMessageException {
    if (token.isStructStart()) {
      structure(node, token);
    } else {
      scalar(node);
    }
  }

  private void scalar(Node node) throws MalformedMessageException {
    int at = tokens.position();
    positions[node.index()] = at;
    if (node.isTested()) {
      seen |= node.testBit();
      alive &= node.matching(buffer, at);
    }
  }

  private void structure(Node node, JsonToken token) throws IOException, MalformedMessageException {
    alive &= ~node.tested();
    if (token == JsonToken.START_OBJECT) {
      positions[node.index()] = OBJECT;
      if (node.anyField() == null) {
        object(node);
      } else {
        fields(node, node.anyField());
      }
      return;
    }
    positions[node.index()] = ARRAY;
    Levels levels = node.levels();
    if (levels != null) {
      levels(levels);
    } else if (node.each() != null && node.each().isWanted(alive)) {
      rows(node.each());
    } else {
      tokens.skip();
    }
  }

  /** Reads the elements of a list, whose begin has been read, each for itself. */
  private void rows(Node each) throws IOException, MalformedMessageException {
    Rows into = rows[each.scope().index()];
    Scope outer = each.scope().parent();
    int parent = outer == null ? 0 : rows[outer.index()].count;
    long outerAlive = alive;
    long outerSeen = seen;
    Levelled outerLevelled = levelled;
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      into.clear(positions);
      levelled = into.begin(outerLevelled);
      seen = 0;
      if (token == JsonToken.START_OBJECT) {
        object(each);
      } else if (token == JsonToken.START_ARRAY) {
        columns(each);
      }
      into.add(positions, alive, seen, parent);
      alive = outerAlive;
    }
    into.clear(positions);
    seen = outerSeen;
    levelled = outerLevelled;
  }

  /**
   * Reads the fields of an object, whose names do not matter, as if they were elements of a list.
   * Scalars among them are passed over; without any other field the object is no list.
   */
  private void fields(Node object, Node each) throws IOException, MalformedMessageException {
    Rows into = rows[each.scope().index()];
    Scope outer = each.scope().parent();
    int parent = outer == null ? 0 : rows[outer.index()].count;
    Levelled outerLevelled = levelled;
    while (tokens.nextName() != null) {
      JsonToken token = tokens.next();
      if (token.isStructStart()) {
        positions[object.index()] = ARRAY;
        into.clear(positions);
        levelled = into.begin(outerLevelled);
        structure(each, token);
        into.add(positions, alive, seen, parent);
      }
    }
    into.clear(positions);
    levelled = outerLevelled;
  }

  private void columns(Node row) throws IOException, MalformedMessageException {
    JsonToken token;
    for (int column = 0; (token = tokens.next()) != JsonToken.END_ARRAY; column++) {
      Node child = row.column(column);
      if (child != null && child.isWanted(alive)) {
        value(child, token);
      } else if (token.isStructStart()) {
        tokens.skip();
      }
    }
  }

  private void levels(Levels levels) throws IOException {
    if (levels.rule().form() == LevelForm.SINGLE) {
      level(levels);
      return;
    }
    JsonToken wanted =
        levels.rule().form() == LevelForm.OBJECT ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      if (token != wanted) {
        if (levelled.wrong == null) {
          levelled.wrong =
              new MalformedMessageException(
                  wanted == JsonToken.START_ARRAY
                      ? "a level is not an array"
                      : "a level is not an object");
        }
        if (token.isStructStart()) {
          tokens.skip();
        }
      } else if (wanted == JsonToken.START_ARRAY) {
        level(levels);
      } else {
        namedLevel(levels);
      }
    }
  }

  private void level(Levels levels) throws IOException {
    int priceColumn = levels.price();
    int sizeColumn = levels.size();
    int sideColumn = levels.side();
    int price = ABSENT;
    int size = ABSENT;
    int side = ABSENT;
    JsonToken token;
    for (int column = 0; (token = tokens.next()) != JsonToken.END_ARRAY; column++) {
      if (token.isStructStart()) {
        tokens.skip();
      } else if (column == priceColumn) {
        price = tokens.position();
      } else if (column == sizeColumn) {
        size = tokens.position();
      } else if (column == sideColumn) {
        side = tokens.position();
      }
    }
    addLevel(levels, price, size, side);
  }

  private void namedLevel(Levels levels) throws IOException {
    String priceName = levels.rule().price();
    String sizeName = levels.rule().size();
    String sideName = levels.rule().tag() == null ? "" : levels.rule().tag().at();
    int price = ABSENT;
    int size = ABSENT;
    int side = ABSENT;
    String name;
    while ((name = tokens.nextName()) != null) {
      if (tokens.next().isStructStart()) {
        tokens.skip();
      } else if (name.equals(priceName)) {
        price = tokens.position();
      } else if (name.equals(sizeName)) {
        size = tokens.position();
      } else if (name.equals(sideName)) {
        side = tokens.position();
      }
    }
    addLevel(levels, price, size, side);
  }

  /** Takes a level up. What is wrong with it matters only if the message proves to be a book. */
  private void addLevel(Levels levels, int price, int size, int side) {
    if (levelled.wrong != null) {
      return;
    }
    try {
      if (price == ABSENT || size == ABSENT) {
        throw new MalformedMessageException("a level has no price or no size");
      }
      BookUpdate book = levelled.book;
      if (isBid(levels, side)) {
        Scalars.addDecimal(buffer, price, book.bidPrices());
        Scalars.addDecimal(buffer, size, book.bidSizes());
      } else {
        Scalars.addDecimal(buffer, price, book.askPrices());
        Scalars.addDecimal(buffer, size, book.askSizes());
      }
    } catch (MalformedMessageException e) {
      levelled.wrong = e;
    }
  }

  private boolean isBid(Levels levels, int side) throws MalformedMessageException {
    WordMap<Boolean> sides = levels.sides();
    if (sides == null) {
      return levels.of() == Levels.Of.BIDS;
    }
    Boolean bid = side == ABSENT ? null : sides.find(buffer, side);
    if (bid == null) {
      throw new MalformedMessageException("a level has no known side");
    }
    return bid;
  }

  /** The number of the message that was read last within its connection, or -1 without one. */
  public long connectionSequence() throws MalformedMessageException {
    Node node = trie.connectionSequence();
    return node == null || positions[node.index()] <= ABSENT ? -1 : wholeNumber(node);
  }

  /** The instrument of the event; null when it is none of these. */
  @Nullable
  public Instrument instrument(@Nullable SymbolPlace symbol, SymbolTable symbols)
      throws MalformedMessageException {
    return symbol == null
        ? null
        : symbols.find(buffer, position(symbol.node()), symbol.separator(), symbol.part());
  }

  /** The event, which is a trade. */
  public Trade trade(MessageRoute.OfTrade route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    MessageRule.OfTrade rule = route.rule();
    int id = position(route.id());
    String idText = Scalars.text(buffer, id);
    if (idText.isEmpty()) {
      throw new MalformedMessageException("field " + route.id().path() + " is empty");
    }
    int fills = fills(route);
    TradeNumbering numbering = rule.id().numbering();
    long number =
        numbering == TradeNumbering.UNORDERED ? Trade.NO_SEQUENCE : wholeNumber(route.id());
    boolean consecutive = numbering == TradeNumbering.CONSECUTIVE;
    long first = route.fillCount() == null ? number : number - fills + 1;
    if (numbering == TradeNumbering.CONSECUTIVE && first < 0) {
      throw new MalformedMessageException(fills + " fills up to trade " + number);
    }
    Side side = side(route);
    long eventNs = nanos(route.time(), rule.time().format());
    trade.numbers().clear();
    addDecimal(route.price(), trade.numbers());
    addSize(route, instrument);
    return trade.set(
        instrument,
        idText,
        consecutive ? first : Trade.NO_SEQUENCE,
        consecutive ? number : Trade.NO_SEQUENCE,
        number,
        side,
        fills,
        rule.origin(),
        eventNs,
        receiveNs);
  }

  /** The size in the instrument's unit, and behind it the contracts where the venue counts so. */
  private void addSize(MessageRoute.OfTrade route, Instrument instrument)
      throws MalformedMessageException {
    DecimalColumn numbers = trade.numbers();
    BigDecimal times = route.rule().size().times();
    BigDecimal contractSize = instrument.contractSize();
    addDecimal(route.size(), numbers);
    if (times != null) {
      numbers.multiply(numbers.size() - 1, times);
    }
    if (contractSize != null) {
      int at = numbers.size() - 1;
      numbers.addFrom(numbers, at);
      numbers.multiply(at, contractSize);
    }
  }

  private Side side(MessageRoute.OfTrade route) throws MalformedMessageException {
    Side otherwise = route.rule().side().otherwise();
    int at = otherwise == null ? position(route.side()) : positions[route.side().index()];
    Side side = at <= ABSENT ? null : route.sides().find(buffer, at);
    if (side != null) {
      return side;
    }
    if (otherwise == null) {
      throw new MalformedMessageException("field " + route.side().path() + " has an unknown word");
    }
    return otherwise;
  }

  private int fills(MessageRoute.OfTrade route) throws MalformedMessageException {
    long fills;
    if (route.fillCount() != null) {
      // A recording may be older than the field: each message was one fill then.
      fills = positions[route.fillCount().index()] == ABSENT ? 1 : wholeNumber(route.fillCount());
    } else if (route.firstFill() != null && route.lastFill() != null) {
      fills = wholeNumber(route.lastFill()) - wholeNumber(route.firstFill()) + 1;
    } else {
      return 0;
    }
    if (fills < 1 || fills > Integer.MAX_VALUE) {
      throw new MalformedMessageException(fills + " fills in a trade");
    }
    return (int) fills;
  }

  /** The event, which is a book or a change of one. */
  public BookUpdate book(MessageRoute.OfBook route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    requireLevels(route);
    FieldRules.BookLayout layout = route.rule().layout();
    boolean numbered = layout.checksum() == null;
    long last = sequence(route.last(), numbered);
    long first = route.first() == null ? last : sequence(route.first(), numbered);
    if (first > last) {
      throw new MalformedMessageException(
          "a range of sequence numbers from " + first + " to " + last);
    }
    long eventNs = eventNs(layout.time(), route.time(), receiveNs);
    levelled.book.set(
        instrument,
        route.rule().snapshot(),
        route.first() == null && !isStepped(route) ? BookUpdate.NO_SEQUENCE : first,
        last,
        route.previous() == null ? BookUpdate.NO_SEQUENCE : previous(route.previous(), numbered),
        eventNs,
        receiveNs);
    return route.checksum() == null
        ? levelled.book
        : levelled.book.withChecksum(
            positions[route.checksum().index()] <= ABSENT
                ? BookUpdate.NO_CHECKSUM
                : Scalars.signedNumber(buffer, positions[route.checksum().index()]));
  }

  /** A message with one number covers that number. */
  private static boolean isStepped(MessageRoute.OfBook route) {
    return !route.rule().snapshot() && route.last() != null && route.previous() == null;
  }

  private long sequence(@Nullable Node node, boolean required) throws MalformedMessageException {
    if (node == null || (!required && positions[node.index()] == ABSENT)) {
      return BookUpdate.NO_SEQUENCE;
    }
    return wholeNumber(node);
  }

  private long previous(Node node, boolean required) throws MalformedMessageException {
    return !required && positions[node.index()] == ABSENT
        ? BookUpdate.NO_SEQUENCE
        : Scalars.signedNumber(buffer, position(node));
  }

  /** The event, which is a best bid and ask. */
  public Quote quote(MessageRoute.OfQuote route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    quote.clear();
    if (route.rule().levels() == null) {
      addSide(route.bidPrice(), route.bidSize(), quote.bid());
      addSide(route.askPrice(), route.askSize(), quote.ask());
    } else {
      if (levelled.wrong != null) {
        throw levelled.wrong;
      }
      BookUpdate book = levelled.book;
      boolean bids = hasLevels(route.bids());
      boolean asks = hasLevels(route.asks());
      if (!bids && !asks) {
        throw new MalformedMessageException("a quote without levels");
      }
      addSide(book.bidPrices(), book.bidSizes(), bids, quote.bid());
      addSide(book.askPrices(), book.askSizes(), asks, quote.ask());
    }
    long eventNs = eventNs(route.rule().time(), route.time(), receiveNs);
    BigDecimal contractSize = instrument.contractSize();
    if (contractSize != null) {
      resolve(quote.bid(), contractSize);
      resolve(quote.ask(), contractSize);
    }
    return quote.set(instrument, sequence(route.sequence(), true), eventNs, receiveNs);
  }

  private static void resolve(DecimalColumn side, BigDecimal contractSize) {
    if (side.size() > 0) {
      side.multiply(1, contractSize);
    }
  }

  private void addSide(@Nullable Node price, @Nullable Node size, DecimalColumn into)
      throws MalformedMessageException {
    if (price == null || size == null || (isBlank(price) && isBlank(size))) {
      return;
    }
    addDecimal(price, into);
    addDecimal(size, into);
    dropNothing(into);
  }

  private static void addSide(
      DecimalColumn prices, DecimalColumn sizes, boolean present, DecimalColumn into) {
    if (present && prices.size() > 0) {
      into.addFrom(prices, 0);
      into.addFrom(sizes, 0);
      dropNothing(into);
    }
  }

  /** A size of zero means that the side is empty. */
  private static void dropNothing(DecimalColumn side) {
    if (side.signum(1) == 0) {
      side.clear();
    }
  }

  /** Whether the side of a quote is left out: absent, null or an empty text. */
  private boolean isBlank(Node node) {
    int at = positions[node.index()];
    return at == ABSENT
        || (at > ABSENT
            && (Scalars.isNull(buffer, at) || (buffer[at] == '"' && buffer[at + 1] == '"')));
  }

  /** A venue may leave out the side that has not changed, but not all levels. */
  private void requireLevels(MessageRoute.OfBook route) throws MalformedMessageException {
    if (levelled.wrong != null) {
      throw levelled.wrong;
    }
    boolean bids = hasLevels(route.bids());
    boolean asks = hasLevels(route.asks());
    boolean changes = hasLevels(route.changes());
    if (!bids && !asks && !changes) {
      throw new MalformedMessageException("a book without levels");
    }
  }

  private boolean hasLevels(@Nullable Node node) throws MalformedMessageException {
    if (node == null) {
      return false;
    }
    int at = positions[node.index()];
    if (at == OBJECT || (at > ABSENT && !Scalars.isNull(buffer, at))) {
      throw new MalformedMessageException("field " + node.path() + " is no list of levels");
    }
    return at == ARRAY;
  }

  /** The id of the newest trade that a heartbeat tells, or {@link Trade#NO_SEQUENCE}. */
  public long lastTrade(MessageRoute.OfHeartbeat route) throws MalformedMessageException {
    Node node = route.lastTrade();
    return node == null || positions[node.index()] == ABSENT
        ? Trade.NO_SEQUENCE
        : wholeNumber(node);
  }

  private void addDecimal(Node node, DecimalColumn into) throws MalformedMessageException {
    Scalars.addDecimal(buffer, position(node), into);
  }

  private long wholeNumber(Node node) throws MalformedMessageException {
    return Scalars.wholeNumber(buffer, position(node));
  }

  /** The venue's time; that of the arrival where it sends none. */
  private long eventNs(@Nullable TimeRule rule, @Nullable Node node, long receiveNs)
      throws MalformedMessageException {
    if (rule == null || node == null) {
      return receiveNs;
    }
    boolean isLeftOut = rule.optional() && positions[node.index()] == ABSENT;
    return isLeftOut ? receiveNs : nanos(node, rule.format());
  }

  private long nanos(Node node, FieldRules.TimeFormat format) throws MalformedMessageException {
    return Scalars.nanos(buffer, position(node), format);
  }

  /** Where a scalar is that the message must have. */
  private int position(Node node) throws MalformedMessageException {
    int at = positions[node.index()];
    if (at <= ABSENT || Scalars.isNull(buffer, at)) {
      throw new MalformedMessageException("field " + node.path() + " is missing");
    }
    return at;
  }
}
