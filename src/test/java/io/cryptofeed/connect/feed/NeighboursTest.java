package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.MarketRecorder.SeenTrade;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.local.venue.scripted.NeighbourVenue;
import io.cryptofeed.connect.local.venue.scripted.NeighbourVenue.Fault;
import io.cryptofeed.connect.local.venue.scripted.VenueTemplate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.provider.venue.Subscription;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.task.Feeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.kafka.connect.data.Struct;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two instruments of every exchange share its connections, and the odd one has each fault of a list
 * in turn, on all of its channels. The records of the other one are those of a run without faults,
 * and no connection is replaced. The odd one is reported, loses no trade, and has the exchange's
 * book in the end.
 *
 * <p>All cases of all exchanges run at the same time: most of them wait.
 */
class NeighboursTest {

  private static final List<String> EXCHANGES =
      List.of(
          "binance",
          "binance_futures",
          "bybit",
          "okx",
          "kraken",
          "coinbase",
          "coinbase_advanced",
          "htx",
          "htx_swap",
          "backpack");

  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int AT_ONCE = 24;
  private static final int BASELINE_ROUNDS = 500;
  private static final long HOUR_NANOS = Duration.ofHours(1).toNanos();

  /** The first message of every venue, an hour ago. */
  private static final long START_NANOS = System.currentTimeMillis() * 1_000_000 - HOUR_NANOS;

  /** Times of the venues are before this time, times of arrival after it. */
  private static final long ARRIVAL_NANOS = START_NANOS + HOUR_NANOS / 2;

  private static final Set<Status> CONNECTION = Set.of(Status.CONNECTED, Status.DISCONNECTED);

  private static final Set<Status> BOOK_FAULTS =
      Set.of(Status.GAP, Status.RESYNC, Status.CHECKSUM_MISMATCH);

  /** Messages that cannot be read: trade, change of the book and quote are lost. */
  private static final Map<String, Fault> MALFORMED = new LinkedHashMap<>();

  /**
   * Of a message that is not JSON or has no symbol, nobody knows which instrument it was about.
   * Where no later message shows that one is missing, every instrument may have lost it.
   */
  private static final Set<String> NAMELESS =
      Set.of(
          "cut JSON",
          "cut JSON at its start",
          "HTML",
          "a number",
          "no symbol",
          "null for a symbol");

  /** Messages that belong to no stream. */
  private static final List<String> NOISE = List.of("{}", "[]", "{\"a\":{\"b\":[{\"c\":null}]}}");

  /** Messages that are odd, and may be read or not. */
  private static final Map<String, Fault> ODD = new LinkedHashMap<>();

