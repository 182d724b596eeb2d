package io.cryptofeed.connect.config;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.ConfigProvider;
import org.apache.kafka.common.config.provider.DirectoryConfigProvider;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.apache.kafka.common.config.provider.FileConfigProvider;

/**
 * Replaces <code>${env:NAME}</code>, <code>${file:/path:key}</code> and <code>${dir:/path:name}
 * </code> with Kafka's own config providers, in values that the worker does not read.
 */
final class Placeholders {

  private static final Map<String, Supplier<ConfigProvider>> PROVIDERS =
      Map.of(
          "env", EnvVarConfigProvider::new,
          "file", FileConfigProvider::new,
          "dir", DirectoryConfigProvider::new);

  private Placeholders() {}

  /**
   * The same keys, with the placeholders in their values replaced.
   *
   * @throws org.apache.kafka.common.config.ConfigException when a file cannot be read
   */
  static Map<String, String> replaced(Map<String, String> values) {
    Map<String, ConfigProvider> providers = new LinkedHashMap<>();
    PROVIDERS.forEach(
        (name, provider) -> {
          ConfigProvider opened = provider.get();
          opened.configure(Map.of());
          providers.put(name, opened);
        });
    return new ConfigTransformer(providers).transform(values).data();
  }
}
