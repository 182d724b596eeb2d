package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SnapshotReason;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * What books cost: the heap that 500 of them take with 1,000 levels a side, and the time of an
 * update beside the number of books. Run with the heap to which it is to fit: {@code -Xmx512m}.
 */
public final class BookBenchmark {

  private static final int BOOKS = 500;
  private static final int LEVELS = 1_000;
  private static final double MIB = 1 << 20;
  private static final int UPDATES_PER_LOOK_AT_THE_CLOCK = 1_000;
  private static final RunLength LENGTH = RunLength.configured(7, 1, Duration.ofMillis(100));

  private final Random random = new Random(42);
  private final BookUpdate delta =
      new BookUpdate(
          new Instrument("bench", MarketType.SPOT, "X-Y", "XY", "X", "Y", null, null, true));
  private long published;

  private BookBenchmark() {}

  /** Prints both. */
  public static void main(String[] arguments) {
    new BookBenchmark().run();
  }

  private void run() {
    long before = used();
    List<Book> books = new ArrayList<>();
    for (int i = 0; i < BOOKS; i++) {
      books.add(new Book(i));
    }
    FigureTable memory =
        new FigureTable("memory").column("MiB of heap", 1).column("of at most MiB", 0);
    memory.row(
        String.format(Locale.ROOT, "%d books of %,d levels a side", BOOKS, LEVELS),
        (used() - before) / MIB,
        Runtime.getRuntime().maxMemory() / MIB);
    memory.print();

    int[] counts = {1, 10, 100, BOOKS};
    double[][] nanos = new double[counts.length][LENGTH.rounds()];
    for (int round = -LENGTH.warmUps(); round < LENGTH.rounds(); round++) {
      for (int c = 0; c < counts.length; c++) {
        double measured = nanosPerUpdate(books.subList(0, counts[c]));
        if (round >= 0) {
          nanos[c][round] = measured;
        }
      }
    }
    FigureTable time = new FigureTable("books").column("ns per update", 1).column("x one", 2);
    double one = median(nanos[0]);
    for (int c = 0; c < counts.length; c++) {
      double median = median(nanos[c]);
      time.row(String.valueOf(counts[c]), median, median / one);
    }
    time.print();
    System.out.printf("(%,d updates were published)%n", published);
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }

  private double nanosPerUpdate(List<Book> books) {
    int updates = 0;
    long start = System.nanoTime();
    long nanos = 0;
    while (nanos < LENGTH.window().toNanos()) {
      for (int i = 0; i < UPDATES_PER_LOOK_AT_THE_CLOCK; i++) {
        books.get(updates++ % books.size()).change();
      }
      nanos = System.nanoTime() - start;
    }
    return nanos / (double) updates;
  }

  private static long used() {
    Runtime runtime = Runtime.getRuntime();
    for (int i = 0; i < 3; i++) {
      System.gc();
    }
    return runtime.totalMemory() - runtime.freeMemory();
  }

  /** A book with its synchroniser, and the flyweight that changes it. */
  private final class Book implements BookSynchronizer.Listener {

    private final BookSynchronizer synchronizer =
        new BookSynchronizer(new BookRules(BookRules.Source.STREAM, BookRules.Link.STEP), this);
    private final Instrument instrument;
    private long sequence;

    private Book(int number) {
      String symbol = "COIN" + number;
      instrument =
          new Instrument(
              "bench", MarketType.SPOT, symbol + "-USD", symbol, symbol, "USD", null, null, true);
      BookUpdate snapshot = new BookUpdate(instrument).set(instrument, true, -1, 0, -1, 1, 1);
      for (int i = 0; i < LEVELS; i++) {
        snapshot.bidPrices().add(5_000_000 - i, 2);
        snapshot.bidSizes().add(1 + i, 4);
        snapshot.askPrices().add(5_000_001 + i, 2);
        snapshot.askSizes().add(1 + i, 4);
      }
      synchronizer.start(SnapshotReason.INITIAL);
      synchronizer.onUpdate(snapshot);
    }

    /** Two levels near the top, as most changes are; the book keeps its size. */
    private void change() {
      sequence++;
      BookUpdate update = delta;
      update.clearLevels();
      update.set(instrument, false, sequence, sequence, -1, 1, 1);
      int away = Math.abs((int) (random.nextGaussian() * 40)) % LEVELS;
      update.bidPrices().add(5_000_000 - away, 2);
      update.bidSizes().add(1 + random.nextInt(10_000), 4);
      update.askPrices().add(5_000_001 + away, 2);
      update.askSizes().add(1 + random.nextInt(10_000), 4);
      synchronizer.onUpdate(update);
    }

    @Override
    public void onValid(BookUpdate update) {
      published++;
    }

    @Override
    public void onSnapshotNeeded() {
      throw new IllegalStateException("a snapshot is needed");
    }

    @Override
    public void onRefreshNeeded() {}

    @Override
    public void onFault(Fault fault) {
      throw new IllegalStateException(fault.description());
    }
  }
}
