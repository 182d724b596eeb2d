package io.cryptofeed.connect.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import org.apache.kafka.connect.source.SourceConnector;

/**
 * A source connector made of compiled packages of this build, for the worker's {@code plugin.path}.
 *
 * @param name of the plugin's directory
 * @param connector the connector class, which the jar registers for the service loader
 * @param packages whose classes go into the jar, each named by one of its classes
 */
public record PluginJar(
    String name, Class<? extends SourceConnector> connector, List<Class<?>> packages) {

  /** Copies the list. */
  public PluginJar {
    packages = List.copyOf(packages);
  }

  /** Writes {@code <name>/<name>.jar} below a directory. */
  void writeTo(Path plugins) {
    Path jar = plugins.resolve(name).resolve(name + ".jar");
    try {
      Files.createDirectories(plugins.resolve(name));
      try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
        out.putNextEntry(new JarEntry("META-INF/services/" + SourceConnector.class.getName()));
        out.write((connector.getName() + "\n").getBytes(StandardCharsets.UTF_8));
        for (Class<?> member : packages) {
          writePackage(member, out);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + jar, e);
    }
  }

  /** The classes are in a folder, or in the jar of the connector where that is what is tested. */
  private static void writePackage(Class<?> member, JarOutputStream out) throws IOException {
    String directory = member.getPackageName().replace('.', '/');
    Path code = Path.of(member.getProtectionDomain().getCodeSource().getLocation().getPath());
    if (Files.isDirectory(code)) {
      copyClasses(code.resolve(directory), directory, out);
    } else {
      try (FileSystem jar = FileSystems.newFileSystem(code)) {
        copyClasses(jar.getPath(directory), directory, out);
      }
    }
  }

  private static void copyClasses(Path from, String directory, JarOutputStream out)
      throws IOException {
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : files.filter(file -> file.toString().endsWith(".class")).toList()) {
        out.putNextEntry(new JarEntry(directory + "/" + file.getFileName()));
        Files.copy(file, out);
      }
    }
  }
}
