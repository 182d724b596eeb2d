package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An operator's own bundle, as far as it can be judged without running it. */
class CcxtBundleTest {

  @TempDir private Path folder;

  private Path file(byte[] content) throws Exception {
    return Files.write(folder.resolve("bundle.js"), content);
  }

  @Test
  void a_bundle_is_known_by_its_digest() throws Exception {
    CcxtBundle bundle = CcxtBundle.fromFile(file("abc".getBytes(StandardCharsets.UTF_8)));

    assertThat(bundle.sha256())
        .isEqualTo("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assertThat(bundle.origin()).isEqualTo("ccxt.bundle.path=" + folder.resolve("bundle.js"));
    assertThat(bundle.code()).isEqualTo("abc");
  }

  @Test
  void a_missing_file_is_named_with_the_cure() {
    assertThatThrownBy(() -> CcxtBundle.fromFile(folder.resolve("none.js")))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("missing")
        .hasMessageContaining("none.js does not exist")
        .hasMessageContaining("put dist/ccxt.browser.min.js");
  }

  @Test
  void a_folder_cannot_be_read() {
    assertThatThrownBy(() -> CcxtBundle.fromFile(folder))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("cannot be read")
        .hasMessageContaining("the worker's user must be able to");
  }

  @Test
  void an_empty_file_and_one_that_is_no_text_are_corrupt() throws Exception {
    assertThatThrownBy(() -> CcxtBundle.fromFile(file(new byte[0])))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("corrupt")
        .hasMessageContaining("is empty");
    assertThatThrownBy(() -> CcxtBundle.fromFile(file(new byte[] {1, (byte) 0xff, 2})))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("is not UTF-8 text");
  }

  @Test
  void a_version_that_is_declared_and_too_old_is_refused_early() throws Exception {
    Path old = file("x(a,\"ccxtVersion\",\"4.4.99\");".getBytes(StandardCharsets.UTF_8));

    assertThatThrownBy(() -> CcxtBundle.fromFile(old))
        .isInstanceOf(CcxtUnavailableException.class)
        .hasMessageContaining("too old")
        .hasMessageContaining("is version 4.4.99; use " + CcxtVersion.OLDEST + " or later");
  }

  @ParameterizedTest
  @CsvSource({
    "4.5.80, false",
    "4.5.79, true",
    "4.6.0, false",
    "5.0.0, false",
    "3.9.99, true",
    "4.10.1, false"
  })
  void versions_are_compared_as_numbers(String version, boolean tooOld) {
    assertThat(CcxtVersion.parse(version))
        .hasValueSatisfying(v -> assertThat(v.isTooOld()).isEqualTo(tooOld));
  }

  @ParameterizedTest
  @CsvSource({"4.5", "four", "'4.5.83-beta'", "''"})
  void what_is_no_version_is_none(String text) {
    assertThat(CcxtVersion.parse(text)).isEmpty();
  }
}
