package io.cryptofeed.connect.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A distributed Connect worker. Its class path has only Kafka: the connector comes from the
 * unpacked component zip and the Avro converter from a directory of its own, both on {@code
 * plugin.path}.
 */
public final class LocalWorker implements AutoCloseable {

  private static final String TRUST_STORE_PASSWORD = "local-stack";

  private final String id;
  private final ConnectRest rest;
  private final ChildProcess process;

  private LocalWorker(String id, ConnectRest rest, ChildProcess process) {
    this.id = id;
    this.rest = rest;
    this.process = process;
  }

  /**
   * Starts the JVM and returns before the worker is ready.
   *
   * @param id distinguishes the files of the workers of one group
   */
  static LocalWorker start(
      String id, RunDirectory run, StackOptions options, String bootstrapServers, int port) {
    List<Path> pluginPath = new ArrayList<>(List.of(run.plugins(), options.converterPlugins()));
    Map<String, String> properties = new TreeMap<>();
    properties.put("bootstrap.servers", bootstrapServers);
    properties.put("group.id", "local-connect");
    properties.put("listeners", "http://127.0.0.1:" + port);
    properties.put("rest.advertised.host.name", "127.0.0.1");
    properties.put(
        "plugin.path", pluginPath.stream().map(Path::toString).collect(Collectors.joining(",")));
    properties.put("plugin.discovery", "service_load");
    for (String topic : List.of("config", "offset", "status")) {
      properties.put(topic + ".storage.topic", "_connect-" + topic + "s");
      properties.put(topic + ".storage.replication.factor", "1");
    }
    properties.put("offset.storage.partitions", "1");
    properties.put("status.storage.partitions", "1");
    properties.put("offset.flush.interval.ms", "1000");
    properties.put("exactly.once.source.support", "disabled");
    // The tasks of a killed worker move after seconds; the default is five minutes.
    properties.put("session.timeout.ms", "6000");
    properties.put("heartbeat.interval.ms", "1000");
    properties.put("scheduled.rebalance.max.delay.ms", "0");
    properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    properties.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    properties.put("config.providers", "file,dir,env");
    String providers = "org.apache.kafka.common.config.provider.";
    properties.put("config.providers.file.class", providers + "FileConfigProvider");
    properties.put("config.providers.file.param.allowed.paths", run.secrets().toString());
    properties.put("config.providers.dir.class", providers + "DirectoryConfigProvider");
    properties.put("config.providers.dir.param.allowed.paths", run.secrets().toString());
    properties.put("config.providers.env.class", providers + "EnvVarConfigProvider");
    properties.put("config.providers.env.param.allowlist.pattern", "PROXY_.*");
    properties.putAll(options.workerProperties());
    return new LocalWorker(
        id,
        new ConnectRest(URI.create("http://127.0.0.1:" + port)),
        ChildProcess.start(
            id,
            run,
            jvmOptions(run, options),
            List.of(options.libraries()),
            options.workerEnvironment(),
            "org.apache.kafka.connect.cli.ConnectDistributed",
            run.writeProperties(id + ".properties", properties).toString()));
  }

  private static List<String> jvmOptions(RunDirectory run, StackOptions options) {
    List<String> all = new ArrayList<>(options.workerJvmOptions());
    LocalCertificates trusted = options.trusted();
    if (trusted != null) {
      Path store = run.path().resolve("truststore.p12");
      trusted.writeTrustStore(store, TRUST_STORE_PASSWORD);
      all.add("-Djavax.net.ssl.trustStore=" + store);
      all.add("-Djavax.net.ssl.trustStorePassword=" + TRUST_STORE_PASSWORD);
    }
    return all;
  }

  /** Waits until it has joined its group and accepts requests. */
  void awaitReady(Consumer<String> progress) {
    process.awaitReady(rest::isHealthy, progress);
  }

  /** The id that was given at the start. */
  public String id() {
    return id;
  }

  /** Its API. */
  public ConnectRest rest() {
    return rest;
  }

  /** The base URL of its API. */
  public URI url() {
    return rest.url();
  }

  /** The id of the worker's process. */
  public long pid() {
    return process.pid();
  }

  /** Whether the worker's process runs. */
  public boolean isAlive() {
    return process.isAlive();
  }

  /** Ends the worker at once, like a power failure: offsets are not flushed. */
  public void kill() {
    process.kill();
  }

  /** Shuts the worker down normally: tasks stop, offsets are flushed. */
  @Override
  public void close() {
    process.close();
  }
}
