package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.ccxt.CcxtHosts;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.LocalWorker;
import io.cryptofeed.connect.local.StackOptions;
import io.cryptofeed.connect.local.consumer.BookOracle;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.Tunnel;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exchanges that CCXT serves, on a real worker that has the component with CCXT as its plugin.
 *
 * <p>The system properties {@code ccxt.trades}, {@code ccxt.changes} and {@code ccxt.kills} make it
 * a long run.
 */
@Tag("ccxt")
final class CcxtIT {

  private static final int TRADES = Integer.getInteger("ccxt.trades", 50_000);
  private static final int CHANGES = Integer.getInteger("ccxt.changes", 20_000);
  private static final int KILLS = Integer.getInteger("ccxt.kills", 2);
  private static final long SEED = Long.getLong("kills.seed", System.nanoTime());

  /** Trades of an instrument that are made at once. */
  private static final int BURST = 100;

  /** Trades of an instrument that are made before the test waits for the connector. */
  private static final int PACE = 5 * BURST;

  /** Long, because each exchange starts a script and the machine may be busy. */
  private static final Duration LIMIT = Duration.ofMinutes(3);

  @TempDir static Path folder = Path.of("");

  private static LocalStack stack;

  @BeforeAll
  static void startStack() throws IOException {
    // This worker cannot resolve the name of any exchange.
    Path hosts = Files.writeString(folder.resolve("hosts"), "127.0.0.1 localhost\n");
    stack =
        LocalStack.start(
            StackOptions.ofBuild()
                .withComponentZip(Path.of(System.getProperty("hub.ccxt.zip", "not set")))
                .withTrust(LocalCertificates.create())
                .withWorkerJvmOptions(
                    "-Xmx1200m", "-XX:+UseSerialGC", "-Djdk.net.hosts.file=" + hosts));
  }

  @AfterAll
  static void closeStack() {
    stack.close();
  }

  private static ConnectorScene scene(String name) {
    return new ConnectorScene(stack, name, CcxtTradeVenues.ids().toArray(String[]::new));
  }

  // ---- Through the configured routes ----

  @Test
  void each_trade_of_three_exchanges_arrives_once_and_only_through_the_socks_proxy() {
    try (LocalSocksProxy proxy = new LocalSocksProxy().start();
        CcxtTradeVenues venues = CcxtTradeVenues.behind(proxy, stack.authority());
        ConnectorScene scene = scene("ccxt-trades");
        TradeLedger ledger = TradeLedger.comparedWith(scene, venues.expectedTrades())) {
      venues
          .configure(scene)
          .throughProxy("socks5h://127.0.0.1:" + proxy.port())
          .start()
          .awaitRunning();
      venues.awaitSubscribed(1);

      int each = TRADES / CcxtTradeVenues.INSTRUMENTS + 1;
      for (int made = 0; made < each; made += PACE) {
        int burst = Math.min(PACE, each - made);
        venues.trade(burst);
        // An exchange would disconnect a client that reads too slowly.
        ledger.awaitMore(burst * CcxtTradeVenues.INSTRUMENTS);
      }

      ledger.assertEachOnce(0);
      venues
          .expectedTrades()
          .forEach(
              (exchange, expected) ->
                  expected
                      .symbols()
                      .forEach(
                          symbol ->
                              assertThat(ledger.entriesOf(exchange + " " + symbol)).hasSize(each)));
      assertThat(ledger.gaps()).isZero();
      assertOnlyThrough(proxy, venues.all());
      assertThat(scene.stack().connect().status(scene.name()).trace()).isNull();
    }
  }

  @Test
  void books_of_three_exchanges_equal_the_exchanges_and_come_only_through_the_http_proxy() {
    try (LocalHttpProxy proxy = new LocalHttpProxy().start();
        CcxtBookVenues venues = CcxtBookVenues.behind(proxy, stack.authority());
        ConnectorScene scene = scene("ccxt-books")) {
      venues
          .configure(scene)
          .throughProxy("http://127.0.0.1:" + proxy.port())
          .start()
          .awaitRunning();
      for (String exchange : CcxtTradeVenues.ids()) {
        awaitFirstBooks(scene, exchange, venues::change);
      }

      for (int changes = 0; changes < CHANGES; changes += CcxtTradeVenues.INSTRUMENTS) {
        venues.change();
      }

      for (String exchange : CcxtTradeVenues.ids()) {
        awaitBooks(scene, exchange, venues.books(exchange));
      }
      for (String exchange : CcxtBookVenues.WITH_SEQUENCE) {
        BookReader.of(scene.records(exchange + ".l2_book"))
            .records()
            .forEach(
                (symbol, records) ->
                    BookOracle.compareAvro(
                        exchange + " " + symbol,
                        records,
                        record -> venues.bookAt(exchange, symbol, (Long) record.get("sequence")),
                        0));
      }
      assertOnlyThrough(proxy, venues.all());
      assertThat(scene.stack().connect().status(scene.name()).trace()).isNull();
    }
  }

