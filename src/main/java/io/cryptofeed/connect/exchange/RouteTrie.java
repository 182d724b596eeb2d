package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.MessageRule.BookLayout;
import io.cryptofeed.connect.exchange.MessageRule.LevelRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All places that the routes of a profile read, merged into one tree of field names, so that one
 * pass over a message serves them all. A route is one kind of message in one envelope; its number
 * is its bit in the sets of routes, and of several routes that fit the lowest is meant.
 *
 * <p>Built once for a profile and a trades mode, then immutable and shared by sessions.
 */
final class RouteTrie {

  private static final int MAX_ROUTES = Long.SIZE;

  private final List<Route> routes = new ArrayList<>();
  private final long[] needed = new long[MAX_ROUTES];
  private final List<Node> nodes = new ArrayList<>();
  private final Node root = new Node("", 0);
  private int tested;

  private RouteTrie() {
    nodes.add(root);
  }

  /** The tree of those messages of a profile that exist in the trades mode. */
  static RouteTrie of(Profile profile, @Nullable String mode) {
    RouteTrie trie = new RouteTrie();
    for (Pointer envelope : profile.envelopes()) {
      for (MessageRule rule : profile.messages()) {
        if (rule.recognition().isReadIn(mode)) {
          trie.add(rule, envelope);
        }
      }
    }
    trie.nodes.forEach(Node::freeze);
    return trie;
  }

  /** The tree of a single kind of message, which needs no recognition. */
  static RouteTrie of(MessageRule rule) {
    RouteTrie trie = new RouteTrie();
    trie.add(rule, Pointer.ROOT);
    trie.nodes.forEach(Node::freeze);
    return trie;
  }

  Node root() {
    return root;
  }

  int nodeCount() {
    return nodes.size();
  }

  int routeCount() {
    return routes.size();
  }

  /** The bits of the places whose values must have been seen for a message to take this route. */
  long needed(int route) {
    return needed[route];
  }

  Route route(int number) {
    return routes.get(number);
  }

  private void add(MessageRule rule, Pointer envelope) {
    if (routes.size() == MAX_ROUTES) {
      throw new IllegalArgumentException("more than " + MAX_ROUTES + " kinds of message");
    }
    int number = routes.size();
    long bit = 1L << number;
    for (RouteTest test : rule.recognition().tests()) {
      Node node = node(test.at().in(envelope), bit);
      node.test(test, bit);
      if (node.testBit == 0) {
        node.testBit = 1L << tested++;
      }
      needed[number] |= node.testBit;
    }
    for (Pointer pointer : rule.reads()) {
      node(pointer.in(envelope), bit);
    }
    routes.add(route(rule, envelope, bit));
  }

  private Route route(MessageRule rule, Pointer envelope, long bit) {
    if (rule instanceof MessageRule.OfTrade trade) {
      return new Route.OfTrade(
          trade,
          node(trade.symbol().in(envelope), bit),
          node(trade.id().in(envelope), bit),
          node(trade.price().in(envelope), bit),
          node(trade.size().in(envelope), bit),
          node(trade.side().at().in(envelope), bit),
          node(trade.time().at().in(envelope), bit),
          trade.fills() == null ? null : node(trade.fills().first().in(envelope), bit),
          trade.fills() == null ? null : node(trade.fills().last().in(envelope), bit));
    }
    if (rule instanceof MessageRule.OfBook book) {
      BookLayout layout = book.layout();
      return new Route.OfBook(
          book,
          optional(book.symbol(), envelope, bit),
          optional(layout.first(), envelope, bit),
          optional(layout.last(), envelope, bit),
          layout.time() == null ? null : node(layout.time().at().in(envelope), bit),
          levels(layout.bids(), envelope, bit, layout.levels(), Levels.Of.BIDS),
          levels(layout.asks(), envelope, bit, layout.levels(), Levels.Of.ASKS),
          levels(layout.changes(), envelope, bit, layout.levels(), Levels.Of.BOTH));
    }
    if (rule instanceof MessageRule.OfHeartbeat heartbeat) {
      return new Route.OfHeartbeat(
          node(heartbeat.symbol().in(envelope), bit),
          optional(heartbeat.lastTrade(), envelope, bit));
    }
    return new Route.OfControl(rule, envelope);
  }

  private @Nullable Node optional(@Nullable Pointer pointer, Pointer envelope, long bit) {
    return pointer == null ? null : node(pointer.in(envelope), bit);
  }

  private @Nullable Node levels(
      @Nullable Pointer pointer, Pointer envelope, long bit, LevelRule rule, Levels.Of side) {
    if (pointer == null) {
      return null;
    }
    Node node = node(pointer.in(envelope), bit);
    Levels other = node.levels;
    if (other != null && !(other.rule.equals(rule) && other.of == side)) {
      throw new IllegalArgumentException(
          "two kinds of message read levels of different form at " + pointer);
    }
    node.levels = new Levels(rule, side);
    return node;
  }

