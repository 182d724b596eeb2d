package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.FieldRules;
import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SymbolRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.read.MessageRoute.SymbolPlace;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * All places that the routes of a profile read, merged into one tree of field names, so that one
 * pass over a message serves them all. A route is one kind of message in one envelope; its number
 * is its bit in the sets of routes, and of several routes that fit the lowest is meant.
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
  private final List<Node> nodes = new ArrayList<>();
  private final List<Scope> scopes = new ArrayList<>();
  private final Node root;
  private @Nullable Node connectionSequence;
  private int tested;

  private MessageTrie() {
    Scope message = new Scope(0, null, null);
    scopes.add(message);
    root = new Node("", 0, message);
    nodes.add(root);
  }

  /**
   * The tree of those messages of a profile that exist in the chosen modes.
   *
   * @throws IllegalArgumentException when the profile has too many kinds of message
   */
  public static MessageTrie of(Profile profile, Set<String> modes) {
    MessageTrie trie = new MessageTrie();
    for (Pointer envelope : profile.envelopes()) {
      for (MessageRule rule : profile.messages()) {
        if (rule.recognition().isReadIn(modes)) {
          trie.add(rule, envelope);
        }
      }
    }
    if (profile.connectionSequence() != null) {
      Node node = trie.node(profile.connectionSequence(), -1L);
      node.always = true;
      trie.connectionSequence = node;
    }
    trie.nodes.forEach(Node::freeze);
    return trie;
  }

  /**
   * The tree of a single kind of message, which needs no recognition. In the place of a list within
   * which its rows are, there may be an object, whose fields are taken for the elements.
   *
   * @throws IllegalArgumentException when two of its places contradict each other
   */
  public static MessageTrie of(MessageRule rule) {
    MessageTrie trie = new MessageTrie();
    trie.add(rule, Pointer.ROOT);
    List<String> names = rule.rows() == null ? List.of() : rule.rows().names();
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).equals(Pointer.EACH)) {
        trie.node(new Pointer(names.subList(0, i)), 0).mayBeObject = true;
      }
    }
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

  /** All scopes, that of the message first, an outer one before those in it. */
  List<Scope> scopes() {
    return scopes;
  }

  /** Where messages of all kinds are numbered, or null. */
  @Nullable Node connectionSequence() {
    return connectionSequence;
  }

  /** The bits of the places whose values must have been seen for a message to take this route. */
  long needed(int route) {
    return needed[route];
  }

  /** Those of them that are not within rows. */
  long neededInMessage(int route) {
    return neededInMessage[route];
  }

  /** Those of them that are in the row itself, and not around it. */
  long neededInRow(int route) {
    return neededInRow[route];
  }

  /** What is one event of this route: the message, or each row. */
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
    for (FieldCondition test : rule.recognition().tests()) {
      Node node = node(test.at().in(envelope), bit);
      node.test(test, bit);
      if (node.testBit == 0) {
        if (tested == MAX_TESTS) {
          throw new IllegalArgumentException("more than " + MAX_TESTS + " places are tested");
        }
        node.testBit = 1L << tested++;
      }
      needed[number] |= node.testBit;
      if (node.scope.parent == null) {
        neededInMessage[number] |= node.testBit;
      }
    }
    if (!(rule instanceof ControlRule)) {
      for (Pointer pointer : rule.reads()) {
        node(pointer.in(envelope), bit);
      }
    }
    Pointer rows = rule.rows();
    Scope scope = rows == null ? scopes.get(0) : node(rows.in(envelope).each(), bit).scope;
    scopeOfRoute.add(scope);
    for (FieldCondition test : rule.recognition().tests()) {
      Node node = node(test.at().in(envelope), bit);
      if (node.scope == scope) {
        neededInRow[number] |= node.testBit;
      }
    }
    routes.add(route(rule, envelope, bit));
  }

  private MessageRoute route(MessageRule rule, Pointer envelope, long bit) {
    if (rule instanceof MessageRule.OfTrade trade) {
      FieldRules.Fills fills = trade.fills();
      SymbolRule symbol = trade.symbol();
      return new MessageRoute.OfTrade(
          trade,
          symbol == null ? null : symbol(symbol, envelope, bit),
          node(trade.id().at().in(envelope), bit),
          node(trade.price().in(envelope), bit),
          node(trade.size().at().in(envelope), bit),
          node(trade.side().at().in(envelope), bit),
          node(trade.time().at().in(envelope), bit),
          fills == null ? null : find(fills.first(), envelope, bit),
          fills == null ? null : find(fills.last(), envelope, bit),
          fills == null ? null : find(fills.count(), envelope, bit),
          new WordMap<>(trade.side().takerWords()));
    }
    if (rule instanceof MessageRule.OfBook book) {
      BookLayout layout = book.layout();
      SymbolRule symbol = book.symbol();
      return new MessageRoute.OfBook(
          book,
          symbol == null ? null : symbol(symbol, envelope, bit),
          find(layout.first(), envelope, bit),
          find(layout.last(), envelope, bit),
          find(layout.previous(), envelope, bit),
          find(layout.checksum(), envelope, bit),
          layout.time() == null ? null : find(layout.time().at(), envelope, bit),
          levels(layout.bids(), envelope, bit, layout.levels(), Levels.Of.BIDS),
          levels(layout.asks(), envelope, bit, layout.levels(), Levels.Of.ASKS),
          levels(layout.changes(), envelope, bit, layout.levels(), Levels.Of.BOTH));
    }
    if (rule instanceof MessageRule.OfQuote quote) {
      FieldRules.Sides sides = quote.sides();
      LevelRule levels = quote.levels();
      return new MessageRoute.OfQuote(
          quote,
          symbol(quote.symbol(), envelope, bit),
          find(quote.sequence(), envelope, bit),
          quote.time() == null ? null : find(quote.time().at(), envelope, bit),
          sides == null ? null : find(sides.bidPrice(), envelope, bit),
          sides == null ? null : find(sides.bidSize(), envelope, bit),
          sides == null ? null : find(sides.askPrice(), envelope, bit),
          sides == null ? null : find(sides.askSize(), envelope, bit),
          levels == null ? null : levels(quote.bids(), envelope, bit, levels, Levels.Of.BIDS),
          levels == null ? null : levels(quote.asks(), envelope, bit, levels, Levels.Of.ASKS));
    }
    if (rule instanceof MessageRule.OfHeartbeat heartbeat) {
      return new MessageRoute.OfHeartbeat(
          symbol(heartbeat.symbol(), envelope, bit), find(heartbeat.lastTrade(), envelope, bit));
    }
    return rule instanceof ControlRule control
        ? new MessageRoute.OfControl(control, envelope)
        : new MessageRoute.OfNothing();
  }

  private SymbolPlace symbol(SymbolRule rule, Pointer envelope, long bit) {
    return new SymbolPlace(node(rule.at().in(envelope), bit), (byte) rule.separator(), rule.part());
  }

  private @Nullable Node find(@Nullable Pointer pointer, Pointer envelope, long bit) {
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
    node.scope.levels = true;
    return node;
  }

  private Node node(Pointer pointer, long bit) {
    Node node = root;
    node.wanted |= bit;
    for (String name : pointer.names()) {
      Node child = node.childNamed(name);
      if (child == null) {
        child = new Node(node.path + '/' + name, nodes.size(), scopeOf(node, name));
        nodes.add(child);
        child.scope.nodes.add(child);
        node.names.add(name);
        node.children.add(child);
      }
      node = child;
      node.wanted |= bit;
    }
    return node;
  }

  private Scope scopeOf(Node parent, String name) {
    if (!name.equals(Pointer.EACH)) {
      return parent.scope;
    }
    Scope scope = new Scope(scopes.size(), parent.scope, parent);
    scopes.add(scope);
    return scope;
  }

  /** What occurs once: the message, or each element of a list. */
  static final class Scope {

    private final int index;
    private final @Nullable Scope parent;
    private final @Nullable Node list;
    private final List<Node> nodes = new ArrayList<>();
    private boolean levels;

    private Scope(int index, @Nullable Scope parent, @Nullable Node list) {
      this.index = index;
      this.parent = parent;
      this.list = list;
    }

    /** Its number, 0 for the message. */
    int index() {
      return index;
    }

    /** The scope around it, null around the message. */
    @Nullable Scope parent() {
      return parent;
    }

    /** The list whose elements it is, null for the message. */
    @Nullable Node list() {
      return list;
    }

    /** The places that belong to it and to no inner scope. */
    List<Node> nodes() {
      return nodes;
    }

    /** Whether levels of books are read in it. */
    boolean hasLevels() {
      return levels;
    }
  }

  /** How the levels in an array are read. */
  static final class Levels {

    private final LevelRule rule;
    private final Of of;
    private final int price;
    private final int size;
    private final int side;
    private final @Nullable WordMap<Boolean> sides;

    private Levels(LevelRule rule, Of of) {
      this.rule = rule;
      this.of = of;
      boolean named = rule.form() == FieldRules.LevelForm.OBJECT;
      price = named ? -1 : Integer.parseInt(rule.price());
      size = named ? -1 : Integer.parseInt(rule.size());
      side = named || rule.tag() == null ? -1 : Integer.parseInt(rule.tag().at());
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

    /** The position of the price in a level that is a list. */
    int price() {
      return price;
    }

    /** The position of the size in a level that is a list. */
    int size() {
      return size;
    }

    /** The position of the side in a level that is a list, or -1. */
    int side() {
      return side;
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
    private final Scope scope;
    private final List<String> names = new ArrayList<>();
    private final List<Node> children = new ArrayList<>();
    private final Map<String, Long> routesOfText = new LinkedHashMap<>();
    private final Map<FieldCondition, Long> routesOfPart = new LinkedHashMap<>();
    private WireWords texts = new WireWords(List.of());
    private long[] routesOfTexts = {};
    private Part[] parts = {};
    private long presentIn;
    private long tested;
    private long testBit;
    private long wanted;
    private boolean always;
    private @Nullable Levels levels;
    private @Nullable Node each;
    private boolean mayBeObject;
    private @Nullable Node anyField;
    private @Nullable String[] nameTable = {};
    private @Nullable Node[] childTable = {};
    private @Nullable Node[] columns = {};

    private Node(String path, int index, Scope scope) {
      this.path = path;
      this.index = index;
      this.scope = scope;
    }

    private record Part(FieldCondition.How how, byte[] text, long routes) {}

    private @Nullable Node childNamed(String name) {
      int i = names.indexOf(name);
      return i < 0 ? null : children.get(i);
    }

    private void test(FieldCondition test, long bit) {
      tested |= bit;
      switch (test.how()) {
        case EQUALS -> routesOfText.merge(test.text(), bit, (one, other) -> one | other);
        case PREFIX, SUFFIX, CONTAINS -> routesOfPart.merge(test, bit, (one, other) -> one | other);
        case PRESENT -> presentIn |= bit;
      }
    }

    private void freeze() {
      texts = new WireWords(routesOfText.keySet());
      routesOfTexts = routesOfText.values().stream().mapToLong(Long::longValue).toArray();
      parts =
          routesOfPart.entrySet().stream()
              .map(
                  entry ->
                      new Part(
                          entry.getKey().how(),
                          entry.getKey().text().getBytes(StandardCharsets.UTF_8),
                          entry.getValue()))
              .toArray(Part[]::new);
      int capacity = Integer.highestOneBit(Math.max(1, names.size() * 4)) * 2;
      nameTable = new String[capacity];
      childTable = new Node[capacity];
      for (int i = 0; i < names.size(); i++) {
        Node child = children.get(i);
        String name = names.get(i);
        if (name.equals(Pointer.EACH)) {
          each = child;
          anyField = mayBeObject ? child : null;
        } else {
          enter(name, child);
        }
        if (path.endsWith("/" + Pointer.EACH) && Pointer.isPosition(name)) {
          int column = Integer.parseInt(name);
          if (column >= columns.length) {
            columns = Arrays.copyOf(columns, column + 1);
          }
          columns[column] = child;
        }
      }
    }

    private void enter(String name, Node child) {
      int mask = nameTable.length - 1;
      int slot = slot(name, mask);
      while (nameTable[slot] != null) {
        slot = (slot + 1) & mask;
      }
      nameTable[slot] = name;
      childTable[slot] = child;
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

    /** The place of a column of the row here, or null when nothing is read from it. */
    @Nullable Node column(int position) {
      return position < columns.length ? columns[position] : null;
    }

    /** The place of each element of the list here, or null when its elements are not read. */
    @Nullable Node each() {
      return each;
    }

    /**
     * The place of each field of the object here; null when only fields of known names are read.
     */
    @Nullable Node anyField() {
      return anyField;
    }

    /** The scope to which this place belongs. */
    Scope scope() {
      return scope;
    }

    /** Where it is, for complaints. */
    String path() {
      return path;
    }

    /** The number of this place, below {@link MessageTrie#nodeCount()}. */
    int index() {
      return index;
    }

    /** Whether one of these routes reads something here or below. */
    boolean isWanted(long alive) {
      return always || (wanted & alive) != 0;
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

    /** The routes that the scalar here does not rule out. */
    long matching(byte[] buffer, int at) throws MalformedMessageException {
      long matching = ~tested;
      int text = texts.find(buffer, at);
      if (text != WireWords.UNKNOWN) {
        matching |= routesOfTexts[text];
      }
      if (!Scalars.isNull(buffer, at)) {
        matching |= presentIn;
      }
      if (parts.length > 0) {
        matching |= matchingParts(buffer, at);
      }
      return matching;
    }

    private long matchingParts(byte[] buffer, int at) throws MalformedMessageException {
      int end = Scalars.plainEnd(buffer, at);
      if (end == Scalars.ESCAPED) {
        byte[] text = Scalars.text(buffer, at).getBytes(StandardCharsets.UTF_8);
        return matchingParts(text, 0, text.length);
      }
      return matchingParts(buffer, Scalars.begin(buffer, at), end);
    }

    private long matchingParts(byte[] buffer, int begin, int end) {
      long matching = 0;
      for (Part part : parts) {
        int length = part.text.length;
        boolean matches =
            switch (part.how) {
              case PREFIX -> length <= end - begin && isAt(buffer, begin, part.text);
              case SUFFIX -> length <= end - begin && isAt(buffer, end - length, part.text);
              case CONTAINS -> contains(buffer, begin, end, part.text);
              case EQUALS, PRESENT -> false;
            };
        if (matches) {
          matching |= part.routes;
        }
      }
      return matching;
    }

    private static boolean contains(byte[] buffer, int begin, int end, byte[] text) {
      for (int at = begin; at <= end - text.length; at++) {
        if (isAt(buffer, at, text)) {
          return true;
        }
      }
      return false;
    }

    private static boolean isAt(byte[] buffer, int at, byte[] text) {
      return Arrays.equals(buffer, at, at + text.length, text, 0, text.length);
    }
  }
}
