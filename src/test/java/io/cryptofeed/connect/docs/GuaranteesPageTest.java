package io.cryptofeed.connect.docs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.CryptofeedSourceConnector;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.offset.ExactlyOnce;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tests that {@code docs/guarantees.md} names exist, and its tables match the profiles. */
class GuaranteesPageTest {

  private static final Path TESTS = Path.of("src/test/java");

  private static final Pattern NAMED_TEST = Pattern.compile("`(\\w+)#(\\w+)`");

  private static final Pattern EXCHANGE =
      Pattern.compile(
          "^\\| `([a-z_]+)` \\| ([^|]+) \\| ([^|]+) \\| (yes|no) \\|$", Pattern.MULTILINE);

  private static final Pattern JSON =
      Pattern.compile("^```json\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);

  private static final Pattern FAULT =
      Pattern.compile("^\\| (?!`|---|fault|channel|exchange)(.+) \\|$", Pattern.MULTILINE);

  private static final Pattern LINK = Pattern.compile("]\\(([^)#]+)[^)]*\\)");

  private final Venues venues = Venues.builtIn();

  static Stream<String> tests() {
    return NAMED_TEST.matcher(page()).results().map(MatchResult::group).distinct();
  }

  @ParameterizedTest
  @MethodSource("tests")
  void each_test_that_the_page_names_exists(String name)
      throws IOException, ClassNotFoundException {
    MatchResult named = NAMED_TEST.matcher(name).results().findFirst().orElseThrow();
    List<Path> files = sourcesOf(named.group(1));
    assertThat(files).as("classes %s", named.group(1)).hasSize(1);
    assertThat(testsOf(files.get(0))).contains(named.group(2));
  }

  @Test
  void each_fault_names_a_test() {
    List<String> faults = FAULT.matcher(page()).results().map(fault -> fault.group(1)).toList();
    assertThat(faults).hasSizeGreaterThan(20).allMatch(NAMED_TEST.asPredicate());
  }

  @Test
  void every_exchange_is_listed_with_its_exactly_once_support() {
    Map<String, String> written = rows(4);
    Map<String, String> known =
        venues.ids().stream().collect(Collectors.toMap(id -> id, this::holdsExactlyOnce));
    assertThat(written).isEqualTo(known);
  }

  @Test
  void the_numbering_of_each_exchange_matches_its_profile() {
    rows(2)
        .forEach(
            (id, ids) ->
                assertThat(ids)
                    .as(id)
                    .startsWith(
                        switch (venues.tradeNumbering(id, null)) {
                          case CONSECUTIVE -> "consecutive";
                          case INCREASING -> "increasing";
                          case UNORDERED -> "unordered";
                        }));
  }

  @Test
  void the_reach_of_each_history_matches_its_profile() {
    rows(3)
        .forEach(
            (id, written) -> {
              for (MarketType marketType : venues.marketTypes(id)) {
                TradeHistory history = venues.tradeHistory(id, marketType, null).orElseThrow();
                assertThat(written).as("%s %s", id, marketType).contains(reach(history));
              }
            });
  }

  @Test
  void the_offsets_of_the_example_are_accepted() throws IOException {
    Map<Map<String, ?>, Map<String, ?>> offsets = new HashMap<>();
    for (JsonNode entry : new ObjectMapper().readTree(example()).path("offsets")) {
      offsets.put(requireNonNull(map(entry.path("partition"))), map(entry.path("offset")));
    }
    assertThat(offsets).hasSize(4);
    assertThat(new CryptofeedSourceConnector().alterOffsets(Map.of(), offsets)).isTrue();
  }

  @Test
  void the_targets_of_its_links_exist() {
    assertThat(LINK.matcher(page()).results().map(link -> Path.of("docs", link.group(1))))
        .isNotEmpty()
        .allMatch(Files::exists);
  }

  private String holdsExactlyOnce(String exchange) {
    Map<String, String> trades =
        Map.of("exchanges", exchange, "symbols", "*", "channels", "trades");
    return ExactlyOnce.obstacle(trades).isEmpty() ? "yes" : "no";
  }

  private static String reach(TradeHistory history) {
    if (history.paging() == Paging.NEWEST) {
      return String.format(Locale.ROOT, "the newest %,d", history.pageTrades());
    }
    Duration reach = history.reach();
    return reach.isZero() ? "all" : reach.toDays() + " days";
  }

  /** A column of the table of exchanges, by exchange id. */
  private static Map<String, String> rows(int column) {
    return EXCHANGE
        .matcher(page())
        .results()
        .collect(Collectors.toMap(row -> row.group(1), row -> row.group(column)));
  }

  private static String example() {
    return JSON.matcher(page()).results().findFirst().orElseThrow().group(1);
  }

  @SuppressWarnings("NullAway") // An offset that is removed is null.
  private static Map<String, ?> map(JsonNode node) {
    return node.isNull() ? null : new ObjectMapper().convertValue(node, Map.class);
  }

  private static List<Path> sourcesOf(String className) throws IOException {
    try (Stream<Path> files = Files.walk(TESTS)) {
      return files.filter(file -> file.endsWith(className + ".java")).toList();
    }
  }

  /** The tests of a class, which is not initialised: some start a whole stack. */
  private static Set<String> testsOf(Path file) throws ClassNotFoundException {
    String name = TESTS.relativize(file).toString().replace(".java", "").replace('/', '.');
    Class<?> tests = Class.forName(name, false, GuaranteesPageTest.class.getClassLoader());
    return Arrays.stream(tests.getDeclaredMethods())
        .filter(
            method ->
                method.isAnnotationPresent(Test.class)
                    || method.isAnnotationPresent(TestFactory.class)
                    || method.isAnnotationPresent(ParameterizedTest.class))
        .map(Method::getName)
        .collect(Collectors.toSet());
  }

  private static String page() {
    try {
      return Files.readString(Path.of("docs/guarantees.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
