package io.cryptofeed.connect.config;

import io.cryptofeed.connect.text.PlainFile;
import io.cryptofeed.connect.text.UntrustedText;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.common.config.ConfigData;
import org.apache.kafka.common.config.ConfigException;
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
          "file", PlainFiles::new,
          "dir", PlainFilesOfFolder::new);

  private static final int MAX_SHOWN = 200;

  private static final int MOST_BYTES = 1 << 20;

  /** Kafka looks for a placeholder at every start of one, so its time grows with the square. */
  private static final int LONGEST_VALUE = 4_096;

  /** Keys of a properties file. */
  private static final class PlainFiles extends FileConfigProvider {

    @Override
    public ConfigData get(String path) {
      require(path);
      return super.get(path);
    }

    @Override
    public ConfigData get(String path, Set<String> keys) {
      require(path);
      return super.get(path, keys);
    }
  }

  /** Files of a folder. */
  private static final class PlainFilesOfFolder extends DirectoryConfigProvider {

    @Override
    public ConfigData get(String path, Set<String> keys) {
      keys.forEach(key -> require(path + '/' + key));
      return super.get(path, keys);
    }
  }

  private static void require(String file) {
    try {
      PlainFile.require(Path.of(file), MOST_BYTES);
    } catch (NoSuchFileException e) {
      // The provider reports it.
    } catch (IOException | InvalidPathException e) {
      throw new ConfigException(
          "a placeholder names the file '%s', which cannot be read: %s"
              .formatted(
                  UntrustedText.sanitised(file, MAX_SHOWN),
                  e instanceof IOException io ? PlainFile.problem(io) : "it is not a path"));
    }
  }

  private Placeholders() {}

  /**
   * The same keys, with the placeholders in their values replaced.
   *
   * @throws org.apache.kafka.common.config.ConfigException when a file cannot be read
   */
  static Map<String, String> replaced(Map<String, String> values) {
    values.forEach(
        (key, value) -> {
          if (value.length() > LONGEST_VALUE && value.contains("${")) {
            throw new ConfigException(
                "%s: a value with a placeholder has more than %d characters"
                    .formatted(key, LONGEST_VALUE));
          }
        });
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
