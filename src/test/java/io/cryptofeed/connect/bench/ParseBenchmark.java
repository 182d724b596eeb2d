package io.cryptofeed.connect.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.async.NonBlockingJsonParser;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.exchange.Captures;
import io.cryptofeed.connect.exchange.HandWrittenReader;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * What it costs to read the messages of a venue: by the reader that is compiled from its profile,
 * by one written by hand for the same venue, by the bare tokeniser that both use, and as a tree.
 *
 * <p>One invocation reads all messages once. The sets {@code *_capture} are recorded sessions and
 * need {@code -Dcaptures.dir}; {@code *_hot} are those of their messages that become events.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork
public class ParseBenchmark {

  private static final RunLength LENGTH = RunLength.configured(6, 10, Duration.ofSeconds(1));
  private static final long NOW = 1_700_000_000_000_000_000L;
  private static final int SYNTHETIC_MESSAGES = 2_000;

  @Param({
    "binance_capture",
    "binance_hot",
    "coinbase_capture",
    "coinbase_hot",
    "binance_synthetic",
    "coinbase_synthetic"
  })
  public String messages = "binance_synthetic";

  private List<byte[]> frames = List.of();
  private ExchangeSession session = unopened();
  private HandWrittenReader handWritten = HandWrittenReader.binance(List.of());
  private NonBlockingJsonParser bare = newParser();
  private final ObjectMapper trees = new ObjectMapper();
  private final Sum sum = new Sum();

  private static ExchangeSession unopened() {
    return Venues.builtIn().open("binance", VenueOptions.LIVE).openSession(List.of());
  }