  static {
    MALFORMED.put("cut JSON", Fault.ofText(text -> text.substring(0, text.length() * 3 / 4)));
    MALFORMED.put("cut JSON at its start", Fault.ofText(text -> text.substring(0, 3)));
    MALFORMED.put("a number", Fault.ofText(text -> "7"));
    MALFORMED.put("HTML", Fault.ofText(text -> "<html>maintenance</html>"));
    template(MALFORMED, "an object for a size", VenueTemplate.replace("size", "{\"is\":1}"));
    template(MALFORMED, "a list for a price", VenueTemplate.replace("price", "[1]"));
    template(MALFORMED, "a boolean for a size", VenueTemplate.replace("size", "true"));
    template(MALFORMED, "no price", VenueTemplate.drop("price"));
    template(MALFORMED, "no size", VenueTemplate.drop("size"));
    template(MALFORMED, "null for a price", VenueTemplate.replace("price", "null"));
    template(MALFORMED, "text for a price", VenueTemplate.replace("price", "\"one\""));
    template(MALFORMED, "empty text for a price", VenueTemplate.replace("price", "\"\""));
    template(MALFORMED, "NaN", VenueTemplate.put("size", "NaN"));
    template(MALFORMED, "infinity", VenueTemplate.put("size", "Infinity"));
    template(MALFORMED, "a negative size", VenueTemplate.put("size", "-1"));
    template(MALFORMED, "a negative price", VenueTemplate.put("price", "-1"));
    template(MALFORMED, "an odd size", VenueTemplate.put("size", "0.-10000"));
    template(MALFORMED, "a hexadecimal size", VenueTemplate.put("size", "0x10"));
    template(MALFORMED, "a size with a comma", VenueTemplate.replace("size", "\"1,5\""));
    template(MALFORMED, "a huge exponent", VenueTemplate.put("size", "1e999999999"));
    template(MALFORMED, "a tiny exponent", VenueTemplate.put("price", "1e-999999999"));

    template(ODD, "an unknown side", VenueTemplate.replace("side", "\"hold\""));
    template(ODD, "null for a side", VenueTemplate.replace("side", "null"));
    template(ODD, "no side", VenueTemplate.drop("side"));
    template(ODD, "a wanted name twice", VenueTemplate.twice("size"));
    template(ODD, "a sequence number twice", VenueTemplate.twice("seq"));
    template(ODD, "no symbol", VenueTemplate.drop("symbol"));
    template(ODD, "null for a symbol", VenueTemplate.replace("symbol", "null"));
    template(ODD, "no id", VenueTemplate.drop("id"));
    template(ODD, "no sequence number", VenueTemplate.drop("seq"));
    template(ODD, "text for a sequence number", VenueTemplate.replace("seq", "\"x\""));
    template(ODD, "no time", VenueTemplate.drop("time"));
    template(ODD, "null for a time", VenueTemplate.replace("time", "null"));
    template(ODD, "null for a side of the book", VenueTemplate.replace("asks", "null"));
    template(ODD, "an absent side of the book", VenueTemplate.drop("asks"));
    template(ODD, "an object for a side of the book", VenueTemplate.replace("asks", "{}"));
    template(ODD, "a level that is not one", VenueTemplate.replace("asks", "[7]"));
    template(ODD, "an empty level", VenueTemplate.replace("asks", "[[]]"));
  }

  private static void template(
      Map<String, Fault> faults, String name, UnaryOperator<String> change) {
    faults.put(name, Fault.ofTemplate(change));
  }

  /** The records of each exchange without a fault. */
  private static final Map<String, CompletableFuture<Records>> BASELINES =
      new ConcurrentHashMap<>();

  @TempDir private static Path profiles;

  private final ExecutorService threads =
      Executors.newFixedThreadPool(
          AT_ONCE,
          task -> {
            Thread thread = new Thread(task, "neighbours");
            thread.setDaemon(true);
            return thread;
          });

  @TestFactory
  Stream<DynamicNode> a_fault_of_one_instrument_costs_the_other_nothing() throws IOException {
    List<DynamicNode> exchanges = new ArrayList<>();
    for (String exchange : EXCHANGES) {
      writeProfiles(exchange);
    }
    for (String exchange : EXCHANGES) {
      exchanges.add(DynamicContainer.dynamicContainer(exchange, cases(exchange)));
    }
    return exchanges.stream().onClose(threads::shutdownNow);
  }

  /** The profile of an exchange without its limits, and one whose streams are soon stale. */
  private static void writeProfiles(String exchange) throws IOException {
    String fast =
        """
        venue: %s
        extends: %s
        limits:
          sent_frames: {permits: 1000, window: 1s}
          connects: {permits: 1000, window: 1s}
          rest_weight: {permits: 100000, window: 1s}
        """;
    Files.writeString(
        profiles.resolve(exchange + "_x.yaml"), fast.formatted(exchange + "_x", exchange));
    Files.writeString(
        profiles.resolve(exchange + "_y.yaml"),
        fast.formatted(exchange + "_y", exchange)
            + """
            liveness:
              first_data: {trades: 1s, l2_book: 1s, quotes: 1s}
              stale_after: {trades: 1s, l2_book: 1s, quotes: 1s}
            """);
  }

