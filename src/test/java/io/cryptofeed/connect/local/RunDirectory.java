package io.cryptofeed.connect.local;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/**
 * The directory of one run of the local stack, {@code target/stack/run-<n>}. Logs and properties
 * stay; data and plugins are deleted at the end.
 */
final class RunDirectory implements AutoCloseable {

  private static final List<Class<?>> LAUNCHER_CLASSES = List.of(Launcher.class, BrokerMain.class);

  private final Path path;

  private RunDirectory(Path path) {
    this.path = path;
  }

  /** Creates the next free directory under {@code parent}. */
  static RunDirectory create(Path parent) {
    try {
      Files.createDirectories(parent);
      RunDirectory run = new RunDirectory(nextFree(parent));
      run.fill();
      return run;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot create a directory for the run in " + parent, e);
    }
  }

  private static Path nextFree(Path parent) throws IOException {
    for (int number = 1; ; number++) {
      try {
        return Files.createDirectory(parent.resolve("run-" + number)).toAbsolutePath();
      } catch (FileAlreadyExistsException e) {
        // This number is taken by an earlier run, or by one at the same time.
      }
    }
  }

  private void fill() throws IOException {
    copyResource("/local-stack-log4j2.xml", logConfiguration());
    for (Class<?> type : LAUNCHER_CLASSES) {
      String file = type.getName().replace('.', '/') + ".class";
      copyResource("/" + file, launcherClasses().resolve(file));
    }
    Files.createDirectories(plugins());
    Files.createDirectories(secrets());
  }

  private static void createParent(Path file) throws IOException {
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
  }

  private static void copyResource(String resource, Path target) throws IOException {
    createParent(target);
    try (InputStream in = RunDirectory.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("resource " + resource + " is missing");
      }
      Files.copy(in, target);
    }
  }

  Path path() {
    return path;
  }

  Path logConfiguration() {
    return path.resolve("log4j2.xml");
  }

  Path launcherClasses() {
    return path.resolve("launcher");
  }

  /** The broker's storage. */
  Path data() {
    return path.resolve("data");
  }

  /** A directory of the worker's {@code plugin.path}. */
  Path plugins() {
    return path.resolve("plugins");
  }

  /** The only directory that the worker's file and directory configuration providers may read. */
  Path secrets() {
    return path.resolve("secrets");
  }

  /** Writes a properties file with sorted keys. */
  Path writeProperties(String name, Map<String, String> values) {
    Path file = path.resolve(name);
    Properties properties = new Properties();
    properties.putAll(new TreeMap<>(values));
    try (var out = Files.newBufferedWriter(file)) {
      properties.store(out, null);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return file;
  }

  /** Unpacks the component zip among the plugins, as a user would. */
  void installComponent(Path zip) {
    try (ZipInputStream in = new ZipInputStream(Files.newInputStream(zip))) {
      for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        Path target = plugins().resolve(entry.getName()).normalize();
        if (!target.startsWith(plugins())) {
          throw new IOException(
              "entry '" + entry.getName() + "' is outside of the archive's directory");
        }
        if (entry.isDirectory()) {
          Files.createDirectories(target);
        } else {
          createParent(target);
          Files.copy(in, target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot install " + zip + "; run 'mvn package' first", e);
    }
  }

  /** Deletes the large files that are not needed after the run. */
  @Override
  public void close() {
    deleteTree(data());
    deleteTree(plugins());
    deleteTree(launcherClasses());
    deleteTree(secrets());
  }

  private static void deleteTree(Path root) {
    if (!Files.exists(root)) {
      return;
    }
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete " + root, e);
    }
  }
}
