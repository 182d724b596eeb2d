package io.cryptofeed.connect.local.venue.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A recorded session of an exchange: the responses of its REST API and the frames of its
 * WebSockets, in the text format of the cryptofeed project's recordings, gzipped.
 *
 * @param rest the recorded responses, in the order of their requests
 * @param received the recorded text frames, in the order in which they arrived
 * @param configuration the subscriptions: channel to normalised symbols
 */
public record Capture(
    List<Answer> rest, List<Frame> received, Map<String, List<String>> configuration) {

  private static final Pattern ANSWER =
      Pattern.compile("(https?://\\S+) -> ([0-9.]+): (.*)", Pattern.DOTALL);
  private static final Pattern FRAME = Pattern.compile("([0-9.]+): (.*)", Pattern.DOTALL);
  private static final String CONFIGURATION = "configuration: ";

  /** Copies the lists. */
  public Capture {
    rest = List.copyOf(rest);
    received = List.copyOf(received);
    configuration = Map.copyOf(configuration);
  }

  /** The response of a URL. */
  public record Answer(String url, String body) {}

  /**
   * A text frame.
   *
   * @param seconds when it arrived, seconds since the epoch
   */
  public record Frame(double seconds, String text) {}

  /**
   * The directory of the recordings, which the system property {@code captures.dir} names; empty if
   * it does not.
   */
  public static Optional<Path> directory() {
    String configured = System.getProperty("captures.dir", "");
    return configured.isBlank()
        ? Optional.empty()
        : Optional.of(Path.of(configured)).filter(Files::isDirectory);
  }

  /**
   * Reads the recording of one exchange.
   *
   * @param exchange as the files are named: {@code BINANCE}
   * @throws UncheckedIOException if a file is missing or cannot be read
   */
  public static Capture read(Path directory, String exchange) {
    List<Answer> rest = new ArrayList<>();
    List<Frame> received = new ArrayList<>();
    Map<String, List<String>> configuration = new LinkedHashMap<>();
    try {
      forEachLine(
          directory.resolve(exchange + ".0.gz"),
          line -> {
            if (line.startsWith(CONFIGURATION)) {
              configuration.putAll(configuration(line.substring(CONFIGURATION.length())));
            } else {
              addAnswer(line, rest);
            }
          });
      for (Path file : files(directory, exchange + ".http.*.gz")) {
        forEachLine(file, line -> addAnswer(line, rest));
      }
      for (Path file : files(directory, exchange + ".ws.*.gz")) {
        forEachLine(file, line -> addFrame(line, received));
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
    return new Capture(rest, received, configuration);
  }

  private static TreeSet<Path> files(Path directory, String pattern) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
      found.forEach(files::add);
    }
    return files;
  }

  private static void forEachLine(Path file, Consumer<String> reader) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      lines.lines().filter(line -> !line.isBlank()).forEach(reader);
    }
  }

  private static void addAnswer(String line, List<Answer> rest) {
    Matcher answer = ANSWER.matcher(line);
    if (answer.matches()) {
      rest.add(new Answer(answer.group(1), answer.group(3)));
    }
  }

  private static void addFrame(String line, List<Frame> received) {
    // Lines that begin with an address are connects and sent frames.
    Matcher frame = FRAME.matcher(line);
    if (frame.matches()) {
      received.add(new Frame(Double.parseDouble(frame.group(1)), frame.group(2)));
    }
  }

  private static Map<String, List<String>> configuration(String text) {
    try {
      Map<String, List<String>> channels = new LinkedHashMap<>();
      JsonNode json = new ObjectMapper().readTree(text);
      json.fieldNames()
          .forEachRemaining(
              channel -> {
                List<String> symbols = new ArrayList<>();
                json.get(channel).forEach(symbol -> symbols.add(symbol.asText()));
                channels.put(channel, List.copyOf(symbols));
              });
      return channels;
    } catch (IOException bad) {
      throw new UncheckedIOException(bad);
    }
  }

  /** The recorded body of the first URL that contains this text. */
  Optional<String> body(String partOfUrl) {
    return rest.stream()
        .filter(answer -> answer.url().contains(partOfUrl))
        .map(Answer::body)
        .findFirst();
  }
}
