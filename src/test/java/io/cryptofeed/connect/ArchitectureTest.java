package io.cryptofeed.connect;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.record.schema.Decimals;
import io.cryptofeed.connect.text.LogContext;
import io.cryptofeed.connect.text.PlainFile;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The floors of the house: a package uses only the floors below it. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  static final String ROOT = "io.cryptofeed.connect";

  /**
   * The floors from the ground up; the rooms of one floor do not know each other unless they say
   * so.
   */
  private static final Map<String, List<String>> MAY_USE = new LinkedHashMap<>();

  static {
    room("market");
    room("text");
    room("metrics");
    room("book", "market");
    room("proxy..", "metrics", "text");
    room("record.schema", "market");
    room("record", "record.schema", "market");
    room("net", "proxy..", "text");
    room("exchange.spi", "book", "market", "text");
    room("exchange.profile", "exchange.spi", "book", "market", "text");
    room("exchange.read", "exchange.profile", "exchange.spi", "book", "market");
    room("exchange", "exchange.read", "exchange.profile", "exchange.spi", "book", "market", "text");
    room("ccxt", "net", "proxy..", "market", "text");
    room("feed..", "exchange.spi", "book", "net", "proxy..", "metrics", "market", "text");
    room("provider", "market");
    room(
        "provider.venue",
        "provider",
        "feed..",
        "exchange.spi",
        "net",
        "proxy..",
        "book",
        "market",
        "text");
    room(
        "provider.ccxt",
        "provider",
        "feed..",
        "ccxt",
        "exchange.spi",
        "net",
        "proxy..",
        "book",
        "market",
        "text");
    room(
        "config",
        "exchange",
        "exchange.spi",
        "ccxt",
        "feed..",
        "record",
        "record.schema",
        "proxy..",
        "metrics",
        "market",
        "text");
    room(
        "offset",
        "config",
        "exchange",
        "exchange.spi",
        "feed..",
        "record",
        "record.schema",
        "market");
    room("ops", "feed..", "record", "proxy..", "metrics", "market");
    room("task", "*");
    room("", "task", "offset", "config", "exchange", "record", "ops", "text");
  }

  private static void room(String name, String... rooms) {
    MAY_USE.put(name, List.of(rooms));
  }

  @ArchTest
  static void a_room_uses_only_the_rooms_below_it(JavaClasses connector) {
    MAY_USE.forEach(
        (room, below) -> {
          if (!below.contains("*")) {
            List<String> allowed = new ArrayList<>(below);
            allowed.add(room);
            classes()
                .that()
                .resideInAPackage(packageOf(room))
                .should()
                .onlyDependOnClassesThat(
                    resideOutsideOfPackage(ROOT + "..")
                        .or(
                            resideInAnyPackage(
                                allowed.stream()
                                    .map(ArchitectureTest::packageOf)
                                    .toArray(String[]::new))))
                .check(connector);
          }
        });
  }

  @ArchTest
  static final ArchRule every_class_lives_in_a_room =
      classes()
          .should()
          .resideInAnyPackage(
              MAY_USE.keySet().stream().map(ArchitectureTest::packageOf).toArray(String[]::new));

  @ArchTest
  static final ArchRule no_two_packages_need_each_other =
      slices().matching("(" + ROOT + "..)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule profiles_and_readers_are_private_to_the_exchange_engine =
      classes()
          .that()
          .resideInAnyPackage(floors("exchange.profile", "exchange.read"))
          .should()
          .onlyBeAccessed()
          .byAnyPackage(floors("exchange", "exchange.profile", "exchange.read"));

  @ArchTest
  static final ArchRule providers_do_not_know_each_other =
      slices().matching(ROOT + ".provider.(*)..").should().notDependOnEachOther();

  @ArchTest
  static final ArchRule only_tests_are_named_like_tests =
      noClasses().should().haveSimpleNameEndingWith("Test");

  @ArchTest
  static final ArchRule only_records_and_the_connector_know_kafka =
      noClasses()
          .that(
              resideInAnyPackage(
                  floors(
                      "text",
                      "metrics",
                      "market",
                      "book",
                      "proxy..",
                      "net",
                      "exchange..",
                      "ccxt",
                      "feed..",
                      "provider..")))
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.kafka.."));

  @ArchTest
  static final ArchRule only_the_network_and_those_who_run_it_know_netty =
      noClasses()
          .that(
              resideInAnyPackage(
                  floors(
                      "",
                      "text",
                      "metrics",
                      "market",
                      "book",
                      "exchange..",
                      "record..",
                      "config",
                      "offset")))
          .should()
          .dependOnClassesThat(resideInAPackage("io.netty.."));

  /** Its classes are on the class path only where the component with CCXT is installed. */
  @ArchTest
  static final ArchRule only_the_script_host_knows_graal =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".ccxt")
          .should()
          .dependOnClassesThat(resideInAPackage("org.graalvm.."));

  @ArchTest
  static final ArchRule only_protocols_know_json =
      noClasses()
          .that(
              resideInAnyPackage(
                  floors(
                      "",
                      "task",
                      "config",
                      "offset",
                      "ops",
                      "metrics",
                      "market",
                      "book",
                      "proxy",
                      "net",
                      "record..")))
          .should()
          .dependOnClassesThat(resideInAPackage("com.fasterxml.jackson.."));

  @ArchTest
  static final ArchRule every_socket_is_opened_by_the_proxy_layer =
      noClasses()
          .that()
          .resideOutsideOfPackage(ROOT + ".proxy..")
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("io.netty.bootstrap.Bootstrap")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.Socket")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.URLConnection")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.net.HttpURLConnection")
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.nio\\.channels\\..*(Socket|Datagram)Channel")
          .orShould()
          .dependOnClassesThat(resideInAPackage("java.net.http.."))
          .orShould()
          .callMethod("java.net.URL", "openStream")
          .orShould()
          .callMethod("java.net.URL", "openConnection");

  /**
   * Profiles are files, which {@code Venues} reads before there is any session. The threads of
   * others get their log context from {@code LogContext}.
   */
  @ArchTest
  static final ArchRule protocols_and_books_do_no_io_and_start_no_threads =
      noClasses()
          .that(resideInAnyPackage(floors("market", "text", "book", "exchange..")))
          .and(not(belongToAnyOf(Venues.class)))
          .and(not(simpleName("ProfileFolder")))
          .and(not(belongToAnyOf(PlainFile.class, LogContext.class)))
          .should()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.lang.Thread")
          .orShould()
          .dependOnClassesThat(
              resideInAnyPackage(
                  "java.util.concurrent", "java.nio.file..", "java.util.concurrent.locks"))
          .orShould()
          .dependOnClassesThat()
          .haveNameMatching("java\\.net\\.(Inet.*|Socket.*|ServerSocket|Datagram.*|URL|Proxy.*)");

  @ArchTest
  static final ArchRule protocols_and_books_read_no_clock =
      noClasses()
          .that(resideInAnyPackage(floors("market", "text", "book", "exchange..", "record..")))
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod("java.time.Instant", "now")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock");

  /** A text of eleven characters may be a number of a billion digits. */
  @ArchTest
  static final ArchRule numbers_from_outside_are_read_and_scaled_within_bounds =
      noClasses()
          .that(not(belongToAnyOf(DecimalText.class, Decimals.class)))
          .should()
          .callConstructor(BigDecimal.class, String.class)
          .orShould()
          .callConstructor(BigDecimal.class, char[].class)
          .orShould()
          .callConstructor(BigDecimal.class, double.class)
          .orShould()
          .callConstructor(BigInteger.class, String.class)
          .orShould()
          .callMethod(BigDecimal.class, "setScale", int.class)
          .orShould()
          .callMethod(BigDecimal.class, "setScale", int.class, RoundingMode.class)
          .orShould()
          .callMethod(BigDecimal.class, "movePointLeft", int.class)
          .orShould()
          .callMethod(BigDecimal.class, "movePointRight", int.class)
          .orShould()
          .callMethod(BigDecimal.class, "scaleByPowerOfTen", int.class)
          .orShould()
          .callMethod(BigDecimal.class, "toBigInteger");

  @ArchTest
  static final ArchRule nobody_prints_or_exits =
      noClasses()
          .should()
          .accessField(System.class, "out")
          .orShould()
          .accessField(System.class, "err")
          .orShould()
          .callMethod(System.class, "exit", int.class);

  private static String[] floors(String... names) {
    return Arrays.stream(names).map(ArchitectureTest::packageOf).toArray(String[]::new);
  }

  private static String packageOf(String room) {
    return room.isEmpty() ? ROOT : ROOT + "." + room;
  }
}
