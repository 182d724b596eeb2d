package io.cryptofeed.connect.local.venue.capture;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;

/**
 * A recorded session of an exchange, in either format of the cryptofeed project's recordings, with
 * each frame byte for byte and the path of its connection.
 *
 * @param answers the responses of REST, in the order of their requests
 * @param frames the frames of the WebSockets, in the order of their arrival
 */
public record Recording(List<Answer> answers, List<Frame> frames) {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern ANSWER =
      Pattern.compile("(https?://\\S+) -> ([0-9.]+): (.*)", Pattern.DOTALL);
  private static final Pattern CONNECT = Pattern.compile("(wss?://\\S+) <-> [0-9.]+");
  private static final Pattern FRAME = Pattern.compile("[0-9.]+: (.*)", Pattern.DOTALL);

  /** Copies the lists. */
  public Recording {
    answers = List.copyOf(answers);
    frames = List.copyOf(frames);
  }

  /** The response of a URL. */
  public record Answer(String url, String body) {}

  /**
   * A frame.
   *
   * @param path the path of the connection's URL
   * @param gzipped whether the frame is binary, a gzip file
   */
  public record Frame(String path, byte[] payload, boolean gzipped) {

    /** The text of the frame, decompressed. */
    public String text() {
      if (!gzipped) {
        return new String(payload, UTF_8);
      }
      try (GZIPInputStream text = new GZIPInputStream(new ByteArrayInputStream(payload))) {
        return new String(text.readAllBytes(), UTF_8);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** The JSON of the frame. */
    public JsonNode json() {
      try {
        return JSON.readTree(text());
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Reads the recording of one exchange, as the files are named: {@code OKX}. */
  public static Recording read(Path directory, String exchange) {
    List<Answer> answers = new ArrayList<>();
    List<Frame> frames = new ArrayList<>();
    try {
      Path lines = directory.resolve(exchange + ".jsonl.gz");
      if (Files.exists(lines)) {
        readObjects(lines, answers, frames);
      } else {
        readTexts(directory, exchange, answers, frames);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Recording(answers, frames);
  }

  private static void readObjects(Path file, List<Answer> answers, List<Frame> frames)
      throws IOException {
    Map<String, String> paths = new HashMap<>();
    for (String line : lines(file)) {
      JsonNode object = JSON.readTree(line);
      String connection = object.path("conn").asText();
      switch (object.path("t").asText()) {
        case "http" ->
            answers.add(new Answer(object.path("url").asText(), object.path("data").asText()));
        case "connect" -> paths.put(connection, path(object.path("addr").asText()));
        case "recv" ->
            frames.add(
                new Frame(
                    paths.getOrDefault(connection, ""),
                    object.path("data").asText().getBytes(UTF_8),
                    false));
        default -> {}
      }
    }
  }

  private static void readTexts(
      Path directory, String exchange, List<Answer> answers, List<Frame> frames)
      throws IOException {
    for (Path file : files(directory, exchange + ".{0,http.*}.gz")) {
      for (String line : lines(file)) {
        Matcher answer = ANSWER.matcher(line);
        if (answer.matches()) {
          answers.add(new Answer(answer.group(1), answer.group(3)));
        }
      }
    }
    for (Path file : files(directory, exchange + ".ws.*.gz")) {
      String path = "";
      for (String line : lines(file)) {
        Matcher connect = CONNECT.matcher(line);
        Matcher frame = FRAME.matcher(line);
        if (connect.matches()) {
          path = path(connect.group(1));
        } else if (frame.matches()) {
          frames.add(frame(path, frame.group(1)));
        }
      }
    }
  }

  private static TreeSet<Path> files(Path directory, String pattern) throws IOException {
    TreeSet<Path> files = new TreeSet<>();
    try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, pattern)) {
      found.forEach(files::add);
    }
    return files;
  }

  private static List<String> lines(Path file) throws IOException {
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), UTF_8))) {
      return lines.lines().filter(line -> !line.isBlank()).toList();
    }
  }

  private static String path(String url) {
    return Optional.ofNullable(URI.create(url.replaceAll("[?].*", "")).getPath()).orElse("");
  }

  private static Frame frame(String path, String text) {
    return text.startsWith("b'") || text.startsWith("b\"")
        ? new Frame(path, unescaped(text.substring(2, text.length() - 1)), true)
        : new Frame(path, text.getBytes(UTF_8), false);
  }

  /** The bytes that Python wrote as a literal. */
  private static byte[] unescaped(String literal) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(literal.length());
    for (int i = 0; i < literal.length(); i++) {
      char c = literal.charAt(i);
      if (c != '\\') {
        bytes.write(c);
        continue;
      }
      char escaped = literal.charAt(++i);
      switch (escaped) {
        case 'x' -> {
          bytes.write(Integer.parseInt(literal.substring(i + 1, i + 3), 16));
          i += 2;
        }
        case 'n' -> bytes.write('\n');
        case 'r' -> bytes.write('\r');
        case 't' -> bytes.write('\t');
        default -> bytes.write(escaped);
      }
    }
    return bytes.toByteArray();
  }
}
