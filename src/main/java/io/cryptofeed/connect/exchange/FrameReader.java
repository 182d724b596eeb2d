package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.core.JsonToken;
import io.cryptofeed.connect.exchange.MessageRule.LevelRule;
import io.cryptofeed.connect.exchange.MessageRule.TagRule;
import io.cryptofeed.connect.exchange.RouteTrie.Levels;
import io.cryptofeed.connect.exchange.RouteTrie.Node;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads messages in one pass over their bytes: notes where the wanted scalars are, narrows the set
 * of routes that the message can still take, and takes up the levels of books when it meets them.
 * Only when the whole message has proved to be valid, and its route is known, are the scalars
 * converted. The order of fields does not matter. Allocates nothing for a book, and only the id's
 * text for a trade. Used by one thread.
 */
final class FrameReader {

  private static final int ABSENT = 0;
  private static final int OBJECT = -1;
  private static final int ARRAY = -2;
  private static final Instrument NONE =
      new Instrument("", MarketType.SPOT, "", "", "", "", null, null, false);

  private final RouteTrie trie;
  private final long allRoutes;
  private final FrameTokens tokens = new FrameTokens();
  private final int[] positions;
  private final BookUpdate book = new BookUpdate(NONE);
  private final Trade trade = new Trade(NONE);

  private byte[] buffer = {};
  private long alive;
  private long seen;
  private @Nullable MalformedMessageException wrongLevel;

  FrameReader(RouteTrie trie) {
    this.trie = trie;
    int routes = trie.routeCount();
    allRoutes = routes == Long.SIZE ? -1L : (1L << routes) - 1;
    positions = new int[trie.nodeCount()];
  }

