package io.cryptofeed.connect.market;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Everything that is particular about a plain channel. From it come the keys that a profile may map
 * for messages of its kind, the places that are read, the schema of its records and the reference
 * page. A channel is added by a layout in {@link Channels} and by lines in profiles.
 *
 * <p>Compared by identity: there is one instance for each channel. Immutable.
 */
public final class ChannelLayout {

  /**
   * The name of the field, of kind {@link ChannelField.Kind#LONG}, with the exchange's sequence
   * number of the message. It becomes a part of the source offset.
   */
  public static final String SEQUENCE = "sequence";

  /** Presence is kept in the bits of a long. */
  private static final int MAX_FIELDS = Long.SIZE;

  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  /** Keys of every message in a profile, and the fields that every record has. */
  private static final Set<String> RESERVED =
      Set.of(
          "kind",
          "mode",
          "when",
          "rows",
          "time",
          "levels",
          "exchange",
          "market_type",
          "symbol",
          "exchange_symbol",
          "ts_event_ns",
          "ts_recv_ns",
          "origin",
          "size_unit");

  private final Channel channel;
  private final String kind;
  private final String schemaName;
  private final int schemaVersion;
  private final String documentation;
  private final List<ChannelField> fields;
  private final List<Level> levels;
  private final int sequence;

  /**
   * A price and its size, which are present or absent together. A size of 0 means that there is
   * neither. An exchange may send them as two values, or as the first of a list of levels.
   *
   * @param list the key under which a profile maps such a list: {@code bids}
   * @param price the index of the price
   * @param size the index of the size
   */
  public record Level(String list, int price, int size) {}

  /**
   * @param channel the channel, made for this layout
   * @param kind the {@code kind} of its messages in profiles: {@code quote}
   * @param schemaName the name of its records' schema: {@code io.cryptofeed.Quote}
   * @param schemaVersion at least 1; raised with every change of the fields
   * @param documentation one sentence about a record
   * @param fields the fields in the order of the schema, at most 64
   * @param levels the prices and sizes that belong together: none, or the bid and then the ask;
   *     their fields are optional decimals
   * @throws IllegalArgumentException when a name is not usable or used twice, or a level is of
   *     other fields
   */
  public ChannelLayout(
      Channel channel,
      String kind,
      String schemaName,
      int schemaVersion,
      String documentation,
      List<ChannelField> fields,
      List<Level> levels) {
    this.channel = channel;
    this.kind = kind;
    this.schemaName = schemaName;
    this.schemaVersion = schemaVersion;
    this.documentation = documentation;
    this.fields = List.copyOf(fields);
    this.levels = List.copyOf(levels);
    sequence = indexOf(SEQUENCE);
    check();
  }

  private void check() {
    if (fields.isEmpty() || fields.size() > MAX_FIELDS) {
      throw new IllegalArgumentException(
          channel + " has " + fields.size() + " fields, and must have 1 to " + MAX_FIELDS);
    }
    Set<String> names = new HashSet<>(RESERVED);
    fields.forEach(field -> checkName(field.name(), names));
    if (levels.size() > 2) {
      throw new IllegalArgumentException(
          channel
              + " has "
              + levels.size()
              + " levels, and may have one for bids and one for asks");
    }
    for (Level level : levels) {
      checkName(level.list(), names);
      checkLevel(level.price(), ChannelField.Unit.PRICE);
      checkLevel(level.size(), ChannelField.Unit.SIZE);
    }
    if (sequence >= 0 && fields.get(sequence).kind() != ChannelField.Kind.LONG) {
      throw new IllegalArgumentException(channel + ": field 'sequence' must be of kind LONG");
    }
  }

  private void checkName(String name, Set<String> names) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          channel + ": '" + name + "' is not a name: use lower case letters, digits and '_'");
    }
    if (!names.add(name)) {
      throw new IllegalArgumentException(
          channel + ": the name '" + name + "' is used twice, or reserved");
    }
  }

  private void checkLevel(int index, ChannelField.Unit unit) {
    ChannelField field = fields.get(index);
    if (field.kind() != ChannelField.Kind.DECIMAL || !field.optional() || field.unit() != unit) {
      throw new IllegalArgumentException(
          channel
              + ": field '"
              + field.name()
              + "' of a level must be an optional decimal of unit "
              + unit);
    }
  }

  /** The channel. */
  public Channel channel() {
    return channel;
  }

  /** The {@code kind} of its messages in profiles. */
  public String kind() {
    return kind;
  }

  /** The name of the schema of its records. */
  public String schemaName() {
    return schemaName;
  }

  /** The version of that schema, 1 or more. */
  public int schemaVersion() {
    return schemaVersion;
  }

  /** One sentence about a record. */
  public String documentation() {
    return documentation;
  }

  /** The fields, in the order of the schema; their positions are the indices of values. */
  public List<ChannelField> fields() {
    return fields;
  }

  /** The prices and sizes that belong together. */
  public List<Level> levels() {
    return levels;
  }

  /** Whether a field is the price or the size of a level. */
  public boolean isOfLevel(int field) {
    return levels.stream().anyMatch(level -> level.price() == field || level.size() == field);
  }

  /** The index of a field, -1 when there is no field of that name. */
  public int indexOf(String name) {
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }

  /** The index of the field {@link #SEQUENCE}, -1 when there is none. */
  public int sequence() {
    return sequence;
  }

  /** Whether any field is a size, so that records say what sizes are counted in. */
  public boolean hasSizes() {
    return fields.stream().anyMatch(field -> field.unit() == ChannelField.Unit.SIZE);
  }

  @Override
  public String toString() {
    return "layout of " + channel;
  }
}