  private List<DynamicNode> cases(String exchange) {
    VenueTemplate template = VenueTemplate.of(exchange);
    BASELINES.put(exchange, CompletableFuture.supplyAsync(() -> withoutFaults(template), threads));
    List<DynamicNode> cases = new ArrayList<>();
    MALFORMED.forEach(
        (name, fault) ->
            cases.add(start(template, name, run -> malformed(run, name, fault, true))));
    ODD.forEach(
        (name, fault) -> {
          // A stream of another name is another stream.
          if (!(template.hidesSymbols() && name.endsWith(" symbol"))) {
            cases.add(start(template, name, run -> malformed(run, name, fault, false)));
          }
        });
    cases.add(start(template, "messages of no stream", NeighboursTest::noise));
    List<Fault> times = placeholders(template);
    for (int i = 0; i < times.size(); i++) {
      Fault fault = times.get(i);
      cases.add(start(template, "placeholder time " + i, run -> placeholder(run, fault)));
    }
    cases.add(start(template, "silence", NeighboursTest::silence));
    cases.add(start(template, "rejected subscriptions", NeighboursTest::refusal));
    cases.add(start(template, "halted", NeighboursTest::halted));
    cases.add(start(template, "delisted", NeighboursTest::delisted));
    if (template.linksBooks() || template.numbersConnections()) {
      cases.add(start(template, "a lost change", NeighboursTest::lostChange));
    }
    if (template.hasChecksums()) {
      cases.add(start(template, "a wrong checksum", NeighboursTest::wrongChecksum));
    }
    return cases;
  }

  /** Times that no event can have: the epoch, the year 1, and other units. */
  private static List<Fault> placeholders(VenueTemplate template) {
    List<String> values =
        template.hasTextTimes()
            ? List.of("1970-01-01T00:00:00Z", "0001-01-01T00:00:00.000000Z")
            : List.of(
                "0",
                "-62135596800000",
                Long.toString(START_NANOS / 1_000_000_000),
                START_NANOS + "000");
    return values.stream()
        .map(value -> Fault.ofTemplate(VenueTemplate.put("time", value)))
        .toList();
  }

  /** Starts a case at once; its test waits for it. */
  private DynamicTest start(VenueTemplate template, String name, Consumer<Run> body) {
    CompletableFuture<Void> result =
        CompletableFuture.runAsync(
            () -> {
              boolean quick = Set.of("silence", "rejected subscriptions", "halted").contains(name);
              try (Run run = new Run(template, template.exchange() + (quick ? "_y" : "_x"), name)) {
                body.accept(run);
              }
            },
            threads);
    return DynamicTest.dynamicTest(
        name,
        () -> {
          try {
            result.join();
          } catch (CompletionException e) {
            throw e.getCause();
          }
        });
  }

  // ---- The faults ----

  private static void malformed(Run run, String name, Fault fault, boolean isLost) {
    run.begin();
    run.rounds(2);
    run.venue.odd(fault);
    run.venue.other();
    run.rounds(3);
    run.awaitRecovered();
    run.assertReportedOnce();
    if (isLost) {
      assertThat(run.malformed() + run.unknown()).isPositive();
      assertThat(run.bookFaults(run.oddKey)).isEqualTo(1);
    }
    // A name that occurs twice makes the whole message invalid, its number included.
    boolean unnumbered = run.template.numbersConnections() && name.endsWith(" twice");
    if (unnumbered || (NAMELESS.contains(name) && run.template.isBlind())) {
      run.assertNeighbourRecovered();
    } else {
      run.assertNeighbour();
    }
  }

  private static void noise(Run run) {
    run.begin();
    run.rounds(2);
    NOISE.forEach(run.venue::noise);
    run.rounds(3);
    run.awaitRecovered();
    run.assertNeighbour();
    assertThat(run.statuses(run.oddKey))
        .extracting(FeedStatus::status)
        .containsOnly(Status.CONNECTED);
  }

