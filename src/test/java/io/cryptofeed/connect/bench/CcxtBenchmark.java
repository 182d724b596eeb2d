package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.ccxt.CcxtAbilities;
import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtEngine;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtListener;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtServices;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.ccxt.CcxtWorld;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.scripted.BackpackBooks;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.KrakenBooks;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.TradeVenue;
import io.cryptofeed.connect.market.Channel;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.DoubleSummaryStatistics;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;

/**
 * What an exchange of CCXT takes: its start, its memory, and how many trades and changes of a book
 * it reads per second, and per second of CPU time of its own thread. A simulator hands it a batch
 * at a time, on the other core; on a machine that does something else besides, the figure per CPU
 * second is the one to read.
 *
 * <p>Run with {@code mvn -Pbench,ccxt test-compile exec:exec@ccxt}.
 */
@Tag("ccxt")
public final class CcxtBenchmark {

  private static final RunLength LENGTH = RunLength.configured(5, 1, Duration.ofSeconds(5));
  private static final int BATCH = 2_000;
  private static final long QUIET_NANOS = TimeUnit.MILLISECONDS.toNanos(30);

  private final List<CcxtExchange> running = new ArrayList<>();
  private final FigureTable table =
      new FigureTable("lowest and highest of the rounds")
          .column("ready after ms", 0)
          .column("MiB of heap", 0)
          .column("messages/s", 0)
          .column("highest", 0)
          .column("per CPU second", 0)
          .column("highest", 0)
          .column("trades or levels in a message", 1);

  private CcxtBenchmark() {}

  /** Takes no arguments; see {@link RunLength}. The system property ccxt.bundle names the file. */
  public static void main(String[] arguments) throws Exception {
    SimulatorOptions quiet =
        SimulatorOptions.builder()
            .tradesPerSecond(0)
            .bookChangesPerSecond(0)
            .keepHistory(false)
            .build();
    CcxtBenchmark benchmark = new CcxtBenchmark();
    try (CcxtWorld world = new CcxtWorld();
        CcxtEngine engine = CcxtEngine.open(Path.of(System.getProperty("ccxt.bundle", "")));
        TradeVenue binance = TradeVenue.start(TradeExchange.BINANCE, 1);
        TradeVenue backpack = TradeVenue.start(TradeExchange.BACKPACK, 2);
        TradeVenue kraken = TradeVenue.start(TradeExchange.KRAKEN, 3);
        BinanceSimulator binanceBook = BinanceSimulator.start(quiet);
        BookVenue backpackBook =
            BookVenue.start(new BackpackBooks(), 4, List.of("BTC_USDC"), quiet);
        BookVenue krakenBook = BookVenue.start(new KrakenBooks(), 5, List.of("BTC/USD"), quiet)) {
      CcxtServices services = world.services();
      benchmark.trades(engine, services, binance, "BTC/USDT");
      benchmark.trades(engine, services, backpack, "BTC/USDC");
      benchmark.trades(engine, services, kraken, "BTC/USD");
      benchmark.closeAll();

      benchmark.book(
          engine,
          services,
          "binance",
          binanceBook,
          "BTC/USDT",
          changes -> {
            for (int i = 0; i < changes; i++) {
              binanceBook.changeBook("BTC-USDT", 3);
            }
          });
      benchmark.book(engine, services, "backpack", backpackBook, "BTC/USDC", backpackBook::change);
      benchmark.book(engine, services, "kraken", krakenBook, "BTC/USD", krakenBook::change);
      benchmark.closeAll();
      benchmark.table.print();
    }
    System.exit(0);
  }

  private void closeAll() {
    running.forEach(CcxtExchange::close);
    running.clear();
  }

  /** Makes an exchange tell so many trades, or changes of a book. */
  private interface Load {
    void tell(int messages);
  }

  private void trades(CcxtEngine engine, CcxtServices services, TradeVenue venue, String symbol)
      throws Exception {
    TradeExchange exchange = venue.exchange();
    run(
        engine,
        services,
        exchange.id(),
        venue,
        Channel.TRADES,
        symbol,
        trades -> venue.trade(exchange.one(), trades));
  }

  private void book(
      CcxtEngine engine,
      CcxtServices services,
      String id,
      VenueServer venue,
      String symbol,
      Load load)
      throws Exception {
    run(engine, services, id, venue, Channel.L2_BOOK, symbol, load);
  }

