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
    schema =
        CommonFields.define(
                new SchemaDraft("io.cryptofeed.Trade", 2, "One execution on an exchange."))
            .field(
                "trade_id",
                Schema.STRING_SCHEMA,
                "The exchange's id of the trade, unique within its instrument.")
            .field(
                "trade_seq",
                Schema.OPTIONAL_INT64_SCHEMA,
                "The id as a number, where the exchange numbers the trades of an instrument consecutively; a missing number is then a missing trade.")
            .field("price", decimals.schema(), "Price in the quote asset.")
            .field(
                "size",
                decimals.schema(),
                "Amount in the base asset, or in the asset that size_unit names.")
            .field("side", Schema.STRING_SCHEMA, "Side of the taker: buy, sell or unknown.")
            .field(
                "trade_count",
                Schema.OPTIONAL_INT32_SCHEMA,
                "How many executions an aggregated trade covers; null where the trade is no aggregate.")
            .field("size_unit", Schema.OPTIONAL_STRING_SCHEMA, CommonFields.SIZE_UNIT_DOC)
            .field(
                "contracts",
                decimals.optionalSchema(),
                "Amount in contracts, where the exchange counts in contracts.")
            .build();
    common = new CommonFields(schema);
    id = schema.field("trade_id");
    sequence = schema.field("trade_seq");
    price = schema.field("price");
    size = schema.field("size");
    side = schema.field("side");
    count = schema.field("trade_count");
    sizeUnit = schema.field("size_unit");
    contracts = schema.field("contracts");
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
