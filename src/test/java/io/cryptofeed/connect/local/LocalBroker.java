package io.cryptofeed.connect.local;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * A Kafka broker that is its own controller. Using a topic does not create it, so that a missing
 * topic is noticed.
 */
public final class LocalBroker implements AutoCloseable {

  private static final String CONTROLLER = "CONTROLLER";

  private final int port;
  private final ChildProcess process;

  private LocalBroker(int port, ChildProcess process) {
    this.port = port;
    this.process = process;
  }

  /** Starts the JVM and returns before the broker is ready. */
  static LocalBroker start(RunDirectory run, StackOptions options) {
    int port = LoopbackPort.of("stack.broker.port");
    int controllerPort = LoopbackPort.free();
    String listener = "PLAINTEXT://127.0.0.1:" + port;
    Map<String, String> properties =
        Map.ofEntries(
            Map.entry("process.roles", "broker,controller"),
            Map.entry("node.id", "1"),
            Map.entry("controller.quorum.voters", "1@127.0.0.1:" + controllerPort),
            Map.entry("controller.listener.names", CONTROLLER),
            Map.entry("listeners", listener + "," + CONTROLLER + "://127.0.0.1:" + controllerPort),
            Map.entry("advertised.listeners", listener),
            Map.entry(
                "listener.security.protocol.map",
                "PLAINTEXT:PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
            Map.entry("log.dirs", run.data().toString()),
            Map.entry("auto.create.topics.enable", "false"),
            // Records of replayed sessions are older than the broker's retention, which uses their
            // own time.
            Map.entry("log.retention.ms", "-1"),
            Map.entry("group.initial.rebalance.delay.ms", "0"),
            // Short, so that a test soon sees that a worker was killed.
            Map.entry("group.min.session.timeout.ms", "1000"),
            Map.entry("offsets.topic.num.partitions", "1"),
            Map.entry("offsets.topic.replication.factor", "1"),
            Map.entry("transaction.state.log.num.partitions", "1"),
            Map.entry("transaction.state.log.replication.factor", "1"),
            Map.entry("transaction.state.log.min.isr", "1"),
            Map.entry("transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000"),
            Map.entry("share.coordinator.state.topic.num.partitions", "1"),
            Map.entry("share.coordinator.state.topic.replication.factor", "1"),
            Map.entry("share.coordinator.state.topic.min.isr", "1"),
            // The default takes a third of this heap for a log cleaner that has nothing to do.
            Map.entry("log.cleaner.dedupe.buffer.size", "8388608"));
    return new LocalBroker(
        port,
        ChildProcess.start(
            "broker",
            run,
            options.brokerJvmOptions(),
            List.of(options.libraries()),
            Map.of(),
            BrokerMain.class.getName(),
            run.writeProperties("broker.properties", properties).toString()));
  }

  /** Waits until clients can use it. */
  void awaitReady(Consumer<String> progress) {
    try (Admin admin =
        Admin.create(Map.of(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG, bootstrapServers()))) {
      DescribeClusterOptions limited = new DescribeClusterOptions().timeoutMs(2_000);
      process.awaitReady(() -> !admin.describeCluster(limited).nodes().get().isEmpty(), progress);
    }
  }

  /** {@code host:port}, for clients. */
  public String bootstrapServers() {
    return "127.0.0.1:" + port;
  }

  /** The id of the broker's process. */
  public long pid() {
    return process.pid();
  }

  /** Shuts the broker down normally. */
  @Override
  public void close() {
    process.close();
  }
}
