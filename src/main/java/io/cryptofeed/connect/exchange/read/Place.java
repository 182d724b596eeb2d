package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelForm;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A place in a message: what is read from it, which routes are tested by it, and the places below
 * it. {@link MessageTrie} builds the places and freezes them; after that they are immutable.
 */
final class Place {

  private final String path;
  private final int index;
  private final Scope scope;
  private final Map<String, Place> children = new LinkedHashMap<>();
  private final Map<String, Long> routesOfText = new LinkedHashMap<>();
  private final Map<FieldCondition, Long> routesOfPart = new LinkedHashMap<>();
  private WireWords<Long> texts = new WireWords<>(Map.of());
  private long[] routesOfTexts = {};
  private Part[] parts = {};
  private long presentIn;
  private long tested;
  private long testBit;
  private long wanted;
  private boolean always;
  private @Nullable Levels levels;
  private @Nullable Place each;
  private boolean mayBeObject;
  private @Nullable Place anyField;
  private @Nullable String[] nameTable = {};
  private @Nullable Place[] childTable = {};
  private @Nullable Place[] columns = {};

  Place(String path, int index, Scope scope) {
    this.path = path;
    this.index = index;
    this.scope = scope;
    scope.places.add(this);
  }

  private record Part(FieldCondition.How how, byte[] text, long routes) {}

  /** Adds the routes that read something here or below. */
  void want(long routes) {
    wanted |= routes;
  }

  /** Reads the value here even if no route is left that the message can take. */
  void wantAlways() {
    always = true;
  }

  /** The place below, null if it has not been added. */
  @Nullable Place childNamed(String name) {
    return children.get(name);
  }

  void addChild(String name, Place child) {
    children.put(name, child);
  }

  /** Adds a condition of a route. */
  void test(FieldCondition condition, long route) {
    tested |= route;
    switch (condition.how()) {
      case EQUALS -> routesOfText.merge(condition.text(), route, (one, other) -> one | other);
      case PREFIX, SUFFIX, CONTAINS ->
          routesOfPart.merge(condition, route, (one, other) -> one | other);
      case PRESENT -> presentIn |= route;
    }
  }

  void setTestBit(long bit) {
    testBit = bit;
  }

  /**
   * Reads levels from the array here.
   *
   * @return false if another route reads levels of another form here
   */
  boolean readLevels(LevelRule rule, Levels.Of side) {
    if (levels != null && !(levels.rule.equals(rule) && levels.of == side)) {
      return false;
    }
    levels = new Levels(rule, side);
    scope.levels = true;
    return true;
  }

  /** Allows an object in the place of the list here; its fields are taken for the elements. */
  void allowObject() {
    mayBeObject = true;
  }

  /** Makes the tables that the reader uses; nothing can be added after that. */
  void freeze() {
    texts = new WireWords<>(routesOfText);
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
    int capacity = Integer.highestOneBit(Math.max(1, children.size() * 4)) * 2;
    nameTable = new String[capacity];
    childTable = new Place[capacity];
    children.forEach(
        (name, child) -> {
          if (name.equals(Pointer.EACH)) {
            each = child;
            anyField = mayBeObject ? child : null;
          } else {
            enter(name, child);
          }
          if (path.endsWith("/" + Pointer.EACH) && Pointer.isPosition(name)) {
            enterColumn(Integer.parseInt(name), child);
          }
        });
  }

  private void enter(String name, Place child) {
    int mask = nameTable.length - 1;
    int slot = slot(name, mask);
    while (nameTable[slot] != null) {
      slot = (slot + 1) & mask;
    }
    nameTable[slot] = name;
    childTable[slot] = child;
  }

  private void enterColumn(int column, Place child) {
    if (column >= columns.length) {
      columns = Arrays.copyOf(columns, column + 1);
    }
    columns[column] = child;
  }

  private static int slot(String name, int mask) {
    int hash = name.hashCode();
    return (hash ^ (hash >>> 16)) & mask;
  }

