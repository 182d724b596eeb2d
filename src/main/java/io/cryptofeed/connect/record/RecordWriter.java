package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.schema.BookSchema;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.FeedStatusSchema;
import io.cryptofeed.connect.record.schema.ObservationSchema;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import io.cryptofeed.connect.record.schema.TradeSchema;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.header.ConnectHeaders;
import org.jspecify.annotations.Nullable;

/**
 * Writes market events as source records into the queue, on the event loop that emits them. So the
 * single thread of the worker only has to convert and send them. Safe for use by many threads.
 *
 * <p>An event that cannot be written ends the task: the queue fails after the records that were
 * written before it.
 */
public final class RecordWriter implements MarketListener {

  /** The header that repeats the field {@code origin}. */
  public static final String ORIGIN_HEADER = "origin";

  /** The header that holds the version of the value's schema. */
  public static final String SCHEMA_VERSION_HEADER = "schema.version";

  private final RecordQueue queue;
  private final Destinations destinations;
  private final RecordSchemas schemas;
  private final TradeSchema trades;
  private final BookSchema books;
  private final FeedStatusSchema statuses = FeedStatusSchema.INSTANCE;
  private final boolean withHeaders;
  private final LongAdder tradeCount = new LongAdder();
  private final LongAdder bookCount = new LongAdder();
  private final LongAdder snapshotCount = new LongAdder();
  private final LongAdder statusCount = new LongAdder();
  private final Map<ChannelLayout, PlainChannel> plainChannels = new ConcurrentHashMap<>();

  /**
   * @param tradesModes the configured trade stream, by id of the exchange; only exchanges that
   *     offer several
   * @param withHeaders whether each record has headers, which cost the worker about a third of its
   *     time
   */
  public RecordWriter(
      RecordQueue queue,
      TopicTemplate topics,
      Map<String, String> tradesModes,
      DecimalMode mode,
      boolean withHeaders) {
    this.queue = queue;
    this.destinations = new Destinations(topics, tradesModes);
    this.schemas = RecordSchemas.of(mode);
    this.trades = schemas.tradeSchema();
    this.books = schemas.bookSchema();
    this.withHeaders = withHeaders;
  }

  /** What is needed to write the records of a plain channel. */
  private record PlainChannel(ObservationSchema schema, LongAdder count) {}

  @Override
  public void onTrade(Trade trade) {
    try {
      Struct value = trades.write(trade);
      Destinations.OfInstrument to = destinations.of(trade.instrument());
      queue.add(
          to.trades()
              .record(
                  SourceOffset.of(trade, to.tradesMode()),
                  value,
                  trade.eventNs(),
                  trade.receiveNs(),
                  headers(value, trade.origin())),
          trades.heapBytes());
      tradeCount.increment();
    } catch (RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  @Override
  public void onBook(BookUpdate update) {
    write(update, destinations.of(update.instrument()).book(), bookCount);
  }

  @Override
  public void onBookSnapshot(BookUpdate snapshot) {
    write(snapshot, destinations.of(snapshot.instrument()).bookSnapshots(), snapshotCount);
  }

  private void write(BookUpdate update, Destination to, LongAdder count) {
    try {
      Struct value = books.write(update);
      queue.add(
          to.record(
              SourceOffset.of(update),
              value,
              update.eventNs(),
              update.receiveNs(),
              headers(value, update.isSnapshot() ? Origin.SNAPSHOT : Origin.STREAM)),
          books.heapBytes(update));
      count.increment();
    } catch (RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  @Override
  public void onObservation(Observation observation) {
    try {
      ChannelLayout layout = observation.layout();
      PlainChannel channel = plainChannel(layout);
      Struct value = channel.schema.write(observation);
      queue.add(
          destinations
              .of(observation.instrument())
              .observations(layout.channel())
              .record(
                  SourceOffset.of(observation),
                  value,
                  observation.eventNs(),
                  observation.receiveNs(),
                  headers(value, observation.origin())),
          channel.schema.heapBytes());
      channel.count.increment();
    } catch (RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  @Override
  public void onFeedStatus(FeedStatus status) {
    try {
      Instrument instrument = status.stream().instrument();
      Struct value = statuses.write(status);
      queue.add(
          destinations
              .of(instrument)
              .feedStatus()
              .record(
                  SourceOffset.of(status),
                  value,
                  status.eventNs(),
                  status.eventNs(),
                  headers(value, Origin.STREAM)),
          statuses.heapBytes());
      statusCount.increment();
    } catch (RuntimeException | Error e) {
      queue.fail(e);
    }
  }

  private PlainChannel plainChannel(ChannelLayout layout) {
    PlainChannel channel = plainChannels.get(layout);
    return channel == null
        ? plainChannels.computeIfAbsent(
            layout, any -> new PlainChannel(schemas.observationSchema(any), new LongAdder()))
        : channel;
  }

  /** The number of records of a channel written so far. */
  public long written(Channel channel) {
    if (channel == Channel.TRADES) {
      return tradeCount.sum();
    }
    if (channel == Channel.L2_BOOK) {
      return bookCount.sum();
    }
    if (channel == Channel.L2_SNAPSHOT) {
      return snapshotCount.sum();
    }
    if (channel == Channel.FEED_STATUS) {
      return statusCount.sum();
    }
    return plainChannels.entrySet().stream()
        .filter(plain -> plain.getKey().channel() == channel)
        .mapToLong(plain -> plain.getValue().count.sum())
        .sum();
  }

  private @Nullable ConnectHeaders headers(Struct value, Origin origin) {
    if (!withHeaders) {
      return null;
    }
    ConnectHeaders headers = new ConnectHeaders();
    headers.addString(ORIGIN_HEADER, origin.code());
    headers.addInt(SCHEMA_VERSION_HEADER, value.schema().version());
    return headers;
  }
}
