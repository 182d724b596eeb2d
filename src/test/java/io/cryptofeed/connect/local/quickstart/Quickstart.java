package io.cryptofeed.connect.local.quickstart;

import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.ConnectorStatus;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.LoopbackPort;
import io.cryptofeed.connect.local.StackOptions;
import io.cryptofeed.connect.local.TopicSchemas;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Starts the local stack, a SOCKS5 proxy and two exchanges, posts {@code
 * connector-config/quickstart.json}, and shows what arrives in Kafka until Ctrl-C, or for {@code
 * quickstart.seconds} after every topic has received a record.
 *
 * <p>Ends with status 0 only if the trades and the books of both exchanges arrived and every
 * connection went through the proxy.
 */
public final class Quickstart {

  private static final List<String> EXCHANGES = List.of("binance", "coinbase");
  private static final String PROXY_USER = "quickstart";
  private static final String PROXY_PASSWORD = "only-for-this-machine";
  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final int FAILED = 1;

  private final QuickstartOptions options;
  private final PrintStream out;
  private final Thread runner = Thread.currentThread();
  private volatile boolean interrupted;

  private Quickstart(QuickstartOptions options, PrintStream out) {
    this.options = options;
    this.out = out;
  }

  /** Takes no arguments; {@link QuickstartOptions} names the system properties. */
  public static void main(String[] arguments) {
    PrintStream out = System.out;
    Quickstart quickstart = new Quickstart(QuickstartOptions.ofSystemProperties(), out);
    Thread onInterrupt = new Thread(quickstart::interrupt, "quickstart-interrupt");
    Runtime.getRuntime().addShutdownHook(onInterrupt);
    List<String> failures = quickstart.run();
    if (quickstart.interrupted) {
      return;
    }
    Runtime.getRuntime().removeShutdownHook(onInterrupt);
    if (failures.isEmpty()) {
      out.println("OK: trades and books of both exchanges arrived, all through the proxy");
    }
    failures.forEach(failure -> out.println("FAILED: " + failure));
    System.exit(failures.isEmpty() ? 0 : FAILED);
  }

  /** Runs when the JVM is interrupted: first lets everything stop in order. */
  private void interrupt() {
    interrupted = true;
    try {
      runner.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> run() {
    try (LocalSocksProxy proxy =
            new LocalSocksProxy()
                .onPort(LoopbackPort.of("stack.proxy.port"))
                .withCredentials(PROXY_USER, PROXY_PASSWORD)
                .start();
        Exchanges exchanges = options.live() ? Exchanges.live() : Exchanges.simulated(proxy);
        LocalStack stack = LocalStack.start(stackOptions(exchanges.certificates()))) {
      List<String> failures = stream(stack, proxy, exchanges);
      out.println("stopping");
      return failures;
    } catch (RuntimeException e) {
      return interrupted ? List.of() : List.of(String.valueOf(e.getMessage()));
    }
  }

  private StackOptions stackOptions(@Nullable LocalCertificates trusted) {
    StackOptions stack =
        StackOptions.ofBuild()
            .withProgress(line -> out.println("  " + line))
            .withWorkerEnvironment("PROXY_USER", PROXY_USER)
            .withWorkerEnvironment("PROXY_PASSWORD", PROXY_PASSWORD);
    return trusted == null ? stack : stack.withTrust(trusted);
  }

  private List<String> stream(LocalStack stack, LocalSocksProxy proxy, Exchanges exchanges) {
    ConnectorFile connector = connector(stack, proxy, exchanges);
    List<String> topics = registerSchemas(stack.topicSchemas(), connector.config());
    out.println("  connector: posting " + options.connectorFile());
    stack.connect().put(connector.name(), connector.config());
    stack.connect().awaitRunning(connector.name(), START_LIMIT);
    out.println("  connector: running");
    out.println();
    out.println("Connect REST API   " + stack.connect().url() + "/connectors/" + connector.name());
    out.println("schema registry    " + stack.registry().url() + "/subjects");
    out.println("Kafka              " + stack.broker().bootstrapServers());
    out.println(
        "SOCKS5 proxy       " + proxyUrl(proxy) + (options.live() ? " (live exchanges)" : ""));
    out.println("logs               " + stack.directory());

    MarketView view = new MarketView(topics);
    try (AvroTopicReader reader = stack.reader(topics.toArray(String[]::new))) {
      show(view, reader, stack, connector.name(), proxy);
    }
    return Verdict.failures(
        view.records(), proxy.tunnelsRequested(), EXCHANGES, exchanges.bypasses());
  }

  private ConnectorFile connector(LocalStack stack, LocalSocksProxy proxy, Exchanges exchanges) {
    Map<String, String> placeholders = new HashMap<>(exchanges.placeholders());
    placeholders.put("SCHEMA_REGISTRY_URL", stack.registry().url().toString());
    placeholders.put("PROXY_URL", proxyUrl(proxy));
    return ConnectorFile.read(options.connectorFile(), placeholders);
  }

  private static String proxyUrl(LocalSocksProxy proxy) {
    return "socks5h://127.0.0.1:" + proxy.port();
  }

  /** Returns the topics of trades and books. */
  private static List<String> registerSchemas(TopicSchemas registry, Map<String, String> config) {
    RecordSchemas schemas = RecordSchemas.of(DecimalMode.PRECISE);
    List<String> topics = new ArrayList<>();
    for (String exchange : EXCHANGES) {
      Map<String, Schema> channels =
          Map.of(
              "trades", schemas.trade(),
              "l2_book", schemas.book(),
              "feed_status", schemas.feedStatus());
      String prefix = config.get("topic.prefix") + "." + exchange + ".";
      channels.forEach(
          (channel, schema) -> registry.register(prefix + channel, List.of(schema), config));
      topics.add(prefix + "trades");
      topics.add(prefix + "l2_book");
    }
    return topics;
  }

  private void show(
      MarketView view,
      AvroTopicReader reader,
      LocalStack stack,
      String connector,
      LocalSocksProxy proxy) {
    Dashboard dashboard = new Dashboard(out, System.console());
    Instant start = Instant.now();
    Instant end = options.end(start.plus(START_LIMIT));
    boolean complete = false;
    while (!interrupted && Instant.now().isBefore(end)) {
      reader.poll().forEach(record -> view.accept(record, epochNanos()));
      if (!complete && view.isComplete()) {
        complete = true;
        end = options.end(Instant.now());
      }
      if (dashboard.isDue()) {
        dashboard.print(view, proxy, state(stack, connector));
      }
    }
    if (!interrupted) {
      dashboard.print(view, proxy, state(stack, connector));
    }
  }

  private static String state(LocalStack stack, String connector) {
    ConnectorStatus status = stack.connect().status(connector);
    if (status.trace() != null) {
      throw new IllegalStateException("connector " + connector + " failed: " + status.trace());
    }
    return "connector " + connector + " " + status.state() + ", tasks " + status.taskStates();
  }

  private static long epochNanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }
}
