package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.Trade;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** {@code io.cryptofeed.Trade}: one execution. */
public final class TradeSchema {

  private static final int PRICE = 0;
  private static final int SIZE = 1;
  private static final int CONTRACTS = 2;

  private final Decimals decimals;
  private final Schema schema;
  private final CommonFields common;
  private final Field id;
  private final Field sequence;
  private final Field price;
  private final Field size;
  private final Field side;
  private final Field count;
  private final Field sizeUnit;
  private final Field contracts;

  TradeSchema(Decimals decimals) {
    this.decimals = decimals;
    SchemaDraft draft = new SchemaDraft("io.cryptofeed.Trade", 2, "One execution on an exchange.");
    common = new CommonFields(draft);
    id =
        draft.field(
            "trade_id",
            Schema.STRING_SCHEMA,
            "The exchange's id of the trade, unique within its instrument.");
    sequence =
        draft.field(
            "trade_seq",
            Schema.OPTIONAL_INT64_SCHEMA,
            "The trade id as a number, if the trade ids of an instrument are consecutive; a missing number is then a missing trade.");
    price = draft.field("price", decimals.schema(), "Price in the quote asset.");
    size =
        draft.field(
            "size",
            decimals.schema(),
            "Amount in the base asset, or in the asset that size_unit names.");
    side = draft.field("side", Schema.STRING_SCHEMA, "Side of the taker: buy, sell or unknown.");
    count =
        draft.field(
            "trade_count",
            Schema.OPTIONAL_INT32_SCHEMA,
            "How many executions an aggregated trade covers; null if the trade is not an aggregate.");
    sizeUnit = CommonFields.sizeUnit(draft);
    contracts =
        draft.field(
            "contracts",
            decimals.optionalSchema(),
            "Amount in contracts, if the exchange counts in contracts.");
    schema = draft.build();
  }

  Schema schema() {
    return schema;
  }

  /** About how many bytes of heap a record takes. */
  public int heapBytes() {
    return 640 + 2 * decimals.heapBytes();
  }

  public Struct write(Trade trade) {
    Struct struct =
        common.fill(
            new Struct(schema),
            trade.instrument(),
            trade.eventNs(),
            trade.receiveNs(),
            trade.origin());
    struct.put(id, trade.id());
    if (trade.sequence() != Trade.NO_SEQUENCE) {
      struct.put(sequence, trade.sequence());
    }
    struct.put(price, decimals.write(trade.numbers(), PRICE, trade.instrument(), "price"));
    struct.put(size, decimals.write(trade.numbers(), SIZE, trade.instrument(), "size"));
    struct.put(side, trade.side().code());
    if (trade.count() != 0) {
      struct.put(count, trade.count());
    }
    CommonFields.putSizeUnit(struct, sizeUnit, trade.instrument());
    if (trade.hasContracts()) {
      struct.put(
          contracts, decimals.write(trade.numbers(), CONTRACTS, trade.instrument(), "contracts"));
    }
    return struct;
  }
}
