package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.CryptofeedSourceConnector;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The zip that users install has what the installers of Confluent Hub expect. */
class HubZipIT {

  /** A relative link of Markdown, without its anchor. */
  private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|#)([^)#]+)(?:#[^)]*)?\\)");

  private static final Path ZIP = Path.of(System.getProperty("hub.zip", "hub.zip is not set"));
  private static final int JAVA_17 = 61;

  /** The files of the zip, by path below the top folder. */
  private static final Map<String, byte[]> FILES = new TreeMap<>();

  private static final Set<String> TOP_FOLDERS = new HashSet<>();
  private static JsonNode manifest = new ObjectMapper().createObjectNode();

  @BeforeAll
  static void open() throws IOException {
    try (InputStream zip = Files.newInputStream(ZIP)) {
      entries(zip)
          .forEach(
              (path, content) -> {
                int slash = path.indexOf('/');
                TOP_FOLDERS.add(path.substring(0, slash));
                FILES.put(path.substring(slash + 1), content);
              });
    }
    manifest = new ObjectMapper().readTree(file("manifest.json"));
  }

  @Test
  void has_one_top_folder_whose_name_the_zip_and_the_manifest_have() {
    String name = "%s-%s-%s".formatted(text("/owner/username"), text("/name"), text("/version"));
    assertThat(TOP_FOLDERS).containsExactly(name);
    assertThat(ZIP.getFileName()).hasToString(name + ".zip");
  }

  @Test
  void its_manifest_has_the_fields_that_installers_read() {
    assertThat(text("/name")).isEqualTo("kafka-connect-cryptofeed");
    assertThat(text("/version")).isEqualTo(new CryptofeedSourceConnector().version());
    assertThat(text("/title")).isNotBlank();
    assertThat(text("/description")).isNotBlank();
    assertThat(text("/owner/username")).matches("[a-z0-9_]{2,255}");
    assertThat(text("/owner/type")).isIn("organization", "user");
    assertThat(text("/owner/name")).isNotBlank();
    assertThat(text("/release_date")).matches("\\d{4}-\\d{2}-\\d{2}");
    assertThat(manifest.at("/component_types").toString()).isEqualTo("[\"source\"]");
    assertThat(manifest.at("/docker_image").isObject()).isTrue();
    assertThat(manifest.at("/tags").isArray()).isTrue();
    assertThat(manifest.at("/requirements").isArray()).isTrue();
    assertThat(manifest.at("/features/supported_encodings").isArray()).isTrue();
    assertThat(manifest.toString()).as("filled in by the build").doesNotContain("${");
  }

  @Test
  void its_licences_are_an_array() {
    assertThat(manifest.at("/license").isArray()).isTrue();
    assertThat(manifest.at("/license")).hasSize(1);
    assertThat(text("/license/0/name")).isEqualTo("Apache License 2.0");
    assertThat(text("/license/0/url")).startsWith("https://");
  }

  @Test
  void its_logo_is_large_enough() throws IOException {
    assertThat(text("/logo")).startsWith("assets/");
    BufferedImage logo = ImageIO.read(new ByteArrayInputStream(file(text("/logo"))));
    assertThat(logo.getWidth()).isGreaterThanOrEqualTo(400);
    assertThat(logo.getHeight()).isGreaterThanOrEqualTo(200);
  }

  @Test
  void has_the_documents() {
    assertThat(FILES)
        .containsKeys(
            "doc/README.md",
            "doc/CHANGELOG.md",
            "doc/SECURITY.md",
            "doc/LICENSE",
            "doc/NOTICE",
            "doc/sbom.json");
  }

  @Test
  void no_link_of_its_documents_is_dead() throws IOException {
    List<String> dead = new ArrayList<>();
    for (String page : FILES.keySet()) {
      if (page.endsWith(".md")) {
        Matcher link = LINK.matcher(new String(file(page), StandardCharsets.UTF_8));
        while (link.find()) {
          String target =
              Path.of(page).resolveSibling(link.group(1)).normalize().toString().replace('\\', '/');
          boolean exists =
              FILES.containsKey(target)
                  || FILES.keySet().stream().anyMatch(file -> file.startsWith(target + "/"));
          if (!exists) {
            dead.add(page + ": " + link.group(1));
          }
        }
      }
    }
    assertThat(dead).isEmpty();
  }

  @Test
  void lists_every_library_that_it_bundles() throws IOException {
    String list = new String(file("doc/sbom.json"), StandardCharsets.UTF_8);
    List<String> libraries =
        FILES.keySet().stream()
            .filter(path -> path.startsWith("lib/") && path.endsWith(".jar"))
            .filter(path -> !path.contains("kafka-connect-cryptofeed"))
            .map(path -> path.substring("lib/".length(), path.lastIndexOf('-')))
            .toList();
    assertThat(libraries).isNotEmpty();
    assertThat(libraries)
        .allMatch(name -> list.contains("\"name\" : \"" + name.replaceAll("-[0-9.]+$", "") + "\""));
  }