  private static NonBlockingJsonParser newParser() {
    try {
      return (NonBlockingJsonParser) new JsonFactory().createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Prepares the messages and the readers. */
  @Setup
  public void prepare() throws Exception {
    MessageSet set = MessageSet.named(messages);
    frames = set.frames();
    session = set.exchange().openSession(set.instruments());
    handWritten =
        set.exchange().id().equals("binance")
            ? HandWrittenReader.binance(set.instruments())
            : HandWrittenReader.coinbase(set.instruments());
  }

  @Benchmark
  public long profile(Work work) {
    work.begin();
    for (byte[] frame : frames) {
      session.onMessage(frame, 0, frame.length, NOW, sum);
    }
    work.end(frames.size());
    return sum.total;
  }

  @Benchmark
  public long handWritten(Work work) {
    work.begin();
    for (byte[] frame : frames) {
      handWritten.onMessage(frame, 0, frame.length, NOW, sum);
    }
    work.end(frames.size());
    return sum.total;
  }

  @Benchmark
  public long bareTokens(Work work) throws IOException {
    work.begin();
    long tokens = 0;
    for (byte[] frame : frames) {
      bare.feedInput(frame, 0, frame.length);
      while (bare.nextToken() != JsonToken.NOT_AVAILABLE) {
        tokens++;
      }
    }
    work.end(frames.size());
    return tokens;
  }

  @Benchmark
  public long tree(Work work) throws IOException {
    work.begin();
    long fields = 0;
    for (byte[] frame : frames) {
      fields += trees.readTree(frame).size();
    }
    work.end(frames.size());
    return fields;
  }

  /** Counts processor time beside JMH's wall time, so that ratios hold on a busy machine too. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.EVENTS)
  public static class Work {

    public long messages;
    public long processorNanos;

    private final ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    private long begin;

    void begin() {
      begin = threads.getCurrentThreadCpuTime();
    }

    void end(int read) {
      processorNanos += threads.getCurrentThreadCpuTime() - begin;
      messages += read;
    }
  }

  /**
   * Runs the benchmark and prints messages per second of processor time, and ratios.
   *
   * @param args options of JMH
   */
  public static void main(String[] args) throws RunnerException, CommandLineOptionException {
    OptionsBuilder options = JmhRun.of(ParseBenchmark.class, LENGTH, args);
    options.jvmArgsAppend("-Xmx512m", "-Dcaptures.dir=" + System.getProperty("captures.dir", ""));
    if (Captures.folder().isEmpty()) {
      System.out.println("No recorded sessions: -Dcaptures.dir names no folder.");
      options.param("messages", "binance_synthetic", "coinbase_synthetic");
    }
    report(new Runner(options.build()).run());
  }

  private static void report(Collection<RunResult> results) {
    Map<String, Map<String, Double>> speeds = new TreeMap<>();
    for (RunResult result : results) {
      speeds
          .computeIfAbsent(result.getParams().getParam("messages"), set -> new TreeMap<>())
          .put(
              result.getPrimaryResult().getLabel(),
              1e9 * count(result, "messages") / count(result, "processorNanos"));
    }
    FigureTable table =
        new FigureTable("messages/s of CPU")
            .column("profile", 0)
            .column("hand", 0)
            .column("bare tokens", 0)
            .column("tree", 0)
            .column("profile/hand", 2)
            .column("profile/bare", 2)
            .column("profile/tree", 2);
    speeds.forEach(
        (set, speed) -> {
          double profile = speed.getOrDefault("profile", Double.NaN);
          double hand = speed.getOrDefault("handWritten", Double.NaN);
          double bare = speed.getOrDefault("bareTokens", Double.NaN);
          double tree = speed.getOrDefault("tree", Double.NaN);
          table.row(set, profile, hand, bare, tree, profile / hand, profile / bare, profile / tree);
        });
    table.print();
  }

  private static double count(RunResult result, String counter) {
    return Objects.requireNonNull(result.getSecondaryResults().get(counter)).getScore();
  }

  /** Messages of one venue, and the instruments that they are about. */
  record MessageSet(Exchange exchange, List<Instrument> instruments, List<byte[]> frames) {

    static MessageSet named(String name) {
      boolean binance = name.startsWith("binance");
      Exchange exchange =
          Venues.builtIn()
              .open(
                  binance ? "binance" : "coinbase",
                  new VenueOptions(false, null, null, binance ? "aggregate" : null, null, 0));
      if (name.endsWith("synthetic")) {
        return new MessageSet(exchange, List.of(synthetic(exchange)), synthetic(binance));
      }
      MessageSet recorded = recorded(exchange, binance);
      return name.endsWith("hot") ? recorded.thatBecomeEvents() : recorded;
    }

    private static MessageSet recorded(Exchange exchange, boolean binance) {
      try {
        return new MessageSet(
            exchange,
            exchange
                .readInstruments(
                    exchange.instrumentRequests().get(0),
                    Captures.firstAnswer(binance ? "BINANCE.0.gz" : "COINBASE.0.gz"))
                .instruments(),
            Captures.received(binance ? "BINANCE.ws.1.0.gz" : "COINBASE.ws.28.0.gz"));
      } catch (MalformedMessageException e) {
        throw new IllegalStateException(e);
      }
    }

    private MessageSet thatBecomeEvents() {
      ExchangeSession session = exchange.openSession(instruments);
      Sum sum = new Sum();
      List<byte[]> hot = new ArrayList<>();
      for (byte[] frame : frames) {
        long before = sum.events;
        session.onMessage(frame, 0, frame.length, NOW, sum);
        if (sum.events > before) {
          hot.add(frame);
        }
      }
      return new MessageSet(exchange, instruments, hot);
    }

    private static Instrument synthetic(Exchange exchange) {
      String symbol = exchange.id().equals("binance") ? "BTCUSDT" : "BTC-USD";
      return new Instrument(
          exchange.id(), MarketType.SPOT, "BTC-USD", symbol, "BTC", "USD", null, null, true);
    }

    private static List<byte[]> synthetic(boolean binance) {
      Random random = new Random(7);
      List<byte[]> frames = new ArrayList<>();
      for (int i = 0; i < SYNTHETIC_MESSAGES; i++) {
        boolean trade = i % 3 == 0;
        String frame =
            binance
                ? trade ? binanceTrade(random, i) : binanceDepth(random, i)
                : trade ? coinbaseMatch(random, i) : coinbaseUpdate(random);
        frames.add(frame.getBytes(StandardCharsets.UTF_8));
      }
      return frames;
    }

    private static String binanceTrade(Random random, int i) {
      return String.format(
          Locale.ROOT,
          "{\"stream\":\"btcusdt@aggTrade\",\"data\":{\"e\":\"aggTrade\",\"E\":%d,\"s\":\"BTCUSDT\","
              + "\"a\":%d,\"p\":\"%d.%08d\",\"q\":\"0.%08d\",\"f\":%d,\"l\":%d,\"T\":%d,\"m\":%b,\"M\":true}}",
          1_700_000_000_000L + i,
          3_000_000_000L + i,
          60_000 + random.nextInt(5_000),
          random.nextInt(100) * 1_000_000,
          random.nextInt(100_000_000),
          4_000_000_000L + 2L * i,
          4_000_000_001L + 2L * i,
          1_700_000_000_000L + i,
          random.nextBoolean());
    }

    private static String binanceDepth(Random random, int i) {
      return String.format(
          Locale.ROOT,
          "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":%d,"
              + "\"s\":\"BTCUSDT\",\"U\":%d,\"u\":%d,\"b\":%s,\"a\":%s}}",
          1_700_000_000_000L + i,
          50_000_000_000L + 10L * i,
          50_000_000_009L + 10L * i,
          binanceLevels(random),
          binanceLevels(random));
    }

    private static String binanceLevels(Random random) {
      List<String> levels = new ArrayList<>();
      for (int level = random.nextInt(20); level > 0; level--) {
        levels.add(
            String.format(
                Locale.ROOT,
                "[\"%d.%02d000000\",\"%d.%08d\"]",
                60_000 + random.nextInt(5_000),
                random.nextInt(100),
                random.nextInt(10),
                random.nextInt(100_000_000)));
      }
      return "[" + String.join(",", levels) + "]";
    }

    private static String coinbaseMatch(Random random, int i) {
      return String.format(
          Locale.ROOT,
          "{\"type\":\"match\",\"trade_id\":%d,\"maker_order_id\":\"%016x\",\"taker_order_id\":\"%016x\","
              + "\"side\":\"%s\",\"size\":\"0.%08d\",\"price\":\"%d.%02d\",\"product_id\":\"BTC-USD\","
              + "\"sequence\":%d,\"time\":\"2026-08-25T03:35:57.%06dZ\"}",
          1_081_862_675L + i,
          random.nextLong(),
          random.nextLong(),
          random.nextBoolean() ? "buy" : "sell",
          random.nextInt(100_000_000),
          60_000 + random.nextInt(5_000),
          random.nextInt(100),
          134_905_860_111L + i,
          random.nextInt(1_000_000));
    }

    private static String coinbaseUpdate(Random random) {
      List<String> changes = new ArrayList<>();
      for (int change = 1 + random.nextInt(6); change > 0; change--) {
        changes.add(
            String.format(
                Locale.ROOT,
                "[\"%s\",\"%d.%02d\",\"%d.%08d\"]",
                random.nextBoolean() ? "buy" : "sell",
                60_000 + random.nextInt(5_000),
                random.nextInt(100),
                random.nextInt(10),
                random.nextInt(100_000_000)));
      }
      return String.format(
          Locale.ROOT,
          "{\"type\":\"l2update\",\"product_id\":\"BTC-USD\",\"changes\":[%s],"
              + "\"time\":\"2026-08-25T03:35:57.%06dZ\"}",
          String.join(",", changes),
          random.nextInt(1_000_000));
    }
  }

  /** Looks at every field of every event, so that no reader gets away with less. */
  private static final class Sum implements SessionListener {

    private long total;
    private long events;

    @Override
    public void onTrade(Trade trade) {
      events++;
      total += trade.sequence() + trade.id().length() + trade.eventNs() + trade.side().ordinal();
      add(trade.numbers());
    }

    @Override
    public void onBook(BookUpdate update) {
      events++;
      total += update.sequence() + update.eventNs();
      add(update.bidPrices());
      add(update.bidSizes());
      add(update.askPrices());
      add(update.askSizes());
    }

    @Override
    public void onObservation(Observation observation) {
      events++;
      for (int field = 0; field < observation.layout().fields().size(); field++) {
        add(observation.decimal(field));
      }
    }

    @Override
    public void onConnectionGap(long expected, long found) {
      total++;
    }

    @Override
    public void onNotice(String text) {
      total++;
    }

    private void add(DecimalColumn column) {
      for (int i = 0; i < column.size(); i++) {
        total = 31 * total + column.unscaled(i) + column.scale(i);
      }
    }

    @Override
    public void onHeartbeat(Instrument instrument, long lastTradeSequence) {
      total += lastTradeSequence;
    }

    @Override
    public void onSubscribed(MarketStream stream) {
      total++;
    }

    @Override
    public void onRefused(List<MarketStream> streams, String reason) {
      total++;
    }

    @Override
    public void onReply(String frame) {
      total++;
    }

    @Override
    public void onReconnectRequested(String reason) {
      total++;
    }

    @Override
    public void onVenueError(String reason) {
      total++;
    }

    @Override
    public void onUnknown() {
      total++;
    }

    @Override
    public void onMalformed(
        @Nullable Instrument instrument, @Nullable Channel channel, String reason) {
      throw new IllegalStateException(reason);
    }
  }
}
