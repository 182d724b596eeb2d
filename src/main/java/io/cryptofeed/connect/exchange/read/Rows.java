package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.read.FrameState.EventLevels;
import io.cryptofeed.connect.exchange.read.Place.Scope;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The events of a message: the message itself, or rows of a list in it. Keeps what was found in
 * each row, and restores it when the row is selected.
 */
final class Rows {

  /** So many rows are common; the memory of more is not kept. */
  private static final int KEPT_ROWS = 1_024;

  private final MessageTrie trie;
  private final FrameState state;
  private final OfList[] lists;

  /** The first route that the message fits, or -1. */
  private int winner;

  /** The rows that are events, in order; -1 for a row of no known kind. */
  private int[] events = new int[16];

  private int eventCount;

  Rows(MessageTrie trie, FrameState state) {
    this.trie = trie;
    this.state = state;
    lists =
        trie.scopes().stream()
            .map(scope -> new OfList(scope, state, trie.maxRows()))
            .toArray(OfList[]::new);
  }

  void clear() {
    eventCount = 0;
    for (OfList list : lists) {
      list.count = 0;
    }
  }

  /** Gives back the memory of an unusually long list. */
  void release() {
    if (events.length > KEPT_ROWS) {
      events = new int[16];
    }
    for (OfList list : lists) {
      list.release();
    }
  }

  /** The rows of the scope's list. */
  OfList of(Scope scope) {
    return lists[scope.index()];
  }

  /** The index of the row around the scope's list that is being read, 0 outside of lists. */
  int outerRow(Scope scope) {
    Scope outer = scope.parent();
    return outer == null ? 0 : lists[outer.index()].count;
  }

  /**
   * Lists the events of the message that has been scanned.
   *
   * @return their number, or {@link FrameReader#UNKNOWN}
   */
  int listEvents() throws MalformedMessageException {
    winner = winner(state.alive, state.seen, null);
    if (winner < 0) {
      return FrameReader.UNKNOWN;
    }
    Scope scope = trie.scope(winner);
    if (scope.parent() == null) {
      return 1;
    }
    listEvents(scope);
    return eventCount;
  }

  /** Selects an event; null if it is of no known kind. */
  @Nullable MessageRoute select(int event) {
    Scope scope = trie.scope(winner);
    if (scope.parent() == null) {
      return trie.route(winner);
    }
    int row = events[event];
    int route = row < 0 ? -1 : selectRow(scope, row);
    return route < 0 ? null : trie.route(route);
  }