  private Node node(Pointer pointer, long bit) {
    Node node = root;
    node.wanted |= bit;
    for (String name : pointer.names()) {
      Node child = node.childNamed(name);
      if (child == null) {
        child = new Node(node.path + '/' + name, nodes.size());
        nodes.add(child);
        node.names.add(name);
        node.children.add(child);
      }
      node = child;
      node.wanted |= bit;
    }
    return node;
  }

  /** How the levels in an array are read. */
  static final class Levels {

    private final LevelRule rule;
    private final Of of;
    private final @Nullable WordMap<Boolean> sides;

    private Levels(LevelRule rule, Of of) {
      this.rule = rule;
      this.of = of;
      sides = rule.tag() == null ? null : new WordMap<>(rule.tag().words());
    }

    /** How one level is written. */
    LevelRule rule() {
      return rule;
    }

    /** Which side they are of. */
    Of of() {
      return of;
    }

    /** What the word in a level means, true for a bid; null where levels have no word. */
    @Nullable WordMap<Boolean> sides() {
      return sides;
    }

    /** The side of levels. */
    enum Of {
      BIDS,
      ASKS,
      BOTH
    }
  }

  /** A place in a message. */
  static final class Node {

    private final String path;
    private final int index;
    private final List<String> names = new ArrayList<>();
    private final List<Node> children = new ArrayList<>();
    private final Map<String, Long> routesOfText = new LinkedHashMap<>();
    private final Map<String, Long> routesOfPrefix = new LinkedHashMap<>();
    private Words texts = new Words(List.of());
    private long[] routesOfTexts = {};
    private long presentIn;
    private long tested;
    private long testBit;
    private long wanted;
    private @Nullable Levels levels;
    private @Nullable String[] nameTable = {};
    private @Nullable Node[] childTable = {};

    private Node(String path, int index) {
      this.path = path;
      this.index = index;
    }

    private @Nullable Node childNamed(String name) {
      int i = names.indexOf(name);
      return i < 0 ? null : children.get(i);
    }

    private void test(RouteTest test, long bit) {
      tested |= bit;
      switch (test.how()) {
        case EQUALS -> routesOfText.merge(test.text(), bit, (one, other) -> one | other);
        case PREFIX -> routesOfPrefix.merge(test.text(), bit, (one, other) -> one | other);
        case PRESENT -> presentIn |= bit;
      }
    }

    private void freeze() {
      texts = new Words(routesOfText.keySet());
      routesOfTexts = routesOfText.values().stream().mapToLong(Long::longValue).toArray();
      int capacity = Integer.highestOneBit(Math.max(1, names.size() * 4)) * 2;
      nameTable = new String[capacity];
      childTable = new Node[capacity];
      for (int i = 0; i < names.size(); i++) {
        int slot = slot(names.get(i), capacity - 1);
        while (nameTable[slot] != null) {
          slot = (slot + 1) & (capacity - 1);
        }
        nameTable[slot] = names.get(i);
        childTable[slot] = children.get(i);
      }
    }

    private static int slot(String name, int mask) {
      int hash = name.hashCode();
      return (hash ^ (hash >>> 16)) & mask;
    }

    /** The place of a field of the object here, or null when nothing is read from it. */
    @Nullable Node child(String name) {
      int mask = nameTable.length - 1;
      int slot = slot(name, mask);
      String candidate;
      while ((candidate = nameTable[slot]) != null) {
        if (candidate.equals(name)) {
          return childTable[slot];
        }
        slot = (slot + 1) & mask;
      }
      return null;
    }

    /** Where it is, for complaints. */
    String path() {
      return path;
    }

    /** The number of this place, below {@link RouteTrie#nodeCount()}. */
    int index() {
      return index;
    }

    /** The routes that read something here or below. */
    long wanted() {
      return wanted;
    }

    /** Whether a route is recognised by the value here. */
    boolean isTested() {
      return tested != 0;
    }

    /** The routes that are recognised by the value here. */
    long tested() {
      return tested;
    }

    /** The bit that says that the value here was seen. */
    long testBit() {
      return testBit;
    }

    /** How levels are read from an array here; null when no route has levels here. */
    @Nullable Levels levels() {
      return levels;
    }

    boolean hasChildren() {
      return !children.isEmpty();
    }

    /** The routes that the scalar here does not rule out. */
    long matching(byte[] buffer, int at) throws MalformedMessageException {
      long matching = ~tested;
      int text = texts.find(buffer, at);
      if (text != Words.UNKNOWN) {
        matching |= routesOfTexts[text];
      }
      if (!Scalars.isNull(buffer, at)) {
        matching |= presentIn;
      }
      if (!routesOfPrefix.isEmpty()) {
        matching |= beginningWith(Scalars.text(buffer, at));
      }
      return matching;
    }

    private long beginningWith(String text) {
      long matching = 0;
      for (Map.Entry<String, Long> prefix : routesOfPrefix.entrySet()) {
        if (text.startsWith(prefix.getKey())) {
          matching |= prefix.getValue();
        }
      }
      return matching;
    }
  }
}