  /** Waits for the books of both instruments; some are requested only at the first delta. */
  private static void awaitFirstBooks(ConnectorScene scene, String exchange, Runnable change) {
    scene.await(
        exchange + ".l2_book",
        records -> {
          change.run();
          return BookReader.of(records).books().size() == 2;
        });
  }

  private static void awaitBooks(ConnectorScene scene, String exchange, List<BookTruth> expected) {
    Awaitility.await("books of " + exchange)
        .atMost(LIMIT)
        .untilAsserted(
            () -> {
              scene.read();
              List<GenericRecord> records = scene.records(exchange + ".l2_book");
              assertThat(BookReader.of(records).books().values())
                  .containsExactlyInAnyOrderElementsOf(expected);
            });
  }

  /** Every connection to a venue came through the proxy, which was given the host name. */
  private static void assertOnlyThrough(LocalProxy<?> proxy, List<? extends VenueServer> venues) {
    assertThat(venues).extracting(VenueServer::connectionsRefused).containsOnly(0L);
    assertThat(venues.stream().mapToLong(VenueServer::connectionsAccepted).sum())
        .isPositive()
        .isEqualTo(proxy.tunnelsOpened());
    assertThat(proxy.tunnelsRequested()).extracting(Tunnel::isByName).containsOnly(true);
    List<CcxtHosts> hosts = CcxtTradeVenues.ids().stream().map(CcxtHosts::of).toList();
    // Markets that another connector has read are not requested again.
    assertThat(proxy.tunnelsRequested())
        .extracting(Tunnel::host)
        .containsAll(hosts.stream().map(CcxtHosts::stream).toList())
        .isSubsetOf(hosts.stream().flatMap(each -> Stream.of(each.rest(), each.stream())).toList());
  }

  // ---- Compared with the native exchanges ----

  @Test
  void trades_equal_those_of_the_profiles_except_for_the_documented_fields() {
    try (CcxtTradeVenues venues = CcxtTradeVenues.open();
        ConnectorScene profiles = scene("trades-by-profile");
        ConnectorScene scripts = scene("trades-by-ccxt")) {
      venues.configureProfiles(profiles).start().awaitRunning();
      venues.configureDirect(scripts).start().awaitRunning();
      venues.awaitSubscribed(2);
      venues.trade(PACE);

      Map<String, String> differing = new TreeMap<>();
      for (String exchange : CcxtTradeVenues.ids()) {
        String topic = exchange + ".trades";
        Map<String, GenericRecord> expected =
            byId(profiles.await(topic, all -> all.size() >= 2 * PACE));
        Map<String, GenericRecord> actual =
            byId(scripts.await(topic, all -> all.size() >= 2 * PACE));
        assertThat(actual).containsOnlyKeys(expected.keySet());
        expected.forEach(
            (id, trade) -> addDiffering(differing, trade, Objects.requireNonNull(actual.get(id))));
      }
      assertThat(differing.keySet()).as("%s", differing).isEqualTo(documentedDifferences("trades"));
    }
  }

  @Test
  void books_equal_those_of_the_profiles_except_for_the_documented_fields() {
    try (CcxtBookVenues venues = CcxtBookVenues.open();
        ConnectorScene profiles = scene("books-by-profile");
        ConnectorScene scripts = scene("books-by-ccxt")) {
      venues.configureProfiles(profiles).start().awaitRunning();
      venues.configureDirect(scripts).start().awaitRunning();
      for (String exchange : CcxtBookVenues.WITH_SEQUENCE) {
        awaitFirstBooks(profiles, exchange, venues::change);
        awaitFirstBooks(scripts, exchange, venues::change);
      }
      for (int i = 0; i < PACE; i++) {
        venues.change();
      }

      Map<String, String> differing = new TreeMap<>();
      for (String exchange : CcxtBookVenues.WITH_SEQUENCE) {
        awaitBooks(profiles, exchange, venues.books(exchange));
        awaitBooks(scripts, exchange, venues.books(exchange));
        Map<String, List<GenericRecord>> actual = lastDeltas(scripts, exchange);
        lastDeltas(profiles, exchange)
            .forEach((name, expected) -> addDiffering(differing, expected, actual.get(name)));
      }
      assertThat(differing.keySet())
          .as("%s", differing)
          .isEqualTo(documentedDifferences("l2_book"));
    }
  }

  /** The deltas since both connectors have the books, in order, by instrument. */
  private static Map<String, List<GenericRecord>> lastDeltas(
      ConnectorScene scene, String exchange) {
    Map<String, List<GenericRecord>> deltas =
        scene.records(exchange + ".l2_book").stream()
            .collect(Collectors.groupingBy(book -> book.get("symbol").toString()));
    assertThat(deltas).hasSize(2);
    deltas.replaceAll((symbol, all) -> all.subList(all.size() - PACE, all.size()));
    return deltas;
  }

