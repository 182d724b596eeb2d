package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quote;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** {@code io.cryptofeed.Quote}: the best bid and ask, as the exchange tells them. */
public final class QuoteSchema {

  private final Decimals decimals;
  private final Schema schema;
  private final CommonFields common;
  private final Field bidPrice;
  private final Field bidSize;
  private final Field askPrice;
  private final Field askSize;
  private final Field sequence;
  private final Field sizeUnit;

  QuoteSchema(Decimals decimals) {
    this.decimals = decimals;
    Schema number = decimals.optionalSchema();
    schema =
        CommonFields.define(
                new SchemaDraft(
                    "io.cryptofeed.Quote", 1, "The best bid and ask, as the exchange tells them."))
            .field("bid_price", number, "Best bid in the quote asset; null while nobody bids.")
            .field("bid_size", number, "Amount bid for; null while nobody bids.")
            .field("ask_price", number, "Best ask in the quote asset; null while nobody asks.")
            .field("ask_size", number, "Amount on offer; null while nobody asks.")
            .field(
                "sequence",
                Schema.OPTIONAL_INT64_SCHEMA,
                "Sequence number of the message, where the exchange sends one.")
            .field("size_unit", Schema.OPTIONAL_STRING_SCHEMA, CommonFields.SIZE_UNIT_DOC)
            .build();
    common = new CommonFields(schema);
    bidPrice = schema.field("bid_price");
    bidSize = schema.field("bid_size");
    askPrice = schema.field("ask_price");
    askSize = schema.field("ask_size");
    sequence = schema.field("sequence");
    sizeUnit = schema.field("size_unit");
  }

  Schema schema() {
    return schema;
  }

  /** About how many bytes of heap a record takes. */
  public int heapBytes() {
    return 576 + 4 * decimals.heapBytes();
  }

  public Struct write(Quote quote) {
    Instrument instrument = quote.instrument();
    Struct struct =
        common.fill(
            new Struct(schema), instrument, quote.eventNs(), quote.receiveNs(), Origin.STREAM);
    put(struct, bidPrice, bidSize, quote.bid(), instrument);
    put(struct, askPrice, askSize, quote.ask(), instrument);
    if (quote.sequence() != BookUpdate.NO_SEQUENCE) {
      struct.put(sequence, quote.sequence());
    }
    CommonFields.putSizeUnit(struct, sizeUnit, instrument);
    return struct;
  }

  private void put(
      Struct struct, Field price, Field size, DecimalColumn side, Instrument instrument) {
    if (side.size() > 0) {
      struct.put(price, decimals.write(side, 0, instrument, price.name()));
      if (side.size() > 1) {
        struct.put(size, decimals.write(side, 1, instrument, size.name()));
      }
    }
  }
}
