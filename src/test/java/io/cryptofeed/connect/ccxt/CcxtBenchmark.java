package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.local.venue.BinanceSimulator;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What an exchange of CCXT takes: its start, its memory, and how many trades and book messages it
 * reads per second and per second of CPU time of its own thread. The simulator takes the other
 * core; on a machine that does something else besides, the figure per CPU second is the one to
 * read.
 *
 * <p>Run with {@code mvn -Pccxt test-compile exec:exec@ccxt-bench}.
 */
public final class CcxtBenchmark {

  private static final int ROUNDS = 8;
  private static final int SECONDS = 5;
  private static final double TRADES_PER_SECOND = 16_000;
  private static final double LEVELS_PER_SECOND = 60_000;
  private static final String SYMBOL = "BTC/USDT";

  private final LongAdder messages = new LongAdder();
  private final LongAdder levels = new LongAdder();
  private final CompletableFuture<CcxtAbilities> ready = new CompletableFuture<>();

  private CcxtBenchmark() {}

  /** Prints all of it. */
  public static void main(String[] arguments) throws Exception {
    new CcxtBenchmark().run(CcxtChannel.TRADES, TRADES_PER_SECOND, 1);
    new CcxtBenchmark().run(CcxtChannel.BOOK, 1, LEVELS_PER_SECOND);
  }

  private void run(CcxtChannel channel, double trades, double changes) throws Exception {
    SimulatorOptions options =
        SimulatorOptions.builder()
            .symbols("BTC-USDT")
            .tradesPerSecond(trades)
            .bookChangesPerSecond(changes)
            .bookInterval(Duration.ofMillis(1))
            .keepHistory(false)
            .build();
    long before = used();
    try (BinanceSimulator venue = BinanceSimulator.start(options);
        CcxtWorld world = new CcxtWorld()) {
      long start = System.nanoTime();
      CcxtExchange exchange = world.start(at(venue.port()), new Counting());
      ready.get(2, TimeUnit.MINUTES);
      System.out.printf(
          "%s: ready after %d ms, ",
          channel, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
      CcxtWorld.await(exchange.loadMarkets());
      System.out.printf("%d MiB of heap%n", (used() - before) >> 20);
      exchange.watch(channel, SYMBOL);
      for (int round = 0; round < ROUNDS; round++) {
        measure();
      }
      exchange.close();
    }
  }

  private static CcxtOptions at(int port) {
    return CcxtWorld.options(
        "binance",
        CcxtBinanceTest.SPOT_ONLY,
        Map.of(
            "https://api.binance.com", "http://127.0.0.1:" + port,
            "wss://stream.binance.com:9443", "ws://127.0.0.1:" + port));
  }

  private void measure() throws InterruptedException {
    long messagesBefore = messages.sum();
    long levelsBefore = levels.sum();
    long cpuBefore = cpuNs();
    TimeUnit.SECONDS.sleep(SECONDS);
    double cpuSeconds = (cpuNs() - cpuBefore) / 1e9;
    double read = messages.sum() - messagesBefore;
    System.out.printf(
        "  %,.0f per second, %,.0f per CPU second; levels: %,.0f per second%n",
        read / SECONDS, read / cpuSeconds, (levels.sum() - levelsBefore) / (double) SECONDS);
  }

  /** Of the exchange's threads alone. */
  private static long cpuNs() {
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

  private final class Counting implements CcxtListener {

    @Override
    public void onReady(CcxtAbilities abilities) {
      ready.complete(abilities);
    }

    @Override
    public void onTrade(CcxtTrade trade) {
      messages.increment();
    }

    @Override
    public void onBook(CcxtBook book) {
      messages.increment();
      book.bids().forEach((price, size) -> levels.increment());
      book.asks().forEach((price, size) -> levels.increment());
    }

    @Override
    public void onQuote(CcxtQuote quote) {
      messages.increment();
    }

    @Override
    public void onStreamStarted(CcxtChannel channel, String symbol) {}

    @Override
    public void onStreamStopped(CcxtChannel channel, String symbol, String reason) {
      System.out.printf("  stopped: %s%n", reason);
    }

    @Override
    public void onStreamError(CcxtChannel channel, String symbol, CcxtException error) {
      System.out.printf("  error: %s%n", error.getMessage());
    }

    @Override
    public void onUnreadable(CcxtException error) {
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