  private static void addDiffering(
      Map<String, String> fields, List<GenericRecord> some, @Nullable List<GenericRecord> others) {
    assertThat(others).hasSameSizeAs(some);
    for (int i = 0; i < some.size(); i++) {
      addDiffering(fields, some.get(i), Objects.requireNonNull(others).get(i));
    }
  }

  private static Map<String, GenericRecord> byId(List<GenericRecord> trades) {
    Map<String, GenericRecord> byId = new TreeMap<>();
    trades.forEach(trade -> byId.put(trade.get("symbol") + " " + trade.get("trade_id"), trade));
    return byId;
  }

  /** Adds the fields in which two records differ, with an example. */
  private static void addDiffering(
      Map<String, String> fields, GenericRecord one, GenericRecord other) {
    for (Schema.Field field : one.getSchema().getFields()) {
      Object value = one.get(field.pos());
      if (!Objects.equals(value, other.get(field.pos()))) {
        fields.put(field.name(), value + " and " + other.get(field.pos()));
      }
    }
  }

  /** The fields that the page documents as different. */
  private static Set<String> documentedDifferences(String channel) {
    Pattern row = Pattern.compile("\\| `" + channel + "` \\| `(\\w+)` \\|.*");
    try (Stream<String> lines = Files.lines(Path.of("docs/ccxt.md"))) {
      return lines
          .map(row::matcher)
          .filter(Matcher::matches)
          .map(found -> found.group(1))
          .collect(Collectors.toCollection(TreeSet::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  // ---- Killed workers and lost connections ----

  @Test
  void a_worker_that_is_killed_and_exchanges_that_disconnect_lose_no_trade() {
    Random random = new Random(SEED);
    try (CcxtTradeVenues venues = CcxtTradeVenues.open();
        ConnectorScene scene = scene("ccxt-killed");
        TradeLedger ledger = TradeLedger.comparedWith(scene, venues.expectedTrades())) {
      venues.configureDirect(scene).start().awaitRunning();
      venues.awaitSubscribed(1);
      venues.trade(BURST);
      scene.awaitTradeOffsets(CcxtTradeVenues.INSTRUMENTS);
      // CCXT gets only Backpack's newest 1,000 trades, so an interruption must have fewer.
      for (int i = 0; i < KILLS; i++) {
        venues.trade(1 + random.nextInt(BURST));
        ledger.awaitMore(1 + random.nextInt(BURST));
        LocalWorker killed = stack.worker();
        killed.kill();
        venues.trade(1 + random.nextInt(BURST));
        stack.restartWorker(killed);
        venues.awaitSubscribed(1);
        venues.trade(BURST);
        ledger.awaitMore(BURST);

        venues.disconnect();
        venues.trade(1 + random.nextInt(BURST));
        venues.awaitSubscribed(1);
        venues.trade(BURST);
      }

      ledger.assertNothingIsLost(KILLS);
      System.out.println("CCXT, " + KILLS + " kills and disconnects, seed " + SEED + ": " + ledger);
      assertThat(ledger.gaps()).isPositive();
    }
  }

  // ---- Invalid bundles ----

  @Test
  void validation_rejects_a_bundle_that_is_missing_or_corrupt_or_too_old() throws Exception {
    try (ConnectorScene scene = scene("ccxt-bundle")) {
      scene.with("name", scene.name()).with("exchanges", "ccxt:bitrue").with("symbols", "BTC-USDT");
      Map<String, String> config = scene.config();
      assertThat(stack.connect().validate(config)).isEmpty();

      scene.with("ccxt.bundle.path", folder.resolve("none.js").toString());
      assertThat(bundleError(config)).contains("missing", "none.js does not exist");
      scene.with("ccxt.bundle.path", file("corrupt.js", new byte[] {1, (byte) 0xff, 2}));
      assertThat(bundleError(config)).contains("corrupt", "sha256");
      scene.with(
          "ccxt.bundle.path",
          file("old.js", "x(a,\"ccxtVersion\",\"4.4.99\");".getBytes(StandardCharsets.UTF_8)));
      assertThat(bundleError(config)).contains("too old", "4.4.99");
    }
  }

  private static String bundleError(Map<String, String> config) {
    Map<String, List<String>> errors = stack.connect().validate(config);
    assertThat(errors).containsOnlyKeys("ccxt.bundle.path");
    return String.join(" ", errors.getOrDefault("ccxt.bundle.path", List.of()));
  }

  private static String file(String name, byte[] content) throws IOException {
    return Files.write(folder.resolve(name), content).toString();
  }
}
