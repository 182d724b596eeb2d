package io.cryptofeed.connect.local;

import java.lang.reflect.InvocationTargetException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.data.Schema;

/**
 * Registers record schemas at the registry before tasks do. If two tasks register a new subject at
 * the same time, this registry has a race, and one of the tasks fails.
 *
 * <p>The worker's own converter makes the Avro schema, with the same settings, so that it equals
 * the schema that a task registers later.
 */
public final class TopicSchemas {

  private static final String CONVERTER_PREFIX = "value.converter.";

  private final Path converterClasses;
  private final RegistryRest registry;

  TopicSchemas(Path converterClasses, RegistryRest registry) {
    this.converterClasses = converterClasses;
    this.registry = registry;
  }

  /**
   * Registers schemas as values of a topic.
   *
   * @param connectorConfig its {@code value.converter.*} settings shape the Avro schema
   */
  public void register(String topic, List<Schema> schemas, Map<String, String> connectorConfig) {
    try (URLClassLoader loader = converterLoader()) {
      Class<?> type = loader.loadClass("io.confluent.connect.avro.AvroData");
      Class<?> configType = loader.loadClass("io.confluent.connect.avro.AvroDataConfig");
      Object avroData =
          type.getConstructor(configType)
              .newInstance(
                  configType
                      .getConstructor(Map.class)
                      .newInstance(converterSettings(connectorConfig)));
      for (Schema schema : schemas) {
        Object avro = type.getMethod("fromConnectSchema", Schema.class).invoke(avroData, schema);
        registry.register(topic + "-value", avro.toString());
      }
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the converter rejects a schema of " + topic, e.getCause());
    } catch (ReflectiveOperationException | java.io.IOException e) {
      throw new IllegalStateException("no usable Avro converter in " + converterClasses, e);
    }
  }

  private static Map<String, String> converterSettings(Map<String, String> connectorConfig) {
    return connectorConfig.entrySet().stream()
        .filter(entry -> entry.getKey().startsWith(CONVERTER_PREFIX))
        .collect(
            java.util.stream.Collectors.toMap(
                entry -> entry.getKey().substring(CONVERTER_PREFIX.length()), Map.Entry::getValue));
  }

  private URLClassLoader converterLoader() throws MalformedURLException {
    URL[] classes = {converterClasses.toUri().toURL()};
    return new URLClassLoader(classes, new ConnectApiLoader());
  }

  /** Shares Kafka's and slf4j's classes with this JVM, as a worker does with its plugins. */
  private static final class ConnectApiLoader extends ClassLoader {

    ConnectApiLoader() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith("org.apache.kafka.") || name.startsWith("org.slf4j.")) {
        return Class.forName(name, false, TopicSchemas.class.getClassLoader());
      }
      throw new ClassNotFoundException(name);
    }
  }
}
