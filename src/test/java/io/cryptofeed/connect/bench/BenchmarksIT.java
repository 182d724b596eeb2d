package io.cryptofeed.connect.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every benchmark runs for a moment and prints its figures, whatever they are. Benchmarks are found
 * by their names, so that a new one takes part.
 */
final class BenchmarksIT {

  /** In place of a benchmark's own numbers; JMH measures without further JVMs. */
  private static final List<String> A_MOMENT =
      List.of(
          "-Dbench.rounds=1",
          "-Dbench.warmups=0",
          "-Dbench.seconds=0.1",
          "-Dbench.forks=0",
          "-Djmh.ignoreLock=true");

  /** What the build tells its integration tests. */
  private static final List<String> OF_THE_BUILD =
      List.of("stack.directory", "hub.zip", "captures.dir", "real.proxies", "ccxt.bundle");

  private static final long LIMIT_MINUTES = 4;

  @TempDir private Path folder;

  @ParameterizedTest
  @MethodSource("benchmarks")
  void prints_its_figures(Class<?> benchmark) throws Exception {
    List<Table> tables = Table.all(output(benchmark));

    assertThat(tables).isNotEmpty();
    SoftAssertions.assertSoftly(softly -> tables.forEach(table -> table.check(softly)));
  }

  @ParameterizedTest
  @MethodSource("benchmarksOfCcxt")
  @Tag("ccxt")
  void prints_its_figures_with_ccxt(Class<?> benchmark) throws Exception {
    prints_its_figures(benchmark);
  }

  @ParameterizedTest
  @MethodSource({"benchmarks", "benchmarksOfCcxt"})
  void is_an_execution_of_the_build(Class<?> benchmark) {
    assertThat(Path.of("pom.xml"))
        .content()
        .contains("<argument>" + benchmark.getName() + "</argument>");
  }

  static Stream<Class<?>> benchmarks() {
    return all().filter(benchmark -> !needsCcxt(benchmark));
  }

  static Stream<Class<?>> benchmarksOfCcxt() {
    return all().filter(BenchmarksIT::needsCcxt);
  }

  private static Stream<Class<?>> all() {
    return new ClassFileImporter()
        .importPackages(BenchmarksIT.class.getPackageName()).stream()
            .filter(found -> found.getSimpleName().endsWith("Benchmark"))
            .filter(found -> found.tryGetMethod("main", String[].class).isPresent())
            .<Class<?>>map(JavaClass::reflect)
            .sorted((one, other) -> one.getName().compareTo(other.getName()));
  }

  private static boolean needsCcxt(Class<?> benchmark) {
    return Arrays.stream(benchmark.getAnnotationsByType(Tag.class))
        .anyMatch(tag -> tag.value().equals("ccxt"));
  }

  /** Runs a benchmark in a JVM of its own, which has to end with status 0. */
  private List<String> output(Class<?> benchmark) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Xmx1g");
    command.addAll(A_MOMENT);
    OF_THE_BUILD.forEach(name -> command.add("-D" + name + "=" + System.getProperty(name, "")));
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), benchmark.getName()));
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertThat(process.waitFor(LIMIT_MINUTES, TimeUnit.MINUTES))
          .as("%s ends within %d minutes:\n%s", benchmark, LIMIT_MINUTES, Files.readString(output))
          .isTrue();
      assertThat(process.exitValue())
          .as("the status of %s:\n%s", benchmark, Files.readString(output))
          .isZero();
      return Files.readAllLines(output);
    } finally {
      process.destroyForcibly();
    }
  }

  /** A table of Markdown: lines that begin with a bar, the first of which is the header. */
  private record Table(List<List<String>> lines) {

    static List<Table> all(List<String> output) {
      List<Table> tables = new ArrayList<>();
      boolean inside = false;
      for (String line : output) {
        if (line.startsWith("|")) {
          if (!inside) {
            tables.add(new Table(new ArrayList<>()));
          }
          String[] cells = line.substring(1).split("\\|");
          tables
              .get(tables.size() - 1)
              .lines()
              .add(Arrays.stream(cells).map(String::strip).toList());
        }
        inside = line.startsWith("|");
      }
      return tables;
    }

    void check(SoftAssertions softly) {
      List<String> header = lines.get(0);
      softly.assertThat(lines).as("a header, a ruler and rows").hasSizeGreaterThan(2);
      for (List<String> row : lines.subList(Math.min(2, lines.size()), lines.size())) {
        softly.assertThat(row).as("a row under %s", header).hasSameSizeAs(header);
        for (String figure : row.subList(1, row.size())) {
          softly
              .assertThat(Double.parseDouble(figure.replace(",", "")))
              .as("%s in %s under %s", figure, row, header)
              .isFinite();
        }
      }
    }
  }
}
