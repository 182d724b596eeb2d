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

  /** Adds the fields to a schema that has none yet. */
  CommonFields(SchemaDraft draft) {
    exchange =
        draft.field("exchange", Schema.STRING_SCHEMA, "Id of the exchange, lower case: binance.");
    marketType =
        draft.field(
            "market_type",
            Schema.STRING_SCHEMA,
            "Kind of contract: spot, perpetual, future or option.");
    symbol =
        draft.field(
            "symbol",
            Schema.STRING_SCHEMA,
            "Normalised symbol, the same on every exchange: BTC-USDT, BTC-USDT-PERP.");
    exchangeSymbol =
        draft.field(
            "exchange_symbol",
            Schema.STRING_SCHEMA,
            "The exchange's own symbol, exactly as the exchange writes it.");
    eventNs =
        draft.field(
            "ts_event_ns",
            Schema.INT64_SCHEMA,
            "Event time by the exchange's clock, in nanoseconds since the epoch; the receive time if the exchange sends none.");
    receiveNs =
        draft.field(
            "ts_recv_ns",
            Schema.INT64_SCHEMA,
            "Receive time: when the message reached the connector, before it was parsed, in nanoseconds since the epoch.");
    origin =
        draft.field(
            "origin",
            Schema.STRING_SCHEMA,
            "stream: live; backfill: requested from the trade history to fill a gap; snapshot: a state or a replay that the exchange sends on subscribing.");
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

  /** Adds the field that says what sizes are counted in. */
  static Field sizeUnit(SchemaDraft draft) {
    return draft.field(
        "size_unit",
        Schema.OPTIONAL_STRING_SCHEMA,
        "What sizes are counted in if it is not the base asset: quote, for inverse contracts; null for the base asset.");
  }

  static void putSizeUnit(Struct struct, Field field, Instrument instrument) {
    if (instrument.sizeUnit() != SizeUnit.BASE) {
      struct.put(field, instrument.sizeUnit().code());
    }
  }
}
