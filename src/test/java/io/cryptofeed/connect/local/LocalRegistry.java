package io.cryptofeed.connect.local;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A schema registry with Confluent's API. It keeps the schemas in memory. */
public final class LocalRegistry implements AutoCloseable {

  private static final String MAIN_CLASS = "io.quarkus.runner.GeneratedMain";
  private static final String RUNNER = "apicurio-registry-app-*-runner.jar";

  private final RegistryRest rest;
  private final ChildProcess process;

  private LocalRegistry(RegistryRest rest, ChildProcess process) {
    this.rest = rest;
    this.process = process;
  }

  /** Starts the JVM and returns before the registry is ready. */
  static LocalRegistry start(RunDirectory run, StackOptions options) {
    int port = LoopbackPort.of("stack.registry.port");
    Path runner = StackOptions.onlyFile(options.stackDirectory().resolve("registry"), RUNNER);
    return new LocalRegistry(
        new RegistryRest(URI.create("http://127.0.0.1:" + port + "/apis/ccompat/v7")),
        ChildProcess.start(
            "registry",
            run,
            List.of(
                "-Xmx256m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Dquarkus.http.host=127.0.0.1",
                "-Dquarkus.http.port=" + port,
                "-Dquarkus.log.level=WARN"),
            List.of(runner.toString()),
            Map.of(),
            MAIN_CLASS));
  }

  /** Waits until it is ready, and sets Confluent's compatibility rule. */
  void awaitReady(Consumer<String> progress) {
    process.awaitReady(() -> rest.subjects().isEmpty(), progress);
    rest.setCompatibility("BACKWARD");
  }

  /** Its API. */
  public RegistryRest rest() {
    return rest;
  }

  /** The value for {@code schema.registry.url}. */
  public URI url() {
    return rest.url();
  }

  /** The id of the registry's process. */
  public long pid() {
    return process.pid();
  }

  /** Shuts the registry down normally. */
  @Override
  public void close() {
    process.close();
  }
}
