package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.SizeUnit;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;

/** The fields with which every record begins: what it is about, and when it happened. */
final class CommonFields {

  private final Field exchange;
  private final Field marketType;
  private final Field symbol;
  private final Field exchangeSymbol;
  private final Field eventNs;
  private final Field receiveNs;
  private final Field origin;

  /** Finds the fields in a schema that {@link #define} began. */
  CommonFields(Schema schema) {
    exchange = schema.field("exchange");
    marketType = schema.field("market_type");
    symbol = schema.field("symbol");
    exchangeSymbol = schema.field("exchange_symbol");
    eventNs = schema.field("ts_event_ns");
    receiveNs = schema.field("ts_recv_ns");
    origin = schema.field("origin");
  }

  static SchemaDraft define(SchemaDraft draft) {
    return draft
        .field("exchange", Schema.STRING_SCHEMA, "Id of the exchange, lower case: binance.")
        .field(
            "market_type",
            Schema.STRING_SCHEMA,
            "Kind of contract: spot, perpetual, future or option.")
        .field(
            "symbol",
            Schema.STRING_SCHEMA,
            "Normalised symbol, the same on every exchange: BTC-USDT, BTC-USDT-PERP.")
        .field(
            "exchange_symbol", Schema.STRING_SCHEMA, "The exchange's own symbol, as it writes it.")
        .field(
            "ts_event_ns",
            Schema.INT64_SCHEMA,
            "When it happened by the exchange's clock, in nanoseconds since the epoch; the time of arrival where the exchange sends none.")
        .field(
            "ts_recv_ns",
            Schema.INT64_SCHEMA,
            "When it arrived at the connector, before it was parsed, in nanoseconds since the epoch.")
        .field(
            "origin",
            Schema.STRING_SCHEMA,
            "stream: live; backfill: fetched from history to fill a gap; snapshot: a state or a replay that the exchange sends on subscribing.");
  }

  Struct fill(Struct struct, Instrument instrument, long event, long receive, Origin from) {
    return struct
        .put(exchange, instrument.exchange())
        .put(marketType, instrument.marketType().code())
        .put(symbol, instrument.symbol())
        .put(exchangeSymbol, instrument.exchangeSymbol())
        .put(eventNs, event)
        .put(receiveNs, receive)
        .put(origin, from.code());
  }

  static final String SIZE_UNIT_DOC =
      "What sizes are counted in where it is not the base asset: quote, for inverse contracts; null for the base asset.";

  static void putSizeUnit(Struct struct, Field field, Instrument instrument) {
    if (instrument.sizeUnit() != SizeUnit.BASE) {
      struct.put(field, instrument.sizeUnit().code());
    }
  }
}
