package io.cryptofeed.connect.local.proxy.real;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A proxy server as a process of its own, that listens on 127.0.0.1. The programs are those of this
 * machine, or were unpacked by {@code src/test/proxies/fetch.sh} into the folder that the system
 * property {@code real.proxies} names.
 */
public final class RealProxy implements AutoCloseable {

  private static final Duration START = Duration.ofSeconds(20);
  private static final String FOLDER = System.getProperty("real.proxies", "");

  private final Process process;
  private final Path folder;
  private final int port;

  private RealProxy(Process process, Path folder, int port) {
    this.process = process;
    this.folder = folder;
    this.port = port;
  }

  /**
   * What starts a program; empty where there is none, for the reason that {@link #absence} gives.
   */
  public static Optional<Path> program(String name) {
    return Stream.of(
            Path.of(FOLDER, "bin"),
            Path.of("/usr/sbin"),
            Path.of("/usr/bin"),
            Path.of("/usr/lib/squid"))
        .map(place -> place.resolve(name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Why a program cannot be started, with the names of its packages. */
  public static String absence(String name) {
    Path reason = Path.of(FOLDER, "missing", name);
    try {
      return Files.exists(reason)
          ? Files.readString(reason).strip()
          : name + " is not on this machine, and src/test/proxies/fetch.sh has not run";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A folder of the packages, such as {@code usr/share/squid}. */
  public static Path share(String name) {
    Path unpacked = Path.of(FOLDER, "root").resolve(name);
    return Files.isDirectory(unpacked) ? unpacked : Path.of("/").resolve(name);
  }

  /** Whether a process may be given a hosts file of its own here, so that only it knows a name. */
  public static boolean hasPrivateNames() {
    try {
      return new ProcessBuilder("unshare", "-rm", "true")
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor(10, TimeUnit.SECONDS);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /**
   * Starts a program, and waits until it listens.
   *
   * @param folder for its configuration, its hosts file and its logs
   * @param port on which it will listen
   */
  public static RealProxy start(Path folder, int port, List<String> command) {
    return start(folder, port, false, command);
  }

  /** Starts a program for which alone the names in {@code folder/hosts} exist. */
  public static RealProxy startWithNames(Path folder, int port, List<String> command) {
    return start(folder, port, true, command);
  }

  private static RealProxy start(Path folder, int port, boolean ownNames, List<String> command) {
    List<String> whole = new ArrayList<>();
    if (ownNames) {
      String script = "mount --bind \"$1\" /etc/hosts && shift && exec \"$@\"";
      whole.addAll(
          List.of("unshare", "-rm", "sh", "-c", script, "sh", folder.resolve("hosts").toString()));
    }
    whole.addAll(command);
    ProcessBuilder builder =
        new ProcessBuilder(whole)
            .redirectErrorStream(true)
            .redirectOutput(
                ProcessBuilder.Redirect.appendTo(folder.resolve("output.log").toFile()));
    try {
      RealProxy proxy = new RealProxy(builder.start(), folder, port);
      proxy.awaitListening();
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + command, e);
    }
  }

  private void awaitListening() {
    await()
        .atMost(START)
        .until(
            () -> {
              if (!process.isAlive()) {
                throw new IllegalStateException("the proxy has ended: " + log());
              }
              try (Socket probe = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return probe.isConnected();
              } catch (IOException notYet) {
                return false;
              }
            });
  }

  /** The port that it listens on. */
  public int port() {
    return port;
  }

  /** Everything that it has written into its logs. */
  public String log() {
    StringBuilder text = new StringBuilder();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return text.toString();
  }

  /** Stops it in the middle of whatever it does: it accepts connections, and says nothing. */
  public void freeze() {
    signal("STOP");
  }

  /** Lets it go on. */
  public void thaw() {
    signal("CONT");
  }

  private void signal(String name) {
    try {
      new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())).start().waitFor();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends it, and its children: in peace within some seconds, or else at once. */
  @Override
  public void close() {
    List<ProcessHandle> children = process.descendants().toList();
    process.destroy();
    try {
      process.waitFor(5, TimeUnit.SECONDS);
      children.forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
      process.waitFor(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