  /**
   * Reads a message.
   *
   * @return its route, or null when it is a valid message of no known kind
   * @throws MalformedMessageException when it is not valid JSON, or has a field twice
   */
  @Nullable Route read(byte[] message, int offset, int length) throws MalformedMessageException {
    buffer = message;
    alive = allRoutes;
    seen = 0;
    wrongLevel = null;
    Arrays.fill(positions, ABSENT);
    book.clearLevels();
    boolean complete = false;
    try {
      if (tokens.open(message, offset, length) == JsonToken.START_OBJECT) {
        object(trie.root());
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
    return winner();
  }

  private @Nullable Route winner() {
    for (long left = alive; left != 0; left &= left - 1) {
      int route = Long.numberOfTrailingZeros(left);
      long needed = trie.needed(route);
      if ((seen & needed) == needed) {
        return trie.route(route);
      }
    }
    return null;
  }

  private void object(Node node) throws IOException, MalformedMessageException {
    String name;
    while ((name = tokens.nextName()) != null) {
      Node child = node.child(name);
      JsonToken token = tokens.next();
      if (child == null || (child.wanted() & alive) == 0) {
        if (token.isStructStart()) {
          tokens.skip();
        }
        continue;
      }
      if (positions[child.index()] != ABSENT) {
        throw new MalformedMessageException("field " + child.path() + " occurs twice");
      }
      if (token.isStructStart()) {
        structure(child, token);
      } else {
        scalar(child);
      }
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
      object(node);
      return;
    }
    positions[node.index()] = ARRAY;
    Levels levels = node.levels();
    if (levels == null) {
      tokens.skip();
    } else {
      levels(levels);
    }
  }

  private void levels(Levels levels) throws IOException {
    LevelRule rule = levels.rule();
    TagRule tag = rule.tag();
    int priceColumn = rule.price();
    int sizeColumn = rule.size();
    int sideColumn = tag == null ? -1 : tag.at();
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      if (token != JsonToken.START_ARRAY) {
        if (wrongLevel == null) {
          wrongLevel = new MalformedMessageException("a level is not an array");
        }
        if (token == JsonToken.START_OBJECT) {
          tokens.skip();
        }
        continue;
      }
      int price = ABSENT;
      int size = ABSENT;
      int side = ABSENT;
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
  }

  /** Takes a level up. What is wrong with it matters only if the message proves to be a book. */
  private void addLevel(Levels levels, int price, int size, int side) {
    if (wrongLevel != null) {
      return;
    }
    try {
      if (price == ABSENT || size == ABSENT) {
        throw new MalformedMessageException("a level has no price or no size");
      }
      if (isBid(levels, side)) {
        Scalars.addDecimal(buffer, price, book.bidPrices());
        Scalars.addDecimal(buffer, size, book.bidSizes());
      } else {
        Scalars.addDecimal(buffer, price, book.askPrices());
        Scalars.addDecimal(buffer, size, book.askSizes());
      }
    } catch (MalformedMessageException e) {
      wrongLevel = e;
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

  /** The instrument of the message that was read last; null when it is none of these. */
  @Nullable Instrument instrument(@Nullable Node symbol, SymbolTable symbols)
      throws MalformedMessageException {
    return symbol == null ? null : symbols.find(buffer, position(symbol));
  }

  /** The trade that was read last. */
  Trade trade(Route.OfTrade route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    MessageRule.OfTrade rule = route.rule();
    int id = position(route.id());
    long sequence = rule.consecutive() ? wholeNumber(route.id()) : Trade.NO_SEQUENCE;
    String idText = Scalars.text(buffer, id);
    if (idText.isEmpty()) {
      throw new MalformedMessageException("field " + route.id().path() + " is empty");
    }
    trade.numbers().clear();
    addDecimal(route.price());
    addDecimal(route.size());
    return trade.set(
        instrument,
        idText,
        sequence,
        side(route),
        fills(route),
        rule.origin(),
        nanos(route.time(), rule.time().format()),
        receiveNs);
  }

  private Side side(Route.OfTrade route) throws MalformedMessageException {
    Side side = route.sides().find(buffer, position(route.side()));
    if (side == null) {
      throw new MalformedMessageException("field " + route.side().path() + " has an unknown word");
    }
    return side;
  }

  private int fills(Route.OfTrade route) throws MalformedMessageException {
    if (route.firstFill() == null || route.lastFill() == null) {
      return 0;
    }
    long fills = wholeNumber(route.lastFill()) - wholeNumber(route.firstFill()) + 1;
    if (fills < 1 || fills > Integer.MAX_VALUE) {
      throw new MalformedMessageException(fills + " fills in a trade");
    }
    return (int) fills;
  }

  /** The book or the change that was read last. */
  BookUpdate book(Route.OfBook route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    requireLevels(route);
    long first = route.first() == null ? BookUpdate.NO_SEQUENCE : wholeNumber(route.first());
    long last = route.last() == null ? BookUpdate.NO_SEQUENCE : wholeNumber(route.last());
    if (first > last) {
      throw new MalformedMessageException(
          "a range of sequence numbers from " + first + " to " + last);
    }
    MessageRule.TimeRule time = route.rule().layout().time();
    long eventNs =
        time == null || route.time() == null ? receiveNs : nanos(route.time(), time.format());
    return book.set(
        instrument,
        route.rule().snapshot(),
        first,
        last,
        BookUpdate.NO_SEQUENCE,
        eventNs,
        receiveNs);
  }

  /** A venue may leave out the side that has not changed, but not all levels. */
  private void requireLevels(Route.OfBook route) throws MalformedMessageException {
    if (wrongLevel != null) {
      throw wrongLevel;
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
  long lastTrade(Route.OfHeartbeat route) throws MalformedMessageException {
    Node node = route.lastTrade();
    return node == null || positions[node.index()] == ABSENT
        ? Trade.NO_SEQUENCE
        : wholeNumber(node);
  }

  private void addDecimal(Node node) throws MalformedMessageException {
    Scalars.addDecimal(buffer, position(node), trade.numbers());
  }

  private long wholeNumber(Node node) throws MalformedMessageException {
    return Scalars.wholeNumber(buffer, position(node));
  }

  private long nanos(Node node, MessageRule.TimeFormat format) throws MalformedMessageException {
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
