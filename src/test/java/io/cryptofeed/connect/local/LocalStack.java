package io.cryptofeed.connect.local;

import io.cryptofeed.connect.local.counting.CountingSourceConnector;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A broker, a registry and a Connect worker, each in a JVM of its own, on loopback ports that are
 * free or that the system properties {@code stack.broker.port}, {@code stack.registry.port} and
 * {@code stack.connect.port} name.
 *
 * <p>The processes end when this JVM ends, for whatever reason.
 */
public final class LocalStack implements AutoCloseable {

  private final StackOptions options;
  private final RunDirectory run;
  private final LocalBroker broker;
  private final LocalRegistry registry;
  private final List<LocalWorker> workers = new ArrayList<>();
  private final Thread closeAtExit = new Thread(this::stopAll, "local-stack-close");
  private boolean closed;

  private LocalStack(StackOptions options) {
    this.options = options;
    run = RunDirectory.create(options.stackDirectory());
    run.installComponent(options.componentZip());
    options.plugins().forEach(plugin -> plugin.writeTo(run.plugins()));
    broker = LocalBroker.start(run, options);
    registry = LocalRegistry.start(run, options);
    Runtime.getRuntime().addShutdownHook(closeAtExit);
  }

  /**
   * Starts all processes and waits until they are ready.
   *
   * @throws RuntimeException if a process does not start; the message has the end of its log, and
   *     the others are stopped
   */
  public static LocalStack start(StackOptions options) {
    options.progress().accept("starting Kafka, the schema registry and the Connect worker");
    LocalStack stack = new LocalStack(options);
    try {
      LocalWorker worker = stack.launchWorker("worker", LoopbackPort.of("stack.connect.port"));
      stack.broker.awaitReady(options.progress());
      stack.registry.awaitReady(options.progress());
      worker.awaitReady(options.progress());
      return stack;
    } catch (Throwable e) {
      stack.close();
      throw e;
    }
  }

  /**
   * The stack that the integration tests of this JVM share. It is started at the first call and
   * stopped when the JVM exits.
   */
  public static LocalStack shared() {
    return Shared.STACK;
  }

  private static final class Shared {
    private static final LocalStack STACK =
        start(
            StackOptions.ofBuild()
                .withTrust(LocalCertificates.create())
                .withPlugin(
                    new PluginJar(
                        "counting",
                        CountingSourceConnector.class,
                        List.of(CountingSourceConnector.class))));
  }

  /** Starts another worker in the group of the first and waits until it accepts requests. */
  public LocalWorker startWorker(String id) {
    LocalWorker worker = launchWorker(id, LoopbackPort.free());
    worker.awaitReady(options.progress());
    return worker;
  }

  /** Restarts a worker that was killed or closed, on the same port. */
  public LocalWorker restartWorker(LocalWorker ended) {
    LocalWorker worker = launchWorker(ended.id(), ended.url().getPort());
    synchronized (this) {
      workers.remove(worker);
      workers.set(workers.indexOf(ended), worker);
    }
    worker.awaitReady(options.progress());
    return worker;
  }

  private synchronized LocalWorker launchWorker(String id, int port) {
    if (closed) {
      throw new IllegalStateException("the stack is closed");
    }
    LocalWorker worker = LocalWorker.start(id, run, options, broker.bootstrapServers(), port);
    workers.add(worker);
    return worker;
  }

  /** The broker. */
  public LocalBroker broker() {
    return broker;
  }

  /** The registry. */
  public LocalRegistry registry() {
    return registry;
  }

  /** The worker that was started first, or its successor. */
  public synchronized LocalWorker worker() {
    return workers.get(0);
  }

  /** The API of {@link #worker()}. */
  public ConnectRest connect() {
    return worker().rest();
  }

  /** Registers the schemas of records before tasks need them. */
  public TopicSchemas topicSchemas() {
    return new TopicSchemas(options.converterClasses(), registry.rest());
  }

  /** Reads topics from their beginning. */
  public AvroTopicReader reader(String... topics) {
    return new AvroTopicReader(broker.bootstrapServers(), registry.rest(), List.of(topics));
  }

  /**
   * The authority that the worker trusts.
   *
   * @throws IllegalStateException when it trusts the JDK's own
   */
  public LocalCertificates certificates() {
    LocalCertificates trusted = options.trusted();
    if (trusted == null) {
      throw new IllegalStateException("the stack was started without an authority of its own");
    }
    return trusted;
  }

  /**
   * The authority that the workers trust.
   *
   * @throws IllegalStateException if they trust the JDK's authorities
   */
  public LocalCertificates authority() {
    if (options.trusted() == null) {
      throw new IllegalStateException("the workers of this stack trust the JDK's authorities");
    }
    return options.trusted();
  }

  /** The directory with the logs of the processes. */
  public Path directory() {
    return run.path();
  }

  /**
   * The only directory from which {@code ${file:…}} and {@code ${dir:…}} in a connector's
   * configuration are resolved.
   */
  public Path secrets() {
    return run.secrets();
  }

  /** Stops the workers, then the broker, then the registry. Idempotent. */
  @Override
  public void close() {
    stopAll();
    try {
      Runtime.getRuntime().removeShutdownHook(closeAtExit);
    } catch (IllegalStateException e) {
      // The JVM is ending, and the hook has nothing to do.
    }
  }

  private synchronized void stopAll() {
    if (closed) {
      return;
    }
    closed = true;
    workers.forEach(LocalWorker::close);
    broker.close();
    registry.close();
    run.close();
  }
}
