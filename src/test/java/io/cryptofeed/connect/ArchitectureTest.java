package io.cryptofeed.connect;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.simpleName;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures;
import io.cryptofeed.connect.exchange.Venues;

/** The floors of the house: a package uses only the floors below it. */
@AnalyzeClasses(
    packages = ArchitectureTest.ROOT,
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  static final String ROOT = "io.cryptofeed.connect";

  @ArchTest
  static final ArchRule a_package_uses_only_the_floors_below_it =
      Architectures.layeredArchitecture()
          .consideringOnlyDependenciesInLayers()
          .layer("market")
          .definedBy(ROOT + ".market")
          .layer("book")
          .definedBy(ROOT + ".book")
          .layer("proxy")
          .definedBy(ROOT + ".proxy..")
          .layer("net")
          .definedBy(ROOT + ".net")
          .layer("exchange")
          .definedBy(ROOT + ".exchange")
          .layer("ccxt")
          .definedBy(ROOT + ".ccxt")
          .layer("feed")
          .definedBy(ROOT + ".feed")
          .layer("record")
          .definedBy(ROOT + ".record")
          .layer("root")
          .definedBy(ROOT)
          .whereLayer("market")
          .mayNotAccessAnyLayer()
          .whereLayer("book")
          .mayOnlyAccessLayers("market")
          .whereLayer("proxy")
          .mayOnlyAccessLayers("market")
          .whereLayer("net")
          .mayOnlyAccessLayers("proxy", "market")
          .whereLayer("exchange")
          .mayOnlyAccessLayers("book", "market")
          .whereLayer("ccxt")
          .mayOnlyAccessLayers("net", "proxy", "market")
          .whereLayer("feed")
          .mayOnlyAccessLayers("ccxt", "net", "exchange", "book", "proxy", "market")
          .whereLayer("record")
          .mayOnlyAccessLayers("market")
          .whereLayer("root")
          .mayOnlyAccessLayers("record", "feed", "ccxt", "exchange", "proxy", "market");

  @ArchTest
  static final ArchRule every_class_lives_on_a_floor =
      classes()
          .should()
          .resideInAnyPackage(
              ROOT,
              ROOT + ".market",
              ROOT + ".book",
              ROOT + ".proxy..",
              ROOT + ".net",
              ROOT + ".exchange",
              ROOT + ".ccxt",
              ROOT + ".feed",
              ROOT + ".record");

  @ArchTest
  static final ArchRule packages_are_free_of_cycles =
      slices().matching(ROOT + ".(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule only_records_and_the_connector_know_kafka =
      noClasses()
          .that(
              resideInAnyPackage(
                  floors("market", "book", "proxy", "net", "exchange", "ccxt", "feed")))
          .should()
          .dependOnClassesThat(resideInAPackage("org.apache.kafka.."));

  @ArchTest
  static final ArchRule only_the_network_and_those_who_run_it_know_netty =
      noClasses()
          .that(
              resideInAnyPackage(
                  ROOT, ROOT + ".market", ROOT + ".book", ROOT + ".exchange", ROOT + ".record"))
          .should()
          .dependOnClassesThat(resideInAPackage("io.netty.."));

  /** Its classes are on the class path only where the component with CCXT is installed. */
  @ArchTest
  static final ArchRule only_exchanges_of_ccxt_know_graal =
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
                  ROOT,
                  ROOT + ".market",
                  ROOT + ".book",
                  ROOT + ".proxy",
                  ROOT + ".net",
                  ROOT + ".record"))
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

  /** Profiles are files, which {@code Venues} reads before there is any session. */
  @ArchTest
  static final ArchRule protocols_and_books_do_no_io_and_start_no_threads =
      noClasses()
          .that(resideInAnyPackage(floors("market", "book", "exchange")))
          .and(not(belongToAnyOf(Venues.class)))
          .and(not(simpleName("ProfileFolder")))
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
          .that(resideInAnyPackage(floors("market", "book", "exchange", "record")))
          .should()
          .callMethod(System.class, "nanoTime")
          .orShould()
          .callMethod(System.class, "currentTimeMillis")
          .orShould()
          .callMethod("java.time.Instant", "now")
          .orShould()
          .dependOnClassesThat()
          .haveFullyQualifiedName("java.time.Clock");

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
    String[] packages = new String[names.length];
    for (int i = 0; i < names.length; i++) {
      packages[i] = ROOT + "." + names[i] + (names[i].equals("proxy") ? ".." : "");
    }
    return packages;
  }
}
