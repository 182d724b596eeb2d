package io.cryptofeed.connect.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.awaitility.Awaitility;

/** One JVM of the local stack, run by {@link Launcher}. Its output goes to a file. */
final class ChildProcess implements AutoCloseable {

  private static final Duration READY_LIMIT = Duration.ofMinutes(3);
  private static final Duration PROGRESS_INTERVAL = Duration.ofSeconds(5);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final Duration KILL_LIMIT = Duration.ofSeconds(10);
  private static final int LOG_TAIL_LINES = 25;

  private final String name;
  private final Path log;
  private final Process process;
  private final long startedNs = System.nanoTime();

  private ChildProcess(String name, Path log, Process process) {
    this.name = name;
    this.log = log;
    this.process = process;
  }

  /**
   * Starts a JVM.
   *
   * @param name of the log file and in messages: {@code broker}
   * @param run the directory of this run, where the log goes
   * @param jvmOptions heap, collector, system properties
   * @param classPath in addition to the launcher
   * @param environment added to this JVM's own
   * @param mainClass what to run
   * @param arguments of the main class
   */
  static ChildProcess start(
      String name,
      RunDirectory run,
      List<String> jvmOptions,
      List<String> classPath,
      Map<String, String> environment,
      String mainClass,
      String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.add("-Dlog4j2.configurationFile=" + run.logConfiguration());
    command.add("-cp");
    List<String> wholeClassPath = new ArrayList<>(List.of(run.launcherClasses().toString()));
    wholeClassPath.addAll(classPath);
    command.add(String.join(System.getProperty("path.separator"), wholeClassPath));
    command.add(Launcher.class.getName());
    command.add(mainClass);
    command.addAll(List.of(arguments));
    Path log = run.path().resolve(name + ".log");
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(run.path().toFile())
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().putAll(environment);
    try {
      return new ChildProcess(name, log, builder.start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start the JVM of the " + name + ": " + command, e);
    }
  }

  /** Whether the JVM runs. */
  boolean isAlive() {
    return process.isAlive();
  }

  /** The id of the JVM's process. */
  long pid() {
    return process.pid();
  }

  /**
   * Waits until the program responds.
   *
   * @param answers whether it responds; an exception means not yet
   * @param progress receives a line when it is ready, and one every few seconds before
   * @throws IllegalStateException if the JVM has ended, with the end of its log
   */
  void awaitReady(Callable<Boolean> answers, Consumer<String> progress) {
    long[] nextLine = {PROGRESS_INTERVAL.toNanos()};
    Awaitility.await("the " + name + " is ready; its log is " + log)
        .atMost(READY_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException(
                    "the " + name + " ended with code " + process.exitValue() + logTail());
              }
              long elapsed = System.nanoTime() - startedNs;
              if (elapsed > nextLine[0]) {
                nextLine[0] = elapsed + PROGRESS_INTERVAL.toNanos();
                progress.accept(name + ": still starting after " + seconds(elapsed));
              }
              return answered(answers);
            });
    progress.accept(name + ": ready after " + seconds(System.nanoTime() - startedNs));
  }

  private static boolean answered(Callable<Boolean> answers) {
    try {
      return answers.call();
    } catch (Exception e) {
      return false;
    }
  }

  private static String seconds(long nanos) {
    return String.format("%.1f s", nanos / 1e9);
  }

  private String logTail() {
    try {
      List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
      return "; the end of "
          + log
          + ":\n"
          + String.join(
              "\n", lines.subList(Math.max(0, lines.size() - LOG_TAIL_LINES), lines.size()));
    } catch (IOException e) {
      return "; its log " + log + " cannot be read: " + e;
    }
  }

  /** Ends the JVM at once, like a power failure. */
  void kill() {
    process.destroyForcibly();
    awaitEnd(KILL_LIMIT);
  }

  /** Lets the program shut down normally, and kills it if that takes too long. */
  @Override
  public void close() {
    try (OutputStream pipe = process.getOutputStream()) {
      pipe.flush();
    } catch (IOException e) {
      // The pipe is closed, so the process is already ending.
    }
    if (!awaitEnd(STOP_LIMIT)) {
      kill();
    }
  }

  private boolean awaitEnd(Duration limit) {
    try {
      return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
      return false;
    }
  }
}