  /** The place of a field of the object here, or null if nothing is read from the field. */
  @Nullable Place child(String name) {
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

  /** The place of a column of the row here, or null if nothing is read from the column. */
  @Nullable Place column(int position) {
    return position < columns.length ? columns[position] : null;
  }

  /** The place of each element of the list here, or null if its elements are not read. */
  @Nullable Place each() {
    return each;
  }

  /** The place of each field of the object here; null if only fields of known names are read. */
  @Nullable Place anyField() {
    return anyField;
  }

  /** The innermost scope around this place. */
  Scope scope() {
    return scope;
  }

  /** The path from the root of the message, for error messages. */
  String path() {
    return path;
  }

  /** The index of this place, from 0 and below {@link MessageTrie#placeCount()}. */
  int index() {
    return index;
  }

  /** Whether one of these routes reads something here or below. */
  boolean isWanted(long routes) {
    return always || (wanted & routes) != 0;
  }

  /** Whether a route is recognised by the value here. */
  boolean isTested() {
    return tested != 0;
  }

  /** The routes that are recognised by the value here. */
  long tested() {
    return tested;
  }

  /** The bit of this place in the set of tested places, 0 if it is not tested. */
  long testBit() {
    return testBit;
  }

  /** How levels are read from an array here; null if no route has levels here. */
  @Nullable Levels levels() {
    return levels;
  }

  /** The routes that the scalar here does not rule out. */
  long matching(byte[] buffer, int at) throws MalformedMessageException {
    long matching = ~tested;
    int text = texts.index(buffer, at);
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

  /** What occurs once: the message, or each element of a list. */
  static final class Scope {

    private final int index;
    private final @Nullable Scope parent;
    private final @Nullable Place list;
    private final List<Place> places = new ArrayList<>();
    private boolean levels;

    Scope(int index, @Nullable Scope parent, @Nullable Place list) {
      this.index = index;
      this.parent = parent;
      this.list = list;
    }

    /** Its index, 0 for the message. */
    int index() {
      return index;
    }

    /** The scope around it, null for the message. */
    @Nullable Scope parent() {
      return parent;
    }

    /** The list whose elements it is, null for the message. */
    @Nullable Place list() {
      return list;
    }

    /** The places whose innermost scope it is. */
    List<Place> places() {
      return places;
    }

    /** Whether levels of books are read in it. */
    boolean hasLevels() {
      return levels;
    }
  }

  /** How the levels in an array are read. Immutable. */
  static final class Levels {

    private final LevelRule rule;
    private final Of of;
    private final int price;
    private final int size;
    private final int side;
    private final @Nullable WireWords<Boolean> sides;

    private Levels(LevelRule rule, Of of) {
      this.rule = rule;
      this.of = of;
      boolean named = rule.form() == LevelForm.OBJECT;
      price = named ? -1 : Integer.parseInt(rule.price());
      size = named ? -1 : Integer.parseInt(rule.size());
      side = named || rule.tag() == null ? -1 : Integer.parseInt(rule.tag().at());
      sides = rule.tag() == null ? null : new WireWords<>(rule.tag().words());
    }

    /** How one level is written. */
    LevelRule rule() {
      return rule;
    }

    /** The side of the levels. */
    Of of() {
      return of;
    }

    /** The position of the price in a level that is a list, otherwise -1. */
    int price() {
      return price;
    }

    /** The position of the size in a level that is a list, otherwise -1. */
    int size() {
      return size;
    }

    /** The position of the side in a level that is a list and has one, otherwise -1. */
    int side() {
      return side;
    }

    /** The side of each of the venue's values, true for a bid; null if levels have no side. */
    @Nullable WireWords<Boolean> sides() {
      return sides;
    }

    /** The side of the levels of an array. */
    enum Of {
      BIDS,
      ASKS,
      BOTH
    }
  }
}