  private static void placeholder(Run run, Fault fault) {
    run.begin();
    run.rounds(2);
    run.venue.odd(fault);
    run.venue.other();
    run.rounds(3);
    run.awaitRecovered();
    run.assertNeighbour();
    assertThat(run.malformed()).isZero();
    assertThat(run.statuses(run.oddKey))
        .extracting(FeedStatus::status)
        .containsOnly(Status.CONNECTED);
    assertThat(run.recorder.trades(run.oddKey))
        .allSatisfy(
            trade ->
                assertThat(trade.eventNs()).isBetween(START_NANOS, START_NANOS + 2 * HOUR_NANOS));
  }

  private static void silence(Run run) {
    run.begin();
    run.rounds(2);
    run.venue.silence(true);
    run.otherUntil(() -> run.has(Status.STALE) == run.channels());
    run.otherUntil(() -> run.subscribedAgain());
    run.venue.silence(false);
    run.roundsUntil(() -> run.has(Status.LIVE) == run.channels());
    run.awaitRecovered();
    run.assertNeighbour();
    assertThat(run.has(Status.STALE)).isEqualTo(run.channels());
  }

  private static void refusal(Run run) {
    run.venue.refuse(true);
    run.start();
    await().atMost(LIMIT).until(run::otherSubscribed);
    run.venue.other();
    await().atMost(LIMIT).until(() -> !run.recorder.books(run.otherKey).isEmpty());
    run.otherUntil(() -> run.has(Status.STALE) == run.channels());
    run.rounds(3);
    if (!run.template.identifiesRejections()) {
      run.assertNeighbourRecovered();
    } else {
      run.assertNeighbour();
      assertThat(run.recorder.trades(run.oddKey)).isEmpty();
      assertThat(run.statuses(run.oddKey))
          .allSatisfy(status -> assertThat(status.reason()).contains("rejected the subscription"));
    }
  }

  private static void halted(Run run) {
    run.begin();
    run.rounds(2);
    run.venue.setState("halted");
    run.roundsUntil(() -> run.has(Status.HALTED) == run.channels());
    // Twice as long as a stream may be silent.
    int rounds = run.venue.otherTrades().size() + 20;
    run.otherUntil(() -> run.venue.otherTrades().size() > rounds);
    run.venue.setState("trading");
    run.roundsUntil(() -> run.has(Status.RESUMED) == run.channels());
    run.rounds(2);
    run.awaitRecovered();
    run.assertNeighbour();
    assertThat(run.has(Status.STALE)).isZero();
    assertThat(run.subscribedAgain()).isFalse();
  }

  private static void delisted(Run run) {
    run.begin();
    run.rounds(2);
    run.venue.list(false);
    run.otherUntil(() -> run.has(Status.DELISTED) > 0);
    run.venue.list(true);
    run.otherUntil(() -> run.has(Status.LISTED) > 0);
    run.otherUntil(run::subscribedAgain);
    // An instrument that is added has a connection of its own.
    run.connections = run.venue.webSocketsOpened();
    run.roundsUntil(run::isRecovered);
    run.assertNeighbour();
  }

  private static void lostChange(Run run) {
    run.begin();
    run.rounds(2);
    run.venue.loseChange();
    run.rounds(3);
    run.awaitRecovered();
    assertThat(run.bookFaults(run.oddKey)).isEqualTo(1);
    if (run.template.numbersConnections()) {
      run.assertNeighbourRecovered();
    } else {
      run.assertNeighbour();
    }
  }

  private static void wrongChecksum(Run run) {
    run.begin();
    run.rounds(2);
    run.venue.breakChecksum();
    run.rounds(3);
    run.awaitRecovered();
    run.assertNeighbour();
    assertThat(run.has(Status.CHECKSUM_MISMATCH)).isEqualTo(1);
  }

  // ---- A run of the two instruments ----

  /** What was recorded of one instrument. */
  private record Records(List<SeenTrade> trades, List<String> books, List<String> quotes) {

