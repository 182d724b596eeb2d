package io.cryptofeed.connect.local.consumer;

import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
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

  /** Reads a field of a record or of a level, null where the schema does not have it. */
  private interface Fields {
    @Nullable Object get(Object row, String field);
  }

  /** Applies the next record, as the connector hands it to Kafka Connect. */
  public void accept(Struct record) {
    accept(
        record,
        (row, field) -> {
          Struct struct = (Struct) row;
          return struct.schema().field(field) == null ? null : struct.get(field);
        });
  }

  /** Applies the next record, as a consumer reads it from Kafka. */
  public void accept(GenericRecord record) {
    accept(
        record,
        (row, field) -> {
          GenericRecord avro = (GenericRecord) row;
          return avro.hasField(field) ? avro.get(field) : null;
        });
  }

  private void accept(Object record, Fields fields) {
    boolean snapshot = Boolean.TRUE.equals(fields.get(record, "is_snapshot"));
    Object reason = fields.get(record, "snapshot_reason");
    Object previous = fields.get(record, "prev_sequence");
    if (snapshot) {
      require(reason != null, "a snapshot without a reason", record);
      require(previous == null, "a snapshot that names a record before", record);
      bids.clear();
      asks.clear();
    } else {
      require(records > 0, "a delta before any snapshot", record);
      require(reason == null, "a delta with a reason", record);
      require(
          Objects.equals(previous, sequence), "a delta that does not follow " + sequence, record);
    }
    apply(bids, "bids", record, fields);
    apply(asks, "asks", record, fields);
    sequence = (Long) fields.get(record, "sequence");
    bidsKnownTo = knownTo(record, "bids_known_to", fields);
    asksKnownTo = knownTo(record, "asks_known_to", fields);
    records++;
    require(
        bids.isEmpty() || asks.isEmpty() || bids.firstKey().compareTo(asks.firstKey()) < 0,
        "a crossed book, " + bids.firstEntry() + " and " + asks.firstEntry() + ", after",
        record);
  }

  private static @Nullable BigDecimal knownTo(Object record, String field, Fields fields) {
    Object bound = fields.get(record, field);
    return bound == null ? null : number(bound);
  }

  private static void apply(
      NavigableMap<BigDecimal, BigDecimal> side, String name, Object record, Fields fields) {
    BigDecimal before = null;
    for (Object level : (List<?>) Objects.requireNonNull(fields.get(record, name))) {
      BigDecimal price = number(Objects.requireNonNull(fields.get(level, "price")));
      BigDecimal size = number(Objects.requireNonNull(fields.get(level, "size")));
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

  private static void require(boolean condition, String what, Object record) {
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

  /** The exchange's number of the last record, null where it has none. */
  public @Nullable Long sequence() {
    return sequence;
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
    requireBestEqual(trueBids, trueAsks, depth, where);
    require(
        depth == 0 || (bids.size() <= depth && asks.size() <= depth),
        bids.size() + " bids and " + asks.size() + " asks, more than " + depth + ", at",
        where);
  }

  /** Requires that the best levels are the exchange's; the book may have more. */
  public void requireBestEqual(
      NavigableMap<BigDecimal, BigDecimal> trueBids,
      NavigableMap<BigDecimal, BigDecimal> trueAsks,
      int levels,
      Object where) {
    requireBestEqual("bids", bids, trueBids, bidsKnownTo, levels, where);
    requireBestEqual("asks", asks, trueAsks, asksKnownTo, levels, where);
  }

  private static void requireBestEqual(
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
  }

  private static Iterator<Map.Entry<BigDecimal, BigDecimal>> known(
      NavigableMap<BigDecimal, BigDecimal> side, @Nullable BigDecimal knownTo) {
    return (knownTo == null ? side : side.headMap(knownTo, true)).entrySet().iterator();
  }
}
