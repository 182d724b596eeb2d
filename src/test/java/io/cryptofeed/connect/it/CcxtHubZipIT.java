package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The zip with CCXT has everything in the zip without it, and what CCXT's exchanges need. */
@Tag("ccxt")
class CcxtHubZipIT {

  private static final Path ZIP =
      Path.of(System.getProperty("hub.ccxt.zip", "hub.ccxt.zip is not set"));
  private static final Path BASE = Path.of(System.getProperty("hub.zip", "hub.zip is not set"));

  private static List<String> names(Path zip) throws IOException {
    List<String> names = new ArrayList<>();
    try (ZipFile file = new ZipFile(zip.toFile())) {
      file.stream()
          .map(ZipEntry::getName)
          .filter(name -> !name.endsWith("/"))
          .forEach(name -> names.add(name.substring(name.indexOf('/') + 1)));
    }
    return names;
  }

  @Test
  void contains_everything_in_the_zip_without_ccxt() throws IOException {
    assertThat(names(ZIP)).containsAll(names(BASE));
  }

  @Test
  void contains_all_of_graaljs_and_the_bundle_and_none_of_the_workers_libraries()
      throws IOException {
    List<String> libraries =
        names(ZIP).stream()
            .filter(name -> name.startsWith("lib/"))
            .map(name -> name.substring("lib/".length()))
            .toList();

    assertThat(libraries)
        .doesNotHaveDuplicates()
        .anyMatch(jar -> jar.endsWith("-ccxt-bundle.jar"))
        .noneMatch(jar -> jar.matches("(kafka-clients|connect-|slf4j|log4j|junit).*"));
    for (String graal :
        List.of(
            "polyglot",
            "js-language",
            "regex",
            "truffle-api",
            "truffle-runtime",
            "truffle-compiler",
            "icu4j",
            "xz",
            "collections",
            "nativeimage",
            "word",
            "jniutils")) {
      assertThat(libraries).anyMatch(jar -> jar.matches(graal + "-\\d.*\\.jar"));
    }
  }

  @Test
  void contains_the_licences_of_its_parts() throws IOException {
    assertThat(names(ZIP))
        .contains(
            "doc/THIRD-PARTY-CCXT.md",
            "doc/licenses/ccxt/LICENSE.txt",
            "doc/licenses/ccxt/ccxt.browser.min.js.LICENSE.txt");
  }

  @Test
  void is_a_component_with_its_own_name() throws IOException {
    try (ZipFile zip = new ZipFile(ZIP.toFile())) {
      String folder = ZIP.getFileName().toString().replace(".zip", "/");
      try (InputStream in = zip.getInputStream(zip.getEntry(folder + "manifest.json"))) {
        JsonNode manifest = new ObjectMapper().readTree(in);
        assertThat(manifest.at("/name").asText()).isEqualTo("kafka-connect-cryptofeed-ccxt");
        assertThat(manifest.at("/license")).hasSizeGreaterThan(3);
        assertThat(manifest.toString()).doesNotContain("${");
      }
    }
  }
}
