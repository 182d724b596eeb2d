package io.cryptofeed.connect.local.venue.capture;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads a made-up recording. */
class CaptureTest {

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path directory;

  @Test
  void reads_responses_frames_and_subscriptions() throws IOException {
    write(
        "TOY.0.gz",
        """
        https://toy.example/symbols -> 1.5: {"a": "b: c"}
        configuration: {"trades":["A-B"],"l2_book":["A-B","C-D"]}
        """);
    write("TOY.http.0.0.gz", "https://toy.example/book?s=AB&limit=5 -> 2.0: {\"id\":1}\n\n");
    write(
        "TOY.ws.1.0.gz",
        """
        wss://toy.example/x <-> 3.0
        wss://toy.example/x <- 3.25: {"subscribe":1}
        3.5: {"first": 1}

        4.0: {"second":2}
        """);

    Capture capture = Capture.read(directory, "TOY");

    assertThat(capture.rest())
        .containsExactly(
            new Capture.Answer("https://toy.example/symbols", "{\"a\": \"b: c\"}"),
            new Capture.Answer("https://toy.example/book?s=AB&limit=5", "{\"id\":1}"));
    assertThat(capture.received())
        .containsExactly(
            new Capture.Frame(3.5, "{\"first\": 1}"), new Capture.Frame(4.0, "{\"second\":2}"));
    assertThat(capture.configuration()).containsEntry("l2_book", List.of("A-B", "C-D"));
    assertThat(capture.body("/book?s=AB")).contains("{\"id\":1}");
  }

  private void write(String name, String text) throws IOException {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(directory.resolve(name)))) {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }
  }
}
