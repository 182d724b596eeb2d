package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.ChannelLayout;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.connect.data.Schema;

/**
 * The schemas of all records in one decimal mode. There is one constant instance for each mode:
 * converters cache by schema, and compare by identity first. Safe for use by many threads.
 */
public final class RecordSchemas {

  private static final RecordSchemas PRECISE = new RecordSchemas(DecimalMode.PRECISE);
  private static final RecordSchemas STRING = new RecordSchemas(DecimalMode.STRING);
  private static final RecordSchemas DOUBLE = new RecordSchemas(DecimalMode.DOUBLE);

  private final TradeSchema trade;
  private final BookSchema book;
  private final Decimals decimals;
  private final Map<ChannelLayout, ObservationSchema> observations = new ConcurrentHashMap<>();

  private RecordSchemas(DecimalMode mode) {
    decimals = new Decimals(mode);
    trade = new TradeSchema(decimals);
    book = new BookSchema(decimals);
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

  /** The schema of a plain channel. */
  public ObservationSchema observationSchema(ChannelLayout layout) {
    return observations.computeIfAbsent(layout, any -> new ObservationSchema(any, decimals));
  }
}