  private void listEvents(Scope scope) throws MalformedMessageException {
    Scope outer = scope.parent();
    OfList found = of(scope);
    if (outer == null || outer.parent() == null) {
      requireList(scope);
      addEvents(scope, 0, found.count);
      return;
    }
    requireList(outer);
    OfList elements = of(outer);
    int from = 0;
    for (int element = 0; element < elements.count; element++) {
      int to = from;
      while (to < found.count && found.parents[to] == element) {
        to++;
      }
      elements.restore(element);
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
  private boolean mayHold(Scope scope, OfList elements, int element) {
    long seen = state.seen | elements.seen[element];
    for (long left = state.alive & elements.alive[element]; left != 0; left &= left - 1) {
      int route = Long.numberOfTrailingZeros(left);
      long needed = trie.needed(route) & ~trie.neededInRow(route);
      if (trie.scope(route) == scope && (seen & needed) == needed) {
        return true;
      }
    }
    return false;
  }

  private void addEvents(Scope scope, int from, int to) throws MalformedMessageException {
    boolean newestFirst = to - from > 1 && isNewestFirst(scope, from, to);
    for (int i = from; i < to; i++) {
      addEvent(newestFirst ? from + to - 1 - i : i);
    }
  }

  private void addEvent(int row) {
    if (eventCount == events.length) {
      events = Arrays.copyOf(events, eventCount * 2);
    }
    events[eventCount++] = row;
  }

  /** A list may be empty, but not missing. */
  private void requireList(Scope scope) throws MalformedMessageException {
    Place list = scope.list();
    if (list != null && state.position(list) != FrameState.ARRAY) {
      throw new MalformedMessageException(
          list == trie.root()
              ? "the message is not a list"
              : "field " + list.path() + " is not a list");
    }
  }

  /** Some venues send the newest trade first; two adjacent trades of one instrument show it. */
  private boolean isNewestFirst(Scope scope, int from, int to) throws MalformedMessageException {
    if (!(trie.route(winner) instanceof MessageRoute.OfTrade trade)
        || trade.symbol() == null
        || trade.rule().id().numbering() == TradeNumbering.UNORDERED) {
      return false;
    }
    byte[] buffer = state.buffer;
    int id = FrameState.ABSENT;
    int symbol = FrameState.ABSENT;
    for (int row = from; row < to; row++) {
      int idBefore = id;
      int symbolBefore = symbol;
      selectRow(scope, row);
      id = state.position(trade.id());
      symbol = state.position(trade.symbol().place());
      if (symbol > FrameState.ABSENT
          && symbolBefore > FrameState.ABSENT
          && Scalars.isSame(buffer, symbol, symbolBefore)
          && isNumber(id)
          && isNumber(idBefore)) {
        return Scalars.wholeNumber(buffer, idBefore) > Scalars.wholeNumber(buffer, id);
      }
    }
    return false;
  }

  private boolean isNumber(int at) {
    return at > FrameState.ABSENT && Scalars.isWholeNumber(state.buffer, at);
  }

  /** Restores a row and the rows around it; returns its route, or -1. */
  private int selectRow(Scope scope, int row) {
    long alive = state.alive;
    long seen = state.seen;
    int at = row;
    for (Scope each = scope; each.parent() != null; each = each.parent()) {
      OfList found = of(each);
      found.restore(at);
      alive &= found.alive[at];
      seen |= found.seen[at];
      if (each.hasLevels()) {
        state.levels = Objects.requireNonNull(found.levels[at]);
      }
      at = found.parents[at];
    }
    return winner(alive, seen, scope);
  }

  /**
   * The first route that fits: among those of the scope, or, without a scope, among all by their
   * tests outside of rows. -1 if none fits.
   */
  private int winner(long alive, long seen, @Nullable Scope scope) {
    for (long left = alive; left != 0; left &= left - 1) {
      int route = Long.numberOfTrailingZeros(left);
      long needed = scope == null ? trie.neededInMessage(route) : trie.needed(route);
      if ((seen & needed) == needed && (scope == null || trie.scope(route) == scope)) {
        return route;
      }
    }
    return -1;
  }

  /** What was found in each element of one list. */
  static final class OfList {

    private final Scope scope;
    private final FrameState state;
    private final int[] places;
    private int[] positions = new int[64];
    private long[] alive = new long[16];
    private long[] seen = new long[16];
    private int[] parents = new int[16];
    private @Nullable EventLevels[] levels = {};
    private final int maxRows;
    private int count;

    private OfList(Scope scope, FrameState state, int maxRows) {
      this.scope = scope;
      this.state = state;
      this.maxRows = maxRows;
      places = scope.places().stream().mapToInt(Place::index).toArray();
    }

    /** Begins an element; one without levels of its own adds to the levels around it. */
    void begin(EventLevels outer) throws MalformedMessageException {
      if (count == maxRows) {
        throw new MalformedMessageException(
            "a list of the message has more than " + maxRows + " rows");
      }
      clearPositions();
      if (!scope.hasLevels()) {
        state.levels = outer;
        return;
      }
      if (count == levels.length) {
        levels = Arrays.copyOf(levels, Math.max(4, count * 2));
      }
      EventLevels own = levels[count];
      if (own == null) {
        own = new EventLevels();
        levels[count] = own;
      }
      own.clear();
      state.levels = own;
    }

    void release() {
      if (alive.length > KEPT_ROWS) {
        positions = new int[64];
        alive = new long[16];
        seen = new long[16];
        parents = new int[16];
      }
      if (levels.length > KEPT_ROWS) {
        levels = new @Nullable EventLevels[0];
      }
      for (EventLevels each : levels) {
        if (each == null) {
          break;
        }
        each.book.releaseLevels();
      }
    }

    /** Keeps what was found in the element. */
    void end(int parent) {
      if (count == alive.length) {
        alive = Arrays.copyOf(alive, count * 2);
        seen = Arrays.copyOf(seen, count * 2);
        parents = Arrays.copyOf(parents, count * 2);
      }
      int begin = count * places.length;
      if (begin + places.length > positions.length) {
        positions = Arrays.copyOf(positions, (begin + places.length) * 2);
      }
      for (int i = 0; i < places.length; i++) {
        positions[begin + i] = state.positions[places[i]];
      }
      alive[count] = state.alive;
      seen[count] = state.seen;
      parents[count] = parent;
      count++;
    }

    void clearPositions() {
      for (int place : places) {
        state.positions[place] = FrameState.ABSENT;
      }
    }

    private void restore(int row) {
      int begin = row * places.length;
      for (int i = 0; i < places.length; i++) {
        state.positions[places[i]] = positions[begin + i];
      }
    }
  }
}
