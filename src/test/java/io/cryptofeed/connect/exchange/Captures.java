package io.cryptofeed.connect.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/**
 * Recorded sessions of exchanges, in the folder that the system property {@code captures.dir}
 * names. They are no part of the project.
 */
public final class Captures {

  private Captures() {}

  /** The folder, if there is one. */
  public static Optional<Path> folder() {
    return Optional.ofNullable(System.getProperty("captures.dir"))
        .filter(name -> !name.isBlank())
        .map(Path::of)
        .filter(Files::isDirectory);
  }

  /** The messages that were received on a recorded connection, in order. */
  public static List<byte[]> received(String file) {
    return lines(file)
        .filter(line -> !line.isBlank() && !line.startsWith("wss"))
        .map(Captures::payload)
        .toList();
  }

  /** The first recorded answer of a file of answers. */
  public static byte[] firstAnswer(String file) {
    return payload(lines(file).findFirst().orElseThrow());
  }

  private static byte[] payload(String line) {
    return line.substring(line.indexOf(": ") + 2).getBytes(StandardCharsets.UTF_8);
  }

  private static Stream<String> lines(String file) {
    Path path = folder().orElseThrow().resolve(file);
    try (InputStream bytes = new GZIPInputStream(Files.newInputStream(path));
        BufferedReader text =
            new BufferedReader(new InputStreamReader(bytes, StandardCharsets.UTF_8))) {
      return text.lines().toList().stream();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