  @Test
  void names_where_to_read_more() throws IOException {
    assertThat(text("/documentation_url")).startsWith("https://").endsWith("/docs");
    assertThat(text("/source_url")).startsWith("https://");
    assertThat(text("/support/url")).startsWith("https://");
  }

  @Test
  void has_the_sample_configurations() throws IOException {
    try (Stream<Path> samples = Files.list(Path.of("connector-config"))) {
      assertThat(FILES)
          .containsKeys(
              samples.map(sample -> "etc/" + sample.getFileName()).toArray(String[]::new));
    }
    assertThat(FILES.keySet()).anyMatch(path -> path.startsWith("etc/"));
  }

  @Test
  void contains_its_libraries_and_none_of_the_workers() {
    List<String> libraries =
        libraries().stream().map(path -> path.substring("lib/".length())).toList();
    assertThat(libraries)
        .anyMatch(jar -> jar.startsWith("kafka-connect-cryptofeed-"))
        .anyMatch(jar -> jar.startsWith("netty-codec-http-"))
        .anyMatch(jar -> jar.startsWith("jackson-core-"))
        .noneMatch(
            jar ->
                jar.matches(
                    "(kafka-clients|connect-|kafka_|slf4j|log4j|logback|reload4j|junit|assertj).*"))
        .as("libraries that only the zip with CCXT contains")
        .noneMatch(jar -> jar.matches("(polyglot|js-language|truffle|icu4j|regex).*|.*ccxt.*"));
  }

  @Test
  void contains_no_class_twice_and_none_of_the_workers() throws IOException {
    Map<String, String> jarOfClass = new HashMap<>();
    for (String jar : libraries()) {
      for (String path : entries(new ByteArrayInputStream(file(jar))).keySet()) {
        if (path.endsWith(".class")
            && !path.startsWith("META-INF/")
            && !path.equals("module-info.class")) {
          assertThat(jarOfClass.put(path, jar)).as(path + " in " + jar).isNull();
          assertThat(path).doesNotStartWith("org/apache/kafka/").doesNotStartWith("org/slf4j/");
        }
      }
    }
    assertThat(jarOfClass).containsKey("io/cryptofeed/connect/CryptofeedSourceConnector.class");
  }

  @Test
  void every_class_runs_on_java_17() throws IOException {
    int classes = 0;
    for (String jar : libraries()) {
      for (Map.Entry<String, byte[]> entry :
          entries(new ByteArrayInputStream(file(jar))).entrySet()) {
        if (entry.getKey().endsWith(".class") && !entry.getKey().startsWith("META-INF/versions/")) {
          assertThat(major(entry.getValue()))
              .as(entry.getKey() + " in " + jar)
              .isLessThanOrEqualTo(JAVA_17);
          classes++;
        }
      }
    }
    assertThat(classes).isPositive();
  }

  @Test
  void its_jar_names_the_connector_for_the_service_loader_and_has_no_tests() throws IOException {
    String jar =
        libraries().stream()
            .filter(path -> path.startsWith("lib/kafka-connect-cryptofeed-"))
            .findFirst()
            .orElseThrow();
    Map<String, byte[]> ours = entries(new ByteArrayInputStream(file(jar)));
    byte[] services =
        Objects.requireNonNull(
            ours.get("META-INF/services/org.apache.kafka.connect.source.SourceConnector"));
    assertThat(new String(services, StandardCharsets.UTF_8).trim())
        .isEqualTo(CryptofeedSourceConnector.class.getName());
    assertThat(ours).doesNotContainKey(HubZipIT.class.getName().replace('.', '/') + ".class");
  }

  private static List<String> libraries() {
    return FILES.keySet().stream()
        .filter(path -> path.startsWith("lib/") && path.endsWith(".jar"))
        .toList();
  }

  private static byte[] file(String path) {
    return Objects.requireNonNull(FILES.get(path), path);
  }

  private static String text(String pointer) {
    return manifest.at(pointer).asText();
  }

  private static int major(byte[] classFile) throws IOException {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(classFile))) {
      in.skipNBytes(6);
      return in.readUnsignedShort();
    }
  }

  private static Map<String, byte[]> entries(InputStream archive) throws IOException {
    Map<String, byte[]> entries = new TreeMap<>();
    try (ZipInputStream zip = new ZipInputStream(archive)) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        if (!entry.isDirectory()) {
          entries.put(entry.getName(), zip.readAllBytes());
        }
      }
    }
    return entries;
  }
}