    /**
     * The records of the first rounds; each round has one of each kind, and there is a snapshot.
     */
    private Records of(int rounds) {
      return new Records(
          trades.subList(0, rounds),
          books.subList(0, rounds + books.size() - trades.size()),
          quotes.subList(0, rounds));
    }
  }

  /** What is recorded of the other instrument if nothing is wrong. */
  private Records withoutFaults(VenueTemplate template) {
    try (Run run = new Run(template, template.exchange() + "_x", "no fault")) {
      run.begin();
      run.rounds(BASELINE_ROUNDS);
      await().atMost(LIMIT).until(() -> run.recorder.quotes(run.otherKey).size() > BASELINE_ROUNDS);
      await().atMost(LIMIT).until(() -> run.recorder.trades(run.otherKey).size() > BASELINE_ROUNDS);
      await()
          .atMost(LIMIT)
          .until(() -> run.recorder.bookEquals(run.otherKey, run.venue.otherBook()));
      return run.records();
    }
  }

  /** A venue with its two instruments, and the feed that streams them. */
  private static final class Run implements AutoCloseable {

    private final VenueTemplate template;
    private final NeighbourVenue venue;
    private final MarketRecorder recorder = new MarketRecorder();
    private final List<FatalFeedException> fatal = new ArrayList<>();
    private final String oddKey;
    private final String otherKey;
    private final Feeds feeds;
    private long connections;

    private Run(VenueTemplate template, String profile, String name) {
      this.template = template;
      venue = NeighbourVenue.start(template, START_NANOS);
      oddKey = profile + "." + venue.oddKey();
      otherKey = profile + "." + venue.otherKey();
      boolean refreshes = name.equals("halted") || name.equals("delisted");
      Subscription subscription =
          new Subscription(
              Venues.withProfilesOf(profiles, Channels.BUILT_IN)
                  .open(profile, FeedsUnderTest.at(venue.port(), template.tradesMode(), null)),
              Set.copyOf(NeighbourVenue.CHANNELS),
              Stream.of(oddKey, otherKey)
                  .map(key -> key.substring(key.lastIndexOf('.') + 1))
                  .toList(),
              "symbols",
              List.of(),
              UnlistedSymbols.FAIL,
              refreshes ? Duration.ofMillis(300) : Duration.ZERO);
      feeds =
          new Feeds(
              List.of(subscription),
              List.of(),
              new ProxyInjector(ProxySettings.disabled()),
              recorder,
              BookOptions.ALL,
              BackfillOptions.DEFAULT,
              instrument -> null,
              fatal::add,
              "neighbours");
    }

    private void start() {
      feeds.start();
    }

    /** Streams both instruments, each with a valid book. */
    private void begin() {
      start();
      await()
          .atMost(LIMIT)
          .until(
              () ->
                  otherSubscribed()
                      && NeighbourVenue.CHANNELS.stream()
                          .allMatch(channel -> venue.oddSubscriptions(channel) > 0));
      rounds(1);
      await()
          .atMost(LIMIT)
          .until(() -> !recorder.books(oddKey).isEmpty() && !recorder.books(otherKey).isEmpty());
      connections = venue.webSocketsOpened();
    }

    private boolean otherSubscribed() {
      boolean subscribed =
          NeighbourVenue.CHANNELS.stream()
              .allMatch(channel -> venue.otherSubscriptions(channel) > 0);
      connections = venue.webSocketsOpened();
      return subscribed;
    }

    private boolean subscribedAgain() {
      return NeighbourVenue.CHANNELS.stream()
          .allMatch(channel -> venue.oddSubscriptions(channel) > 1);
    }

    private void rounds(int count) {
      for (int i = 0; i < count; i++) {
        venue.odd();
        venue.other();
      }
    }