  private void run(
      CcxtEngine engine,
      CcxtServices services,
      String id,
      VenueServer venue,
      Channel channel,
      String symbol,
      Load load)
      throws Exception {
    Counting seen = new Counting();
    long heapBefore = used();
    long start = System.nanoTime();
    CcxtExchange exchange =
        CcxtExchange.start(engine, services, CcxtWorld.options(id, venue.port()), seen);
    running.add(exchange);
    seen.ready.get(2, TimeUnit.MINUTES);
    long readyNanos = System.nanoTime() - start;
    CcxtWorld.await(exchange.loadMarkets());
    exchange.watch(channel, symbol);
    while (seen.messages == 0) {
      load.tell(1);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    double heapMib = (used() - heapBefore) / (double) (1 << 20);
    System.out.printf("%n%s of %s%n", channel, id);
    List<Round> rounds = new ArrayList<>();
    for (int round = -LENGTH.warmUps(); round < LENGTH.rounds(); round++) {
      Round measured = measure(seen, load);
      if (round >= 0) {
        rounds.add(measured);
      }
    }
    exchange.unwatch(channel, symbol);
    DoubleSummaryStatistics perSecond =
        rounds.stream().mapToDouble(Round::perSecond).summaryStatistics();
    DoubleSummaryStatistics perCpuSecond =
        rounds.stream().mapToDouble(Round::perCpuSecond).summaryStatistics();
    table.row(
        channel + " of " + id,
        readyNanos / 1e6,
        heapMib,
        perSecond.getMin(),
        perSecond.getMax(),
        perCpuSecond.getMin(),
        perCpuSecond.getMax(),
        seen.numbers / (double) seen.messages);
  }

  /** Messages per second, and per second of CPU time of the exchange's thread. */
  private record Round(double perSecond, double perCpuSecond) {}

  private static Round measure(Counting seen, Load load) throws InterruptedException {
    long messages = seen.messages;
    long cpuNanos = cpuNanos();
    long busyNanos = 0;
    while (busyNanos < LENGTH.window().toNanos()) {
      long begin = System.nanoTime();
      load.tell(BATCH);
      do {
        TimeUnit.MILLISECONDS.sleep(5);
      } while (seen.lastNanos < begin || System.nanoTime() - seen.lastNanos < QUIET_NANOS);
      busyNanos += seen.lastNanos - begin;
    }
    double read = seen.messages - messages;
    Round round = new Round(read / (busyNanos / 1e9), read / ((cpuNanos() - cpuNanos) / 1e9));
    System.out.printf(
        Locale.ROOT,
        "  messages: %,.0f per second, %,.0f per CPU second%n",
        round.perSecond,
        round.perCpuSecond);
    return round;
  }

  /** Of the exchange's threads alone. */
  private static long cpuNanos() {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long sum = 0;
    for (ThreadInfo thread : threads.getThreadInfo(threads.getAllThreadIds())) {
      if (thread != null && thread.getThreadName().startsWith("ccxt-test")) {
        sum += threads.getThreadCpuTime(thread.getThreadId());
      }
    }
    return sum;
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }

  private static final class Counting implements CcxtListener {

    private final CompletableFuture<CcxtAbilities> ready = new CompletableFuture<>();

    // Written by the exchange's thread.
    private volatile long messages;
    private volatile long numbers;
    private volatile long lastNanos;

    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    private void add(int read) {
      messages++;
      numbers += read;
      lastNanos = System.nanoTime();
    }

    @Override
    public void onReady(CcxtAbilities abilities) {
      ready.complete(abilities);
    }

    @Override
    public void onTrade(CcxtTrade trade) {
      add(1);
    }

    @Override
    public void onBook(CcxtBook book) {
      int[] levels = new int[1];
      book.bids().forEach((price, size) -> levels[0]++);
      book.asks().forEach((price, size) -> levels[0]++);
      add(levels[0]);
    }

    @Override
    public void onObservation(CcxtObservation observation) {
      add(1);
    }

    @Override
    public void onStreamStarted(Channel channel, String symbol) {}

    @Override
    public void onStreamStopped(Channel channel, String symbol, String reason) {
      System.out.printf("  stopped: %s%n", reason);
    }

    @Override
    public void onStreamError(Channel channel, String symbol, CcxtException error) {
      System.out.printf("  error: %s%n", error.getMessage());
    }

    @Override
    public void onMalformed(CcxtException error) {
      System.out.printf("  unreadable: %s%n", error.getMessage());
    }

    @Override
    public void onSocketOpened(String url, String egress) {}

    @Override
    public void onSocketClosed(String url, String reason) {}

    @Override
    public void onBroken(String reason) {
      ready.completeExceptionally(new IllegalStateException(reason));
    }

    @Override
    public void onUnavailable(String reason) {
      onBroken(reason);
    }
  }
}
