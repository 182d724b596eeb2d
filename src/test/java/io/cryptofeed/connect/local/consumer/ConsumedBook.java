package io.cryptofeed.connect.local.consumer;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/**
 * The book of one instrument, built from its records in one topic by the rules of the page of the
 * records: a snapshot replaces everything, sizes are absolute, a size of 0 removes the level, and a
 * delta follows the record that it names. Numbers have no trailing zeros. What breaks a rule is an
 * {@link AssertionError}.
 */
public final class ConsumedBook {

  private final NavigableMap<BigDecimal, BigDecimal> bids =
      new TreeMap<>(Comparator.reverseOrder());
  private final NavigableMap<BigDecimal, BigDecimal> asks = new TreeMap<>();
  private @Nullable Long sequence;
  private @Nullable BigDecimal bidsKnownTo;
  private @Nullable BigDecimal asksKnownTo;
  private int records;

  /** Applies the next record, the value of {@code io.cryptofeed.Book}. */
  public void accept(Struct record) {
    boolean snapshot = record.getBoolean("is_snapshot");
    Long previous = record.getInt64("prev_sequence");
    if (snapshot) {
      require(record.getString("snapshot_reason") != null, "a snapshot without a reason", record);
      require(previous == null, "a snapshot that names a record before", record);
      bids.clear();
      asks.clear();
    } else {
      require(records > 0, "a delta before any snapshot", record);
      require(record.getString("snapshot_reason") == null, "a delta with a reason", record);
      require(
          Objects.equals(previous, sequence), "a delta that does not follow " + sequence, record);
    }
    apply(bids, record.getArray("bids"), record);
    apply(asks, record.getArray("asks"), record);
    sequence = record.getInt64("sequence");
    bidsKnownTo = known(record, "bids_known_to");
    asksKnownTo = known(record, "asks_known_to");
    records++;
    require(
        bids.isEmpty() || asks.isEmpty() || bids.firstKey().compareTo(asks.firstKey()) < 0,
        "a crossed book, " + bids.firstEntry() + " and " + asks.firstEntry() + ", after",
        record);
  }

  private static @Nullable BigDecimal known(Struct record, String field) {
    return record.schema().field(field) == null || record.get(field) == null
        ? null
        : number(record.get(field));
  }

  private static void apply(
      NavigableMap<BigDecimal, BigDecimal> side, List<Struct> levels, Struct record) {
    BigDecimal before = null;
    for (Struct level : levels) {
      BigDecimal price = number(level.get("price"));
      BigDecimal size = number(level.get("size"));
      require(
          before == null || order(side, before, price) <= 0,
          "levels that are not in order at " + price,
          record);
      before = price;
      if (size.signum() == 0) {
        side.remove(price);
      } else {
        side.put(price, size);
      }
    }
  }

  private static int order(
      NavigableMap<BigDecimal, BigDecimal> side, BigDecimal one, BigDecimal other) {
    Comparator<? super BigDecimal> order = side.comparator();
    return order == null ? one.compareTo(other) : order.compare(one, other);
  }

  private static BigDecimal number(Object value) {
    BigDecimal number =
        value instanceof BigDecimal exact ? exact : new BigDecimal(value.toString());
    return number.stripTrailingZeros();
  }

  private static void require(boolean condition, String what, Struct record) {
    if (!condition) {
      throw new AssertionError(what + ": " + record);
    }
  }

  /** Bids, the highest price first. */
  public NavigableMap<BigDecimal, BigDecimal> bids() {
    return bids;
  }

  /** Asks, the lowest price first. */
  public NavigableMap<BigDecimal, BigDecimal> asks() {
    return asks;
  }

  /** The price up to which bids are known, null for all. */
  public @Nullable BigDecimal bidsKnownTo() {
    return bidsKnownTo;
  }

  /** The price up to which asks are known, null for all. */
  public @Nullable BigDecimal asksKnownTo() {
    return asksKnownTo;
  }

  /**
   * Requires that this is the exchange's book, cut to a depth, as far as it is known.
   *
   * @param trueBids the exchange's bids, the highest first, without trailing zeros
   * @param trueAsks the exchange's asks, the lowest first, without trailing zeros
   * @param depth levels per side, 0 for all
   */
  public void requireEqual(
      NavigableMap<BigDecimal, BigDecimal> trueBids,
      NavigableMap<BigDecimal, BigDecimal> trueAsks,
      int depth,
      Object where) {
    requireEqual("bids", bids, trueBids, bidsKnownTo, depth, where);
    requireEqual("asks", asks, trueAsks, asksKnownTo, depth, where);
  }

  private static void requireEqual(
      String name,
      NavigableMap<BigDecimal, BigDecimal> consumed,
      NavigableMap<BigDecimal, BigDecimal> truth,
      @Nullable BigDecimal knownTo,
      int depth,
      Object where) {
    Iterator<Map.Entry<BigDecimal, BigDecimal>> mine = known(consumed, knownTo);
    Iterator<Map.Entry<BigDecimal, BigDecimal>> right = known(truth, knownTo);
    for (int level = 0; depth == 0 || level < depth; level++) {
      if (!mine.hasNext() && !right.hasNext()) {
        break;
      }
      Object consumers = mine.hasNext() ? mine.next() : "no level";
      Object exchanges = right.hasNext() ? right.next() : "no level";
      if (!consumers.equals(exchanges)) {
        throw new AssertionError(
            "%s at %s, known to %s, level %d: the consumer has %s, the exchange has %s"
                .formatted(name, where, knownTo, level, consumers, exchanges));
      }
    }
    if (depth > 0 && consumed.size() > depth) {
      throw new AssertionError(name + " at " + where + ": more than " + depth + " levels");
    }
  }

  private static Iterator<Map.Entry<BigDecimal, BigDecimal>> known(
      NavigableMap<BigDecimal, BigDecimal> side, @Nullable BigDecimal knownTo) {
    return (knownTo == null ? side : side.headMap(knownTo, true)).entrySet().iterator();
  }
}
