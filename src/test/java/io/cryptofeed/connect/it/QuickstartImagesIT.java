package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.ConnectRest;
import io.cryptofeed.connect.local.RegistryRest;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.Testcontainers;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;
import org.testcontainers.utility.MountableFile;

/**
 * The quickstart's scenario on the images that {@code docker-compose.yml} names: Kafka, Confluent's
 * Schema Registry and Confluent's Connect with this component. The exchanges and the proxy stay in
 * this JVM, where the worker can reach them only through the proxy.
 */
final class QuickstartImagesIT {

  private static final Duration LIMIT = Duration.ofMinutes(4);
  private static final String KAFKA = "apache/kafka:4.3.1";
  private static final String REGISTRY = "confluentinc/cp-schema-registry:8.2.0";
  private static final String CONNECT = "confluentinc/cp-kafka-connect:8.2.0";

  @BeforeEach
  void needsDocker() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "no Docker engine responds, so the test on real images is skipped");
  }

  @Test
  void the_data_of_both_exchanges_arrives_through_the_proxy() throws IOException {
    try (Network network = Network.newNetwork();
        LocalSocksProxy proxy = new LocalSocksProxy().start();
        BinanceSimulator binance = BinanceSimulator.start(only(proxy));
        CoinbaseSimulator coinbase = CoinbaseSimulator.start(only(proxy))) {
      resolveNames(proxy, "binance", binance);
      resolveNames(proxy, "coinbase", coinbase);
      Testcontainers.exposeHostPorts(proxy.port());
      try (KafkaContainer kafka = kafka(network);
          GenericContainer<?> registry = registry(network);
          GenericContainer<?> connect = connect(network)) {
        kafka.start();
        registry.start();
        connect.start();
        stream(kafka, registry, connect, proxy);
        assertThat(binance.connectionsRefused() + coinbase.connectionsRefused()).isZero();
      }
    }
  }

  private static void stream(
      KafkaContainer kafka,
      GenericContainer<?> registry,
      GenericContainer<?> connect,
      LocalSocksProxy proxy)
      throws IOException {
    ConnectRest rest = new ConnectRest(url(connect, 8083));
    rest.put("cryptofeed", config(proxy));
    rest.awaitRunning("cryptofeed", LIMIT);
    Set<String> wanted =
        Set.of(
            "crypto.binance.trades",
            "crypto.binance.l2_book",
            "crypto.coinbase.trades",
            "crypto.coinbase.l2_book");
    Set<String> seen = new HashSet<>();
    try (AvroTopicReader reader =
        new AvroTopicReader(
            kafka.getBootstrapServers(),
            new RegistryRest(url(registry, 8081)),
            List.copyOf(wanted))) {
      Awaitility.await()
          .atMost(LIMIT)
          .until(
              () -> {
                reader.poll().forEach(record -> seen.add(record.topic()));
                return seen.containsAll(wanted);
              });
    }
    assertThat(proxy.tunnelsRequested())
        .allSatisfy(tunnel -> assertThat(tunnel.isByName()).isTrue());
  }

  /** The configuration that a user of the compose file posts, with the simulators' addresses. */
  private static Map<String, String> config(LocalSocksProxy proxy) throws IOException {
    JsonNode sample =
        new ObjectMapper().readTree(Path.of("connector-config/docker-compose.json").toFile());
    Map<String, String> config = new HashMap<>();
    sample.path("config").properties().forEach(e -> config.put(e.getKey(), e.getValue().asText()));
    config.keySet().removeIf(key -> key.endsWith(".username") || key.endsWith(".password"));
    String proxyUrl = "socks5h://host.testcontainers.internal:" + proxy.port();
    config.put("proxy.default.websocket.url", proxyUrl);
    config.put("proxy.default.rest.url", proxyUrl);
    // One task: two tasks that register a schema at once may fail, which is not tested here.
    config.put("tasks.max", "1");
    for (String exchange : List.of("binance", "coinbase")) {
      String path = exchange.equals("binance") ? "/stream" : "/";
      config.put(
          "exchange." + exchange + ".websocket.url", "ws://stream." + exchange + ".test" + path);
      config.put("exchange." + exchange + ".rest.url", "http://api." + exchange + ".test");
    }
    return config;
  }

  private static KafkaContainer kafka(Network network) {
    return new KafkaContainer(DockerImageName.parse(KAFKA))
        .withNetwork(network)
        .withListener("kafka:19092");
  }

  private static GenericContainer<?> registry(Network network) {
    return new GenericContainer<>(DockerImageName.parse(REGISTRY))
        .withNetwork(network)
        .withNetworkAliases("schema-registry")
        .withExposedPorts(8081)
        .withEnv("SCHEMA_REGISTRY_HOST_NAME", "schema-registry")
        .withEnv("SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS", "kafka:19092")
        .withEnv("SCHEMA_REGISTRY_LISTENERS", "http://0.0.0.0:8081")
        .waitingFor(Wait.forHttp("/subjects").forPort(8081).withStartupTimeout(LIMIT));
  }

  private static GenericContainer<?> connect(Network network) {
    String component = System.getProperty("hub.zip", "").replaceAll("\\.zip$", "");
    return new GenericContainer<>(DockerImageName.parse(CONNECT))
        .withNetwork(network)
        .withExposedPorts(8083)
        .withCopyFileToContainer(MountableFile.forHostPath(component), "/plugins")
        .withEnv("CONNECT_BOOTSTRAP_SERVERS", "kafka:19092")
        .withEnv("CONNECT_GROUP_ID", "cryptofeed-connect")
        .withEnv("CONNECT_REST_ADVERTISED_HOST_NAME", "localhost")
        .withEnv("CONNECT_REST_PORT", "8083")
        .withEnv("CONNECT_CONFIG_STORAGE_TOPIC", "_connect-configs")
        .withEnv("CONNECT_OFFSET_STORAGE_TOPIC", "_connect-offsets")
        .withEnv("CONNECT_STATUS_STORAGE_TOPIC", "_connect-status")
        .withEnv("CONNECT_CONFIG_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("CONNECT_OFFSET_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("CONNECT_STATUS_STORAGE_REPLICATION_FACTOR", "1")
        .withEnv("CONNECT_KEY_CONVERTER", "org.apache.kafka.connect.storage.StringConverter")
        .withEnv("CONNECT_VALUE_CONVERTER", "io.confluent.connect.avro.AvroConverter")
        .withEnv("CONNECT_VALUE_CONVERTER_SCHEMA_REGISTRY_URL", "http://schema-registry:8081")
        .withEnv("CONNECT_PLUGIN_PATH", "/usr/share/java,/plugins")
        .waitingFor(Wait.forHttp("/connectors").forPort(8083).withStartupTimeout(LIMIT));
  }

  private static SimulatorOptions only(LocalSocksProxy proxy) {
    return SimulatorOptions.builder().allowedPeer(proxy::owns).build();
  }

  private static void resolveNames(LocalSocksProxy proxy, String exchange, VenueSimulator venue) {
    proxy.withName("stream." + exchange + ".test", venue.address());
    proxy.withName("api." + exchange + ".test", venue.address());
  }

  private static URI url(GenericContainer<?> container, int port) {
    return URI.create("http://" + container.getHost() + ':' + container.getMappedPort(port));
  }
}
