package io.cryptofeed.connect.record.schema;

import org.apache.kafka.connect.data.Schema;

/**
 * The schemas of all records in one decimal mode. There is one constant instance for each mode:
 * converters cache by schema, and compare by identity first.
 */
public final class RecordSchemas {

  private static final RecordSchemas PRECISE = new RecordSchemas(DecimalMode.PRECISE);
  private static final RecordSchemas STRING = new RecordSchemas(DecimalMode.STRING);
  private static final RecordSchemas DOUBLE = new RecordSchemas(DecimalMode.DOUBLE);

  private final TradeSchema trade;
  private final BookSchema book;
  private final QuoteSchema quote;

  private RecordSchemas(DecimalMode mode) {
    Decimals decimals = new Decimals(mode);
    trade = new TradeSchema(decimals);
    book = new BookSchema(decimals);
    quote = new QuoteSchema(decimals);
  }

  /** The schemas of a mode. */
  public static RecordSchemas of(DecimalMode mode) {
    return switch (mode) {
      case PRECISE -> PRECISE;
      case STRING -> STRING;
      case DOUBLE -> DOUBLE;
    };
  }

  /** {@code io.cryptofeed.Trade}. */
  public Schema trade() {
    return trade.schema();
  }

  /** {@code io.cryptofeed.Book}. */
  public Schema book() {
    return book.schema();
  }

  /** {@code io.cryptofeed.Quote}. */
  public Schema quote() {
    return quote.schema();
  }

  /** {@code io.cryptofeed.FeedStatus}, the same in every mode. */
  public Schema feedStatus() {
    return FeedStatusSchema.INSTANCE.schema();
  }

  public TradeSchema tradeSchema() {
    return trade;
  }

  public BookSchema bookSchema() {
    return book;
  }

  public QuoteSchema quoteSchema() {
    return quote;
  }
}
