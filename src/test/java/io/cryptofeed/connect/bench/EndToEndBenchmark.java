package io.cryptofeed.connect.bench;

import io.cryptofeed.connect.bench.memory.MemorySourceConnector;
import io.cryptofeed.connect.local.ConnectRest;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.PluginJar;
import io.cryptofeed.connect.local.StackOptions;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.RecordWriter;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Records per second from a simulated exchange through the connector into Kafka, beside what the
 * same worker carries when the same records lie ready in its memory: the ceiling. Windows of the
 * two alternate, so that whatever else the machine does falls on both; the first of each warm the
 * worker up and do not count.
 *
 * <p>One task, one partition for each topic, Avro with exact decimals, at least once. The exchange
 * sends as fast as the connector reads, so its latency is that of full buffers.
 */
public final class EndToEndBenchmark {

  private static final RunLength LENGTH = RunLength.configured(3, 1, Duration.ofSeconds(8));
  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final LocalStack stack;
  private final BinanceSimulator exchange;

  private EndToEndBenchmark(LocalStack stack, BinanceSimulator exchange) {
    this.stack = stack;
    this.exchange = exchange;
  }

  /**
   * What is sent.
   *
   * @param channels that the connector subscribes
   * @param ordersPerBookMessage of the simulator; 0 for trades alone
   */
  private record Load(String name, String channels, int ordersPerBookMessage) {
    boolean withBooks() {
      return ordersPerBookMessage > 0;
    }
  }

  /** Takes no arguments; see {@link RunLength}. */
  public static void main(String[] arguments) {
    StackOptions options =
        StackOptions.ofBuild()
            .withBrokerJvmOptions("-Xmx1g", "-XX:+UseG1GC")
            .withWorkerJvmOptions("-Xmx1g", "-XX:+UseG1GC")
            .withPlugin(
                new PluginJar(
                    "memory",
                    MemorySourceConnector.class,
                    List.of(
                        MemorySourceConnector.class,
                        Trade.class,
                        RecordWriter.class,
                        RecordSchemas.class)))
            .withProgress(line -> System.out.println("  " + line));
    try (LocalStack stack = LocalStack.start(options);
        BinanceSimulator exchange =
            BinanceSimulator.start(SimulatorOptions.builder().keepHistory(false).build())) {
      EndToEndBenchmark benchmark = new EndToEndBenchmark(stack, exchange);
      FigureTable table = table();
      benchmark.measure(new Load("trades", "trades", 0), table);
      benchmark.measure(new Load("trades-and-books", "trades, l2_book", 1), table);
      table.print();
    }
    System.exit(0);
  }

  private static FigureTable table() {
    return new FigureTable("medians of the rounds")
        .column("records/s", 0)
        .column("ceiling's", 0)
        .column("of ceiling", 2)
        .column("worker us per record", 2)
        .column("ceiling's us", 2)
        .column("x ceiling", 2)
        .column("broker us", 2)
        .column("event to Kafka p50 ms", 0)
        .column("p99 ms", 0);
  }

  private void measure(Load load, FigureTable table) {
    String ceiling = "ceiling-" + load.name();
    String connector = "connector-" + load.name();
    create(ceiling, ceilingConfig(ceiling, load));
    create(connector, connectorConfig(connector, load));
    exchange.firehose(load.ordersPerBookMessage());
    List<Window> ceilings = new ArrayList<>();
    List<Window> connectors = new ArrayList<>();
    System.out.printf(
        Locale.ROOT,
        "%n%s: %d rounds of %.1f s%n",
        load.name(),
        LENGTH.rounds(),
        LENGTH.window().toMillis() / 1e3);
    for (int round = -LENGTH.warmUps(); round < LENGTH.rounds(); round++) {
      Window fromMemory = run(ceiling, load);
      System.out.printf("  %-12s %s%n", "ceiling", fromMemory.rate());
      Window fromExchange = run(connector, load);
      System.out.printf(
          "  %-12s %s; %s%n", "connector", fromExchange.rate(), fromExchange.latency());
      if (round >= 0) {
        ceilings.add(fromMemory);
        connectors.add(fromExchange);
      }
    }
    exchange.pauseTrading();
    report(load, Window.median(connectors), Window.median(ceilings), table);
    stack.connect().delete(ceiling);
    stack.connect().delete(connector);
  }

