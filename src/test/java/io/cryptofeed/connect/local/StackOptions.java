package io.cryptofeed.connect.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The parts and settings of a local stack.
 *
 * @param stackDirectory prepared by the build, with Kafka's {@code libs}, the {@code registry} and
 *     the {@code converter}
 * @param componentZip the connector, as it is published
 * @param plugins more plugins for the worker, in addition to the connector and the Avro converter
 * @param brokerJvmOptions heap and collector of the broker
 * @param workerJvmOptions heap, collector and system properties of the workers
 * @param workerProperties added to the workers' properties, or replacing them
 * @param workerEnvironment added to the workers' environment variables
 * @param trusted the only authority that the workers' JVMs trust; null for the JDK's authorities
 * @param progress receives a line about each step of the start
 */
public record StackOptions(
    Path stackDirectory,
    Path componentZip,
    List<PluginJar> plugins,
    List<String> brokerJvmOptions,
    List<String> workerJvmOptions,
    Map<String, String> workerProperties,
    Map<String, String> workerEnvironment,
    @Nullable LocalCertificates trusted,
    Consumer<String> progress) {

  private static final String AVRO_CONVERTER = "io.confluent.connect.avro.AvroConverter";

  /** Copies the collections. */
  public StackOptions {
    plugins = List.copyOf(plugins);
    brokerJvmOptions = List.copyOf(brokerJvmOptions);
    workerJvmOptions = List.copyOf(workerJvmOptions);
    workerProperties = Map.copyOf(workerProperties);
    workerEnvironment = Map.copyOf(workerEnvironment);
  }

  /**
   * The stack that the system properties {@code stack.directory} and {@code hub.zip} name, with
   * small heaps and without progress lines.
   *
   * @throws IllegalStateException if one is not set
   */
  public static StackOptions ofBuild() {
    List<String> smallHeap = List.of("-Xmx512m", "-XX:+UseSerialGC");
    return new StackOptions(
        required("stack.directory"),
        required("hub.zip"),
        List.of(),
        smallHeap,
        smallHeap,
        Map.of(),
        Map.of(),
        null,
        line -> {});
  }

  private static Path required(String property) {
    String value = System.getProperty(property, "");
    if (value.isEmpty()) {
      throw new IllegalStateException(
          "system property "
              + property
              + " is not set; run this through Maven, whose build prepares the local stack");
    }
    return Path.of(value).toAbsolutePath();
  }

  /** With this component instead of the one that {@code hub.zip} names. */
  public StackOptions withComponentZip(Path zip) {
    return new StackOptions(
        stackDirectory,
        zip.toAbsolutePath(),
        plugins,
        brokerJvmOptions,
        workerJvmOptions,
        workerProperties,
        workerEnvironment,
        trusted,
        progress);
  }

  /** With one more plugin. */
  public StackOptions withPlugin(PluginJar plugin) {
    return new StackOptions(
        stackDirectory,
        componentZip,
        joined(plugins, List.of(plugin)),
        brokerJvmOptions,
        workerJvmOptions,
        workerProperties,
        workerEnvironment,
        trusted,
        progress);
  }

  /** With another heap and collector for the broker. */
  public StackOptions withBrokerJvmOptions(String... options) {
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        List.of(options),
        workerJvmOptions,
        workerProperties,
        workerEnvironment,
        trusted,
        progress);
  }

  /** With another heap and collector for the workers. */
  public StackOptions withWorkerJvmOptions(String... options) {
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        brokerJvmOptions,
        List.of(options),
        workerProperties,
        workerEnvironment,
        trusted,
        progress);
  }

  /** With one more worker property. */
  public StackOptions withWorkerProperty(String key, String value) {
    Map<String, String> properties = new HashMap<>(workerProperties);
    properties.put(key, value);
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        brokerJvmOptions,
        workerJvmOptions,
        properties,
        workerEnvironment,
        trusted,
        progress);
  }

  /** With one more environment variable for the workers. */
  public StackOptions withWorkerEnvironment(String name, String value) {
    Map<String, String> environment = new HashMap<>(workerEnvironment);
    environment.put(name, value);
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        brokerJvmOptions,
        workerJvmOptions,
        workerProperties,
        environment,
        trusted,
        progress);
  }

  /** With workers that trust only this authority. */
  public StackOptions withTrust(LocalCertificates authority) {
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        brokerJvmOptions,
        workerJvmOptions,
        workerProperties,
        workerEnvironment,
        authority,
        progress);
  }

  /** With a reader of progress lines. */
  public StackOptions withProgress(Consumer<String> reader) {
    return new StackOptions(
        stackDirectory,
        componentZip,
        plugins,
        brokerJvmOptions,
        workerJvmOptions,
        workerProperties,
        workerEnvironment,
        trusted,
        reader);
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    List<T> all = new ArrayList<>(first);
    all.addAll(second);
    return all;
  }

  /** Kafka's jars, as a class path entry. */
  String libraries() {
    return stackDirectory.resolve("libs").resolve("*").toString();
  }

  /** Confluent's converter classes, the child of {@link #converterPlugins()}. */
  Path converterClasses() {
    return stackDirectory.resolve("converter").resolve("classes");
  }

  /**
   * The entry of {@code plugin.path} that holds the Avro converter. The artifact it comes from does
   * not register it for the service loader, so that is added here.
   */
  Path converterPlugins() {
    Path services = converterClasses().resolve("META-INF").resolve("services");
    try {
      Files.createDirectories(services);
      Files.writeString(
          services.resolve("org.apache.kafka.connect.storage.Converter"), AVRO_CONVERTER + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot register the Avro converter in " + services, e);
    }
    return stackDirectory.resolve("converter");
  }

  /** The only file of a directory whose name matches. */
  static Path onlyFile(Path directory, String pattern) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, pattern)) {
      for (Path file : files) {
        return file;
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + directory + "; run 'mvn package' first", e);
    }
    throw new IllegalStateException(
        "no " + pattern + " in " + directory + "; run 'mvn package' first");
  }
}
