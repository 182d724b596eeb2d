package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 30, unit = TimeUnit.SECONDS)
class PlainFileTest {

  private static final int MOST = 1_000;

  @TempDir private Path folder;

  @Test
  void a_plain_file_is_read_to_its_end() throws IOException {
    Path file = Files.write(folder.resolve("a.yaml"), new byte[MOST]);

    assertThat(PlainFile.read(file, MOST)).hasSize(MOST);
    Path link = Files.createSymbolicLink(folder.resolve("link"), file);
    assertThat(PlainFile.read(link, MOST)).hasSize(MOST);
  }

  @Test
  void a_longer_file_is_not_opened() throws IOException {
    Path file = folder.resolve("sparse");
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(1L << 40);
    }

    refused(file, "it has more than 1000 bytes");
  }

  @Test
  void a_folder_is_not_a_file() {
    refused(folder, "it is a folder: name a file in it");
  }

  @Test
  void a_device_has_no_end() {
    Path zero = Path.of("/dev/zero");
    assumeTrue(Files.exists(zero), "this system has no /dev/zero");

    refused(zero, "it is a device or a pipe: name a plain file");
  }

  @Test
  void a_pipe_is_not_waited_for() throws Exception {
    Path pipe = folder.resolve("pipe");
    try {
      assumeTrue(
          new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor() == 0,
          "this system makes no pipes");
    } catch (IOException e) {
      assumeTrue(false, "this system has no mkfifo");
    }

    refused(pipe, "it is a device or a pipe: name a plain file");
  }

  @Test
  void a_file_that_does_not_exist_is_named_as_such() {
    assertThatThrownBy(() -> PlainFile.read(folder.resolve("none"), MOST))
        .isInstanceOf(NoSuchFileException.class);
  }

  private static void refused(Path file, String why) {
    assertThatThrownBy(() -> PlainFile.read(file, MOST))
        .isInstanceOfSatisfying(
            IOException.class, e -> assertThat(PlainFile.problem(e)).isEqualTo(why));
  }
}
