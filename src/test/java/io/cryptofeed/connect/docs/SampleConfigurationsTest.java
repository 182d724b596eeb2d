package io.cryptofeed.connect.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.CryptofeedSourceConnector;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigValue;
import org.apache.kafka.connect.source.ExactlyOnceSupport;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The sample configurations are valid. */
class SampleConfigurationsTest {

  private static final String PLACEHOLDER = "\\$\\{(env|file):[^}]*}";

  @TempDir private Path folder;

  static List<Path> samples() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("connector-config"))) {
      return files.filter(file -> file.toString().endsWith(".json")).sorted().toList();
    }
  }

  @ParameterizedTest
  @MethodSource("samples")
  void is_valid_and_divides_into_tasks(Path sample) throws IOException {
    Map<String, String> config = read(sample);
    CryptofeedSourceConnector connector = new CryptofeedSourceConnector();

    List<ConfigValue> values = connector.validate(config).configValues();
    assertThat(values).allSatisfy(v -> assertThat(errors(v)).as(v.name()).isEmpty());

    connector.start(config);
    int tasks = Integer.parseInt(requireNonNull(config.get("tasks.max")));
    assertThat(connector.taskConfigs(tasks)).hasSize(tasks);
  }

  @ParameterizedTest
  @MethodSource("samples")
  void samples_that_require_exactly_once_support_it(Path sample) throws IOException {
    Map<String, String> config = read(sample);
    if ("required".equals(config.get("exactly.once.support"))) {
      assertThat(new CryptofeedSourceConnector().exactlyOnceSupport(config))
          .isEqualTo(ExactlyOnceSupport.SUPPORTED);
    }
  }

  /** The errors of a value, except that the component with CCXT is missing, as in some builds. */
  private static List<String> errors(ConfigValue value) {
    return value.errorMessages().stream()
        .filter(error -> !error.startsWith("GraalJS is not on the class path"))
        .toList();
  }

  /** Puts values where a worker's providers, or the quickstart, would. */
  private Map<String, String> read(Path sample) throws IOException {
    Path proxies = folder.resolve("proxies.yaml");
    Files.writeString(
        proxies,
        Files.readString(Path.of("connector-config/proxies.yaml"))
            .replaceAll(PLACEHOLDER, "provided"));
    JsonNode root = new ObjectMapper().readTree(sample.toFile());
    assertThat(root.path("name").asText()).isNotEmpty();
    Map<String, String> config = new HashMap<>();
    root.path("config")
        .properties()
        .forEach(
            entry -> {
              String value =
                  entry
                      .getValue()
                      .asText()
                      .replace("${PROXY_URL}", "socks5h://127.0.0.1:1080")
                      .replaceAll("\\$\\{[A-Z]+_WEBSOCKET_URL}", "wss://stream.test/stream")
                      .replaceAll("\\$\\{[A-Z]+_REST_URL}", "https://api.test")
                      .replaceAll(PLACEHOLDER, "provided")
                      .replace("/etc/kafka-connect/proxies.yaml", proxies.toString());
              config.put(entry.getKey(), value);
            });
    return config;
  }
}
