package io.cryptofeed.connect.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The proxy samples in connector-config do what the guide describes. */
class ProxySamplesTest {

  private static final Path SAMPLES = Path.of("connector-config");

  @TempDir private Path folder;

  private ProxySettings settings(String sample, Map<String, String> environment)
      throws IOException {
    Path proxies = folder.resolve("proxies.yaml");
    Files.writeString(
        proxies,
        Files.readString(SAMPLES.resolve("proxies.yaml"))
            .replaceAll("\\$\\{env:[^}]*}", "provided"));
    JsonNode root = new ObjectMapper().readTree(SAMPLES.resolve(sample).toFile());
    Map<String, String> properties = new HashMap<>();
    root.path("config")
        .properties()
        .forEach(
            entry ->
                properties.put(
                    entry.getKey(),
                    entry
                        .getValue()
                        .asText()
                        .replaceAll("\\$\\{(env|file):[^}]*}", "provided")
                        .replace("/etc/kafka-connect/proxies.yaml", proxies.toString())));
    return new ConnectorConfig(properties, environment).proxies();
  }

  private static String way(ProxySettings settings, String exchange, Transport transport) {
    String region = settings.routing().regional().region();
    return settings.route(exchange, transport, region, null, 0).orElseThrow().via().toString();
  }

  @Test
  void one_proxy_serves_every_exchange() throws IOException {
    ProxySettings settings = settings("proxy-global.json", Map.of());

    for (Transport transport : Transport.values()) {
      assertThat(way(settings, "binance", transport)).isEqualTo("https://***@proxy.internal:3129");
      assertThat(way(settings, "coinbase", transport)).isEqualTo("https://***@proxy.internal:3129");
    }
  }

  @Test
  void an_exchange_has_a_proxy_of_its_own() throws IOException {
    ProxySettings settings = settings("proxy-per-exchange.json", Map.of());

    assertThat(way(settings, "binance", Transport.WEBSOCKET))
        .isEqualTo("socks5h://***@frankfurt.internal:1080");
    assertThat(way(settings, "coinbase", Transport.WEBSOCKET))
        .isEqualTo("http://proxy.internal:3128");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("direct");
  }

  @Test
  void a_pool_has_a_backup() throws IOException {
    ProxySettings settings = settings("proxy-pools.json", Map.of());

    assertThat(way(settings, "binance", Transport.REST)).isEqualTo("pool:eu");
    assertThat(requireNonNull(settings.pools().get("eu")).members()).hasSize(3);
    assertThat(settings.routing().fallback()).isEqualTo(new Fallback.Pool("backup"));
  }

  @Test
  void regional_rules_choose_the_route_of_each_exchange() throws IOException {
    ProxySettings settings = settings("proxy-regional.json", Map.of());

    assertThat(way(settings, "binance", Transport.REST))
        .isEqualTo("socks5://frankfurt.internal:1080");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("direct");
    assertThat(settings.route("binance", Transport.REST, "DE", null, 0))
        .hasValueSatisfying(
            route -> assertThat(route.via()).hasToString("http://proxy.internal:3128"));
  }

  @Test
  void the_pods_of_a_service_form_a_pool() throws IOException {
    ProxySettings settings = settings("proxy-kubernetes.json", Map.of());

    assertThat(way(settings, "coinbase", Transport.WEBSOCKET)).isEqualTo("pool:pods");
    assertThat(requireNonNull(settings.manager()).supplies("pods")).isTrue();
    assertThat(requireNonNull(settings.manager()).fallsBackToStatic()).isFalse();
  }

  @Test
  void a_file_has_the_whole_configuration() throws IOException {
    ProxySettings settings = settings("proxy-file.json", Map.of());

    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("pool:eu");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("http://proxy.internal:3128");
  }

  @Test
  void the_environment_has_the_whole_configuration() throws IOException {
    Map<String, String> environment = new HashMap<>();
    for (String line : Files.readAllLines(SAMPLES.resolve("proxy.env"))) {
      if (!line.startsWith("#")) {
        String[] parts = line.split("=", 2);
        environment.put(parts[0], parts[1]);
      }
    }
    ProxySettings settings = settings("proxy-environment.json", environment);

    assertThat(way(settings, "binance", Transport.WEBSOCKET)).isEqualTo("pool:eu");
    assertThat(way(settings, "coinbase", Transport.REST)).isEqualTo("http://proxy.internal:3128");
    assertThat(settings("proxy-environment.json", Map.of())).isEqualTo(ProxySettings.disabled());
  }
}
