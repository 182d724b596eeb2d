package io.cryptofeed.connect.bench.memory;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.RecordQueue;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/**
 * Writes records of the shape that the simulated exchange sends, once, and hands them over for
 * ever.
 */
public final class MemorySourceTask extends SourceTask {

  private static final int BATCHES = 8;
  private static final int BATCH_RECORDS = 2_000;
  private static final int TRADES_PER_ROUND = 3;
  private static final int BOOKS_PER_ROUND = 2;
  private static final int MILLION = 1_000_000;
  private static final List<Instrument> INSTRUMENTS =
      List.of(instrument("BTC", "USDT"), instrument("ETH", "USDT"));

  private final SplittableRandom random = new SplittableRandom(1);
  private List<List<SourceRecord>> batches = List.of();
  private int next;
  private long sequence = 4_900_000_000L;

  private static Instrument instrument(String base, String quote) {
    return new Instrument(
        "binance",
        MarketType.SPOT,
        base + "-" + quote,
        base + quote,
        base,
        quote,
        null,
        null,
        true);
  }

  @Override
  public void start(Map<String, String> properties) {
    boolean withBooks = Boolean.parseBoolean(properties.get(MemorySourceConnector.WITH_BOOKS));
    String prefix = properties.getOrDefault(MemorySourceConnector.TOPIC_PREFIX, "");
    RecordQueue queue = new RecordQueue(Integer.MAX_VALUE, Long.MAX_VALUE, BATCH_RECORDS);
    RecordWriter writer =
        new RecordWriter(
            queue,
            new TopicTemplate(TopicTemplate.DEFAULT, prefix),
            Map.of("binance", "raw"),
            DecimalMode.PRECISE,
            false);
    while (queue.size() < BATCHES * BATCH_RECORDS) {
      for (Instrument instrument : INSTRUMENTS) {
        for (int i = 0; i < TRADES_PER_ROUND; i++) {
          writer.onTrade(trade(instrument));
        }
        for (int i = 0; withBooks && i < BOOKS_PER_ROUND; i++) {
          writer.onBook(book(instrument));
        }
      }
    }
    batches = batchesOf(queue);
  }

  private static List<List<SourceRecord>> batchesOf(RecordQueue queue) {
    List<List<SourceRecord>> batches = new ArrayList<>();
    try {
      while (queue.size() > 0) {
        batches.add(queue.take(0, TimeUnit.MILLISECONDS));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return batches;
  }

  private Trade trade(Instrument instrument) {
    long number = ++sequence;
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    Trade trade =
        new Trade(instrument)
            .set(
                instrument,
                Long.toString(number),
                number,
                number,
                number,
                random.nextBoolean() ? Side.BUY : Side.SELL,
                0,
                Origin.STREAM,
                now,
                now);
    addPrice(trade.numbers());
    addSize(trade.numbers());
    return trade;
  }

  /** Mostly one level, and four when the price moves. */
  private BookUpdate book(Instrument instrument) {
    long first = sequence + 1;
    int levels = random.nextInt(10) == 0 ? 4 : 1;
    sequence += levels;
    long now = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis());
    BookUpdate update =
        new BookUpdate(instrument).set(instrument, false, first, sequence, first - 1, now, now);
    for (int i = 0; i < levels; i++) {
      boolean bid = random.nextBoolean();
      addPrice(bid ? update.bidPrices() : update.askPrices());
      addSize(bid ? update.bidSizes() : update.askSizes());
    }
    return update;
  }

  private void addPrice(DecimalColumn column) {
    column.add(6_000_000 + random.nextInt(MILLION), 2);
  }

  private void addSize(DecimalColumn column) {
    column.add(1 + random.nextInt(MILLION), 8);
  }

  @Override
  public List<SourceRecord> poll() {
    List<SourceRecord> batch = batches.get(next);
    next = (next + 1) % batches.size();
    return batch;
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return "1";
  }
}