    private void otherUntil(Condition condition) {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                venue.other();
                return condition.holds();
              });
    }

    private void roundsUntil(Condition condition) {
      await()
          .atMost(LIMIT)
          .pollInterval(Duration.ofMillis(100))
          .until(
              () -> {
                rounds(1);
                return condition.holds();
              });
    }

    /** The odd instrument has all trades, the newest quote, and the book of the exchange. */
    private void awaitRecovered() {
      roundsUntil(this::isRecovered);
    }

    private boolean isRecovered() {
      // The connector may still read the last round.
      List<String> ids = venue.oddTrades();
      List<String> seen = recorder.trades(oddKey).stream().map(SeenTrade::text).toList();
      return seen.containsAll(ids.subList(0, ids.size() - 1))
          && recorder.bookEquals(oddKey, venue.oddBook())
          && !recorder.quotes(oddKey).isEmpty();
    }

    private int channels() {
      return NeighbourVenue.CHANNELS.size();
    }

    private long malformed() {
      return feeds.counters().malformed().sum();
    }

    private long unknown() {
      return feeds.counters().unknown().sum();
    }

    private List<FeedStatus> statuses(String key) {
      return recorder.statuses().stream()
          .filter(status -> status.stream().instrument().key().equals(key))
          .toList();
    }

    private int has(Status status) {
      return (int) statuses(oddKey).stream().filter(each -> each.status() == status).count();
    }

    private long bookFaults(String key) {
      return statuses(key).stream()
          .filter(status -> status.stream().channel() == Channel.L2_BOOK)
          .filter(status -> BOOK_FAULTS.contains(status.status()))
          .count();
    }

    /** A problem of the odd instrument has at most one status of each kind for each channel. */
    private void assertReportedOnce() {
      assertThat(bookFaults(oddKey)).isLessThanOrEqualTo(1);
      assertThat(statuses(oddKey))
          .filteredOn(status -> !CONNECTION.contains(status.status()))
          .extracting(status -> status.stream().channel() + " " + status.status())
          .doesNotHaveDuplicates();
    }

    /** The other instrument has the records of a run without faults, on the same connection. */
    private void assertNeighbour() {
      int rounds = venue.otherTrades().size();
      Records right = Objects.requireNonNull(BASELINES.get(template.exchange())).join().of(rounds);
      await().atMost(LIMIT).untilAsserted(() -> assertThat(records()).isEqualTo(right));
      assertThat(statuses(otherKey)).extracting(FeedStatus::status).containsOnly(Status.CONNECTED);
      assertThat(venue.webSocketsOpened()).isEqualTo(connections);
      assertThat(feeds.counters().disconnects().sum()).isZero();
      assertThat(fatal).isEmpty();
    }

    /** The other instrument has lost no trade, and has the exchange's book in the end. */
    private void assertNeighbourRecovered() {
      List<String> ids = venue.otherTrades();
      roundsUntil(
          () ->
              recorder.trades(otherKey).stream().map(SeenTrade::text).toList().containsAll(ids)
                  && recorder.bookEquals(otherKey, venue.otherBook())
                  && !recorder.quotes(otherKey).isEmpty());
      assertThat(recorder.trades(otherKey)).extracting(SeenTrade::text).doesNotHaveDuplicates();
      assertThat(statuses(otherKey)).extracting(FeedStatus::status).doesNotContain(Status.LOST);
      assertThat(fatal).isEmpty();
    }

    private Records records() {
      return new Records(
          recorder.trades(otherKey),
          recorder.bookStructs(otherKey).stream().map(Run::print).toList(),
          recorder.quotes(otherKey));
    }

    /** All that the venue decides of a record. */
    private static String print(Struct book) {
      long time = book.getInt64("ts_event_ns");
      return book.get("snapshot_reason")
          + " "
          + book.get("sequence")
          + " "
          + (time < ARRIVAL_NANOS ? time : "at arrival")
          + " "
          + book.get("bids")
          + " "
          + book.get("asks");
    }

    @Override
    public void close() {
      feeds.close();
      venue.close();
    }
  }

  /** Something that holds sooner or later. */
  @FunctionalInterface
  private interface Condition {
    boolean holds();
  }
}