  /** Creates it, sees that it runs, and stops it until its first window. */
  private void create(String name, Map<String, String> config) {
    ConnectRest connect = stack.connect();
    connect.put(name, config);
    connect.awaitRunning(name, LIMIT);
    stop(name);
  }

  private void stop(String name) {
    stack.connect().stop(name);
    stack.connect().awaitState(name, "STOPPED", LIMIT);
  }

  private Window run(String name, Load load) {
    stack.connect().resume(name);
    stack.connect().awaitRunning(name, LIMIT);
    try (Meter meter = new Meter(stack, topics(name, load))) {
      meter.awaitRecords(LIMIT);
      meter.measure(LENGTH.window().dividedBy(2));
      return meter.measure(LENGTH.window());
    } finally {
      stop(name);
    }
  }

  private static void report(Load load, Window connector, Window ceiling, FigureTable table) {
    table.row(
        load.name(),
        connector.recordsPerSecond(),
        ceiling.recordsPerSecond(),
        connector.recordsPerSecond() / ceiling.recordsPerSecond(),
        connector.workerMicrosPerRecord(),
        ceiling.workerMicrosPerRecord(),
        connector.workerMicrosPerRecord() / ceiling.workerMicrosPerRecord(),
        connector.brokerMicrosPerRecord(),
        connector.latencyP50Ms(),
        connector.latencyP99Ms());
  }

  private static List<String> topics(String prefix, Load load) {
    List<String> topics = new ArrayList<>(List.of(prefix + ".binance.trades"));
    if (load.withBooks()) {
      topics.add(prefix + ".binance.l2_book");
    }
    return topics;
  }

  private Map<String, String> ceilingConfig(String name, Load load) {
    Map<String, String> config = commonConfig();
    config.put("connector.class", MemorySourceConnector.class.getName());
    config.put(MemorySourceConnector.TOPIC_PREFIX, name);
    config.put(MemorySourceConnector.WITH_BOOKS, String.valueOf(load.withBooks()));
    return config;
  }

  private Map<String, String> connectorConfig(String name, Load load) {
    Map<String, String> config = commonConfig();
    config.put("connector.class", "io.cryptofeed.connect.CryptofeedSourceConnector");
    config.put("exchanges", "binance");
    config.put("symbols", "BTC-USDT, ETH-USDT");
    config.put("channels", load.channels());
    config.put("topic.prefix", name);
    config.put("exchange.binance.websocket.url", "ws://127.0.0.1:" + exchange.port() + "/stream");
    config.put("exchange.binance.rest.url", "http://127.0.0.1:" + exchange.port());
    // The simulator remembers no trades, so those between two windows cannot be requested.
    config.put("backfill.enabled", "false");
    return config;
  }

  private Map<String, String> commonConfig() {
    Map<String, String> config = new TreeMap<>();
    config.put("tasks.max", "1");
    config.put("value.converter", "io.confluent.connect.avro.AvroConverter");
    config.put("value.converter.schema.registry.url", stack.registry().url().toString());
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.max.message.bytes", "16777216");
    // The broker's own time in each record tells when it was in Kafka.
    config.put("topic.creation.default.message.timestamp.type", "LogAppendTime");
    config.put("producer.override.enable.idempotence", "true");
    config.put("producer.override.compression.type", "lz4");
    config.put("producer.override.linger.ms", "10");
    config.put("producer.override.batch.size", "262144");
    config.put("producer.override.max.request.size", "16777216");
    return config;
  }
}
