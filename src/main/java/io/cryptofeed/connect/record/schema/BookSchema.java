package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.SnapshotReason;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** {@code io.cryptofeed.Book}: a snapshot of an order book, or a delta. */
public final class BookSchema {

  private final Decimals decimals;
  private final Schema level;
  private final Field levelPrice;
  private final Field levelSize;
  private final Schema schema;
  private final CommonFields common;
  private final Field isSnapshot;
  private final Field snapshotReason;
  private final Field firstSequence;
  private final Field sequence;
  private final Field previousSequence;
  private final Field bids;
  private final Field asks;
  private final Field integrity;
  private final Field sizeUnit;
  private final Field contractSize;
  private final Field bidsKnownTo;
  private final Field asksKnownTo;

  BookSchema(Decimals decimals) {
    this.decimals = decimals;
    SchemaDraft levelDraft =
        new SchemaDraft("io.cryptofeed.Level", 2, "One price of an order book.");
    levelPrice = levelDraft.field("price", decimals.schema(), "Price in the quote asset.");
    levelSize =
        levelDraft.field(
            "size",
            decimals.schema(),
            "Amount in the base asset, or in the asset that size_unit names, that is offered at this price now; 0 removes the level.");
    // One instance for bids and asks: in Avro the second use is then a reference to the first.
    level = levelDraft.build();
    Schema levels = SchemaBuilder.array(level).build();
    SchemaDraft draft =
        new SchemaDraft(
            "io.cryptofeed.Book",
            3,
            "A snapshot of an order book, or a delta. Sizes are absolute, a size of 0 removes the level, and a snapshot replaces everything before it.");
    common = new CommonFields(draft);
    isSnapshot =
        draft.field(
            "is_snapshot",
            Schema.BOOLEAN_SCHEMA,
            "true: a full book that replaces everything before it; false: a delta.");
    snapshotReason =
        draft.field(
            "snapshot_reason",
            Schema.OPTIONAL_STRING_SCHEMA,
            "Why a snapshot was sent: initial, reconnect, gap, checksum, periodic, change, venue or depth; null for a delta.");
    firstSequence =
        draft.field(
            "first_sequence",
            Schema.OPTIONAL_INT64_SCHEMA,
            "First sequence number that the message covers, if the exchange sends one.");
    sequence =
        draft.field(
            "sequence",
            Schema.OPTIONAL_INT64_SCHEMA,
            "Last sequence number that the message covers, if the exchange sends one.");
    previousSequence =
        draft.field(
            "prev_sequence",
            Schema.OPTIONAL_INT64_SCHEMA,
            "The sequence of the record before in this book, if the exchange sends sequence numbers; null in a snapshot.");
    bids = draft.field("bids", levels, "Buy side, best price first.");
    asks = draft.field("asks", levels, "Sell side, best price first.");
    integrity =
        draft.field(
            "integrity",
            Schema.STRING_SCHEMA,
            "What verifies that no delta is missing: checksum, sequence or none.");
    sizeUnit = CommonFields.sizeUnit(draft);
    contractSize =
        draft.field(
            "contract_size",
            decimals.optionalSchema(),
            "The size of one contract, if the exchange counts in contracts: size divided by it is the number of contracts.");
    bidsKnownTo =
        draft.field(
            "bids_known_to",
            decimals.optionalSchema(),
            "The price down to which all bids are known, if the snapshot was limited; bids below it are known only if they changed later. null: all bids are known.");
    asksKnownTo =
        draft.field(
            "asks_known_to",
            decimals.optionalSchema(),
            "The price up to which all asks are known, if the snapshot was limited; asks above it are known only if they changed later. null: all asks are known.");
    schema = draft.build();
  }

  Schema schema() {
    return schema;
  }

  Schema level() {
    return level;
  }

  /** About how many bytes of heap a record takes. */
  public int heapBytes(BookUpdate update) {
    int levels = update.bidPrices().size() + update.askPrices().size();
    return 768 + bounds(update) * decimals.heapBytes() + levels * (56 + 2 * decimals.heapBytes());
  }

  private static int bounds(BookUpdate update) {
    return (update.bidsKnownTo() == null ? 0 : 1) + (update.asksKnownTo() == null ? 0 : 1);
  }

  public Struct write(BookUpdate update) {
    Instrument instrument = update.instrument();
    Struct struct =
        common.fill(
            new Struct(schema),
            instrument,
            update.eventNs(),
            update.receiveNs(),
            update.isSnapshot() ? Origin.SNAPSHOT : Origin.STREAM);
    struct.put(isSnapshot, update.isSnapshot());
    SnapshotReason reason = update.reason();
    if (reason != null) {
      struct.put(snapshotReason, reason.code());
    }
    putSequence(struct, firstSequence, update.firstSequence());
    putSequence(struct, sequence, update.sequence());
    putSequence(struct, previousSequence, update.previousSequence());
    struct.put(bids, bids(update, instrument));
    struct.put(asks, asks(update, instrument));
    struct.put(integrity, update.integrity().code());
    CommonFields.putSizeUnit(struct, sizeUnit, instrument);
    if (instrument.contractSize() != null) {
      struct.put(
          contractSize, decimals.write(instrument.contractSize(), instrument, "contract_size"));
    }
    putBound(struct, bidsKnownTo, update.bidsKnownTo(), instrument);
    putBound(struct, asksKnownTo, update.asksKnownTo(), instrument);
    return struct;
  }

  private void putBound(
      Struct struct, Field field, @Nullable BigDecimal price, Instrument instrument) {
    if (price != null) {
      struct.put(field, decimals.write(price, instrument, field.name()));
    }
  }

  private static void putSequence(Struct struct, Field field, long value) {
    if (value != BookUpdate.NO_SEQUENCE) {
      struct.put(field, value);
    }
  }

  private List<Struct> bids(BookUpdate update, Instrument instrument) {
    DecimalColumn prices = update.bidPrices();
    return levels(
        prices,
        update.bidSizes(),
        LevelOrder.descending(prices),
        instrument,
        "bids.price",
        "bids.size");
  }

  private List<Struct> asks(BookUpdate update, Instrument instrument) {
    DecimalColumn prices = update.askPrices();
    return levels(
        prices,
        update.askSizes(),
        LevelOrder.ascending(prices),
        instrument,
        "asks.price",
        "asks.size");
  }

  private List<Struct> levels(
      DecimalColumn prices,
      DecimalColumn sizes,
      LevelOrder order,
      Instrument instrument,
      String priceName,
      String sizeName) {
    int count = prices.size();
    List<Struct> levels = new ArrayList<>(count);
    for (int rank = 0; rank < count; rank++) {
      int i = order.index(rank);
      levels.add(
          new Struct(level)
              .put(levelPrice, decimals.write(prices, i, instrument, priceName))
              .put(levelSize, decimals.write(sizes, i, instrument, sizeName)));
    }
    return levels;
  }
}
