package io.cryptofeed.connect.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConnectorFileTest {

  @TempDir private Path directory;

  @Test
  void a_placeholder_is_replaced() throws Exception {
    assertThat(read("{'a': 'x${REST_URL}y'}", Map.of("REST_URL", "$1")).config())
        .isEqualTo(Map.of("a", "x$1y"));
  }

  @Test
  void a_property_whose_placeholder_has_no_value_is_left_out() throws Exception {
    assertThat(read("{'a': '${REST_URL}', 'b': '2'}", Map.of()).config())
        .isEqualTo(Map.of("b", "2"));
  }

  @Test
  void references_that_the_worker_resolves_are_kept() throws Exception {
    assertThat(read("{'a': '${env:PROXY_USER}'}", Map.of()).config())
        .isEqualTo(Map.of("a", "${env:PROXY_USER}"));
  }

  @Test
  void the_published_file_needs_only_the_known_placeholders() {
    Map<String, String> values =
        Map.of("SCHEMA_REGISTRY_URL", "http://registry", "PROXY_URL", "socks5h://proxy:1080");
    ConnectorFile published =
        ConnectorFile.read(Path.of("connector-config/quickstart.json"), values);

    assertThat(published.config())
        .containsEntry("value.converter.schema.registry.url", "http://registry")
        .containsEntry("proxy.default.websocket.url", "socks5h://proxy:1080")
        .doesNotContainKey("exchange.binance.websocket.url");
  }

  private ConnectorFile read(String config, Map<String, String> values) throws Exception {
    Path file = directory.resolve("connector.json");
    Files.writeString(file, ("{'name': 'c', 'config': " + config + "}").replace('\'', '"'));
    return ConnectorFile.read(file, values);
  }
}
