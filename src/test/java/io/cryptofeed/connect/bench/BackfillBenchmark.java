package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.MarketListener;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.provider.venue.Subscription;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.task.Feeds;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * What the live stream feels of a backfill. A simulated Coinbase trades ten products; one of them
 * lacks trades, which come out of the history while the others go on. The age of the other
 * products' live trades, from the exchange's stamp (in microseconds) to the listener, is compared
 * with that of windows without a backfill, which alternate with those in one run.
 *
 * <p>Exchange and feed share the machine and the process, so both ages include what the exchange
 * costs.
 */
public final class BackfillBenchmark {

  private static final RunLength LENGTH = RunLength.configured(3, 1, Duration.ofSeconds(10));
  private static final int PRODUCTS = 10;
  private static final double TRADES_PER_SECOND = 1_000;

  /** As many as the history gives within a window: ten pages of a thousand trades per second. */
  private static final int MISSING = (int) (10 * LENGTH.window().toMillis());

  private static final String BEHIND = "A0-USD";

  private final CoinbaseSimulator exchange;

  private BackfillBenchmark(CoinbaseSimulator exchange) {
    this.exchange = exchange;
  }

  /** Takes no arguments; see {@link RunLength}. */
  public static void main(String[] arguments) throws InterruptedException {
    String[] symbols = new String[PRODUCTS];
    Arrays.setAll(symbols, i -> "A" + i + "-USD");
    SimulatorOptions options =
        SimulatorOptions.builder()
            .symbols(symbols)
            .tradesPerSecond(TRADES_PER_SECOND)
            .bookChangesPerSecond(0)
            .build();
    try (CoinbaseSimulator exchange = CoinbaseSimulator.start(options)) {
      while (exchange.tradeCount(BEHIND) <= MISSING) {
        exchange.trade(BEHIND, 10_000);
      }
      new BackfillBenchmark(exchange).run(List.of(symbols));
    }
    System.exit(0);
  }

  private void run(List<String> symbols) throws InterruptedException {
    System.out.printf(
        Locale.ROOT,
        "%d products, %,.0f trades/s each, one of them %,d trades behind%n",
        PRODUCTS,
        TRADES_PER_SECOND,
        MISSING);
    for (int round = 0; round < LENGTH.warmUps(); round++) {
      measure(symbols, true);
    }
    List<double[]> idle = new ArrayList<>();
    List<double[]> busy = new ArrayList<>();
    for (int round = 0; round < LENGTH.rounds(); round++) {
      idle.add(measure(symbols, false));
      busy.add(measure(symbols, true));
    }
    FigureTable table =
        new FigureTable("age of live trades, medians of the rounds")
            .column("p50 ms", 2)
            .column("p99 ms", 2)
            .column("p99 x idle", 2);
    double idleP99 = median(idle, 1);
    double busyP99 = median(busy, 1);
    table.row("idle", median(idle, 0), idleP99, 1);
    table.row("during a backfill", median(busy, 0), busyP99, busyP99 / idleP99);
    table.print();
  }

  private double[] measure(List<String> symbols, boolean behind) throws InterruptedException {
    List<TradeTruth> truth = exchange.trades(BEHIND);
    TradeTruth last = truth.get(truth.size() - 1 - MISSING);
    LastTrade kept = new LastTrade(Long.toString(last.id()), last.id(), now());
    ResumePoints resume = instrument -> behind && instrument.symbol().equals(BEHIND) ? kept : null;
    Listener listener = new Listener(last.id() + MISSING);
    try (Feeds feeds =
        new Feeds(
            List.of(
                new Subscription(
                    exchange(),
                    Set.of(Channel.TRADES),
                    symbols,
                    "symbols",
                    List.of(),
                    UnlistedSymbols.FAIL,
                    Duration.ZERO)),
            List.of(),
            new ProxyInjector(ProxySettings.disabled()),
            listener,
            BookOptions.ALL,
            BackfillOptions.DEFAULT,
            resume,
            error -> {
              throw error;
            },
            "backfill-benchmark")) {
      long start = System.nanoTime();
      feeds.start();
      if (behind) {
        listener.complete.await();
      } else {
        listener.awaitLive();
        TimeUnit.NANOSECONDS.sleep(LENGTH.window().toNanos() / 3);
        listener.reset();
        start = System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(LENGTH.window().toNanos());
      }
      listener.awaitLive();
      double seconds = (System.nanoTime() - start) / 1e9;
      double[] quantiles = listener.quantilesMs();
      System.out.printf(
          Locale.ROOT,
          "  %-9s %5.1f s, %,7.0f live/s, %,7d from history; live p50 %.2f ms, p99 %.2f ms%n",
          behind ? "backfill" : "idle",
          seconds,
          listener.live.sum() / seconds,
          listener.past.sum(),
          quantiles[0],
          quantiles[1]);
      return quantiles;
    }
  }

  private Exchange exchange() {
    return Venues.builtIn()
        .open(
            "coinbase",
            new VenueOptions(
                false,
                URI.create("ws://127.0.0.1:" + exchange.port()),
                URI.create("http://127.0.0.1:" + exchange.port()),
                null,
                null,
                0));
  }

  private static double median(List<double[]> quantiles, int which) {
    double[] sorted = quantiles.stream().mapToDouble(each -> each[which]).sorted().toArray();
    return sorted[sorted.length / 2];
  }

  private static long now() {
    Instant now = Instant.now();
    return TimeUnit.SECONDS.toNanos(now.getEpochSecond()) + now.getNano();
  }

  /** Takes the age of the live trades of those that lack none. */
  private static final class Listener implements MarketListener {

    private final CountDownLatch complete = new CountDownLatch(1);
    private final LongAdder live = new LongAdder();
    private final LongAdder past = new LongAdder();
    private final long wanted;
    private long[] ages = new long[1 << 16];
    private int count;

    private Listener(long wanted) {
      this.wanted = wanted;
    }

    @Override
    public void onTrade(Trade trade) {
      if (trade.instrument().symbol().equals(BEHIND)) {
        if (trade.origin() == Origin.BACKFILL) {
          past.increment();
        }
        if (trade.sequence() >= wanted) {
          complete.countDown();
        }
      } else {
        live.increment();
        take(now() - trade.eventNs());
      }
    }

    private synchronized void take(long age) {
      if (count == ages.length) {
        ages = Arrays.copyOf(ages, 2 * count);
      }
      ages[count++] = age;
      notifyAll();
    }

    /** Waits for a live trade, unless there was one. */
    private synchronized void awaitLive() throws InterruptedException {
      while (count == 0) {
        wait();
      }
    }

    private synchronized void reset() {
      count = 0;
      live.reset();
    }

    private synchronized double[] quantilesMs() {
      long[] sorted = Arrays.copyOf(ages, count);
      Arrays.sort(sorted);
      return new double[] {sorted[count / 2] / 1e6, sorted[(int) (count * 0.99)] / 1e6};
    }

    @Override
    public void onBook(BookUpdate update) {}

    @Override
    public void onObservation(Observation observation) {}

    @Override
    public void onBookSnapshot(BookUpdate snapshot) {}

    @Override
    public void onFeedStatus(FeedStatus status) {}
  }
}
