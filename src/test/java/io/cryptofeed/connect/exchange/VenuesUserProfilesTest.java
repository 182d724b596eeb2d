package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.HistoryRules;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.ProfileLoaderTest;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A folder of the user's adds exchanges, and changes those that come with the connector. */
class VenuesUserProfilesTest {

  private static final String MIRROR =
      """
      venue: mirror
      extends: binance
      name: A mirror
      endpoints: {live: {rest: "https://rest.mirror.example"}}
      """;

  @TempDir private Path folder;

  private Venues venues(String... namesAndProfiles) {
    for (int i = 0; i < namesAndProfiles.length; i += 2) {
      write(namesAndProfiles[i], namesAndProfiles[i + 1]);
    }
    return Venues.withProfilesOf(folder, Channels.BUILT_IN);
  }

  private void write(String name, String profile) {
    try {
      Files.writeString(folder.resolve(name), profile);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_file_adds_an_exchange_to_those_of_the_connector() {
    Venues venues = venues("example.yml", ProfileLoaderTest.GOOD);

    assertThat(venues.ids()).containsAll(Venues.builtIn().ids()).contains("example");
    assertThat(venues.channels("example"))
        .containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK);
    assertThat(venues.open("example", VenueOptions.LIVE).restUrl())
        .isEqualTo(URI.create("https://example.com"));
    assertThat(Venues.builtIn().ids()).doesNotContain("example");
  }

  @Test
  void a_file_changes_an_exchange_of_the_connector_under_its_own_id() {
    Venues venues =
        venues(
            "binance.yaml",
            """
            venue: binance
            extends: binance
            limits: {rest_weight: {permits: 100}, max_age: null}
            """);

    assertThat(venues.ids()).isEqualTo(Venues.builtIn().ids());
    ConnectionRules changed = venues.open("binance", VenueOptions.LIVE).connectionRules();
    assertThat(changed.restWeight()).isEqualTo(new RateRule(100, Duration.ofMinutes(1)));
    assertThat(changed.maxAge()).isZero();
    assertThat(changed.connects()).isEqualTo(new RateRule(300, Duration.ofMinutes(5)));
    assertThat(Venues.builtIn().profile("binance").connectionRules().restWeight().permits())
        .isEqualTo(6000);
  }

  @Test
  void mappings_are_merged_and_anything_else_is_replaced() {
    Venues venues =
        venues(
            "mirror.yaml",
            MIRROR
                + """
                envelopes: [""]
                history: null
                subscribe:
                  frame: {id: null, params: "#stream", extra: x}
                  unsubscribe: {id: null, params: "#stream"}
                  per_frame: 1
                  streams: {trades: {block: "{symbol}@blockTrade"}, quotes: null}
                messages:
                  - {kind: trade, when: {/e: t}, symbol: /s, id: /t, numbering: unordered, price: /p, size: /q,
                     side: {at: /m, of: taker, words: {true: sell, false: buy}}, time: {at: /T, unit: ms}}
                  - {kind: book_delta, when: {/e: depthUpdate}, symbol: /s, first: /U, last: /u, bids: /b, asks: /a,
                     levels: {form: array, price: 0, size: 1}}
                """);

    Profile mirror = venues.profile("mirror");
    assertThat(mirror.name()).isEqualTo("A mirror");
    assertThat(mirror.restrictions()).isEqualTo(venues.profile("binance").restrictions());
    assertThat(mirror.live().rest()).isEqualTo(URI.create("https://rest.mirror.example"));
    assertThat(mirror.live().websockets()).isEqualTo(venues.profile("binance").live().websockets());
    assertThat(mirror.envelopes()).containsExactly(Pointer.ROOT);
    assertThat(mirror.messages()).hasSize(2);
    assertThat(mirror.channels()).containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK);
    assertThat(mirror.modes(Channel.TRADES))
        .as("what was there keeps its order")
        .containsExactly("raw", "aggregate", "block");
    assertThat(
            mirror
                .subscribe()
                .frames()
                .subscribe()
                .fill(new FrameTemplate.Values().with(FrameTemplate.Placeholder.STREAM, "a@trade")))
        .hasToString("{\"method\":\"SUBSCRIBE\",\"params\":\"a@trade\",\"extra\":\"x\"}");
  }

  @Test
  void a_file_may_extend_another_of_the_folder_which_may_extend_another() {
    Venues venues =
        venues(
            "a.yaml", "venue: third\nextends: mirror\nlimits: {streams_per_connection: 7}\n",
            "b.yaml", MIRROR,
            "binance.yaml", "venue: binance\nextends: binance\nname: Mine\nrestrictions: null\n");

    assertThat(venues.profile("third").name()).isEqualTo("A mirror");
    assertThat(venues.profile("third").connectionRules().maxStreams()).isEqualTo(7);
    assertThat(venues.profile("third").restrictions())
        .as("what the folder makes of binance is what others extend")
        .isNull();
    assertThat(venues.profile("mirror").connectionRules().maxStreams()).isEqualTo(1024);
  }

  @Test
  void aliases_are_not_taken_over() {
    Venues venues =
        venues("a.yaml", "venue: htx_eu\nextends: htx\naliases: [huobi_eu]\nname: HTX Europe\n");

    assertThat(venues.idOf("huobi")).contains("htx");
    assertThat(venues.idOf("Huobi-EU")).contains("htx_eu");
    assertThat(venues.profile("htx_eu").aliases()).containsExactly("huobi_eu");
  }

  @Test
  void other_files_hidden_files_and_folders_are_skipped() throws IOException {
    Files.createDirectory(folder.resolve("old.yaml"));

    Venues venues =
        venues(
            "README.md", "no profile",
            ".mirror.yaml", "no profile",
            "mirror.yaml~", "no profile",
            "Mirror.YAML", MIRROR);

    assertThat(venues.ids()).hasSize(Venues.builtIn().ids().size() + 1);
  }

  static Stream<Arguments> mistakes() {
    String extended = "venue: mirror\nextends: binance\nname: Mirror\n";
    return Stream.of(
        arguments("name: x", "a.yaml:1: 'profile' needs a key 'venue'"),
        arguments("- x", "a.yaml:1: 'profile' must be a mapping"),
        arguments("", "a.yaml:1: the profile is empty"),
        arguments(
            "venue: binance\nname: x",
            "a.yaml:1: exchange 'binance' comes with the connector: add 'extends: binance' to change it,"
                + " or choose another id"),
        arguments("venue: binance\nextends: kraken", "a.yaml:1: exchange 'binance' comes with"),
        arguments("venue: x\nextends: [kraken]", "a.yaml:2: 'extends' must be a single value"),
        arguments(
            "venue: x\nextends: krakn",
            "a.yaml:2: unknown exchange 'krakn' to extend; did you mean 'kraken'?"),
        arguments(
            "venue: x\nextends: nyse",
            "a.yaml:2: unknown exchange 'nyse' to extend; known are backpack, binance"),
        arguments(
            "venue: x\nextends: x",
            "a.yaml:2: profiles extend each other in a circle: x extends x"),
        arguments(
            extended + "limits: {max_ages: 1h}", "a.yaml:4: unknown key 'max_ages' in 'limits'"),
        arguments(
            extended + "aliases: null",
            "a.yaml:4: nothing to remove: 'profile' inherits no key 'aliases'; leave it out,"),
        arguments(
            extended + "limits:\n  max_silence: null",
            "a.yaml:5: nothing to remove: 'limits' inherits no key 'max_silence'"),
        arguments(extended + "name: Twice", "a.yaml:4: key 'name' occurs twice"),
        arguments(extended + "book: null", "a.yaml:1: the channel l2_book needs a 'book'"),
        arguments(
            extended + "subscribe: {streams: {trades: \"{symbol}@t\"}}",
            "built-in binance.yaml:LINE: mode 'raw' is not a mode of 'streams'"),
        arguments(extended + "messages: []", "a.yaml:4: no message of kind trade in mode 'raw'"),
        arguments(
            extended + "aliases: [kraken]",
            "a.yaml:4: 'kraken' is already a name of exchange 'kraken'"),
        arguments("venue: huobi\nextends: binance\nname: x", "a.yaml:1: 'huobi' is already"),
        arguments("venue: x\n\u0000", "a.yaml:2: not YAML: "));
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_reported_with_the_file_and_the_line_where_it_stands(
      String profile, String complaint) {
    String expected =
        complaint.startsWith("a.yaml")
            ? folder.resolve(complaint).toString()
            : complaint.replace("LINE", Integer.toString(lineOfRawTrades()));

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> venues("a.yaml", profile))
        .satisfies(e -> assertThat(e.getMessage()).startsWith(expected));
  }

  private static int lineOfRawTrades() {
    return Venues.builtIn().profile("binance").messages().get(0).recognition().line();
  }

  @Test
  void two_files_about_one_exchange_are_an_error_that_names_both() {
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> venues("a.yaml", MIRROR, "b.yaml", "name: x\nvenue: mirror\n"))
        .withMessage(
            "%s:2: exchange 'mirror' is also described in %s:1: keep one of the two",
            folder.resolve("b.yaml"), folder.resolve("a.yaml"));
  }

  @Test
  void two_files_with_one_alias_are_an_error() {
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(
            () ->
                venues(
                    "a.yaml",
                    MIRROR + "aliases: [glass]\n",
                    "b.yaml",
                    "venue: other\nextends: binance\naliases: [glass]\n"))
        .withMessage(
            "%s:3: 'glass' is already a name of exchange 'mirror'", folder.resolve("b.yaml"));
  }

  @Test
  void profiles_that_extend_each_other_are_an_error() {
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(
            () ->
                venues(
                    "a.yaml", "venue: a\nextends: b\n",
                    "b.yaml", "venue: b\nextends: c\n",
                    "c.yaml", "venue: c\nextends: b\n"))
        .withMessage(
            "%s:2: profiles extend each other in a circle: a extends b extends c extends b",
            folder.resolve("c.yaml"));
  }

  static Stream<Arguments> folders() {
    return Stream.of(
        arguments("nowhere", "there is no folder '%s' on this worker: create it"),
        arguments("file.yaml", "'%s' is not a folder: set the folder that contains the profiles"),
        arguments("empty", "folder '%s' contains no *.yaml or *.yml file: put a profile there"));
  }

  @ParameterizedTest
  @MethodSource("folders")
  void a_folder_that_cannot_be_used_is_an_error_that_quotes_its_path(String name, String complaint)
      throws IOException {
    write("file.yaml", MIRROR);
    Files.createDirectory(folder.resolve("empty"));
    Path chosen = folder.resolve(name);

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> Venues.withProfilesOf(chosen, Channels.BUILT_IN))
        .satisfies(e -> assertThat(e.getMessage()).startsWith(complaint.formatted(chosen)));
  }

  @Test
  void what_cannot_be_read_is_an_error_that_quotes_its_path() throws IOException {
    Files.createSymbolicLink(folder.resolve("gone.yaml"), folder.resolve("nowhere"));

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(this::venues)
        .withMessage(
            "cannot read profile '%s' (NoSuchFileException): give the worker's user read access",
            folder.resolve("gone.yaml"));
  }

  @Test
  void a_file_that_is_not_text_or_is_too_large_is_an_error() throws IOException {
    Files.write(folder.resolve("a.yaml"), new byte[] {'a', ':', ' ', (byte) 0xc3, '\n'});
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(this::venues)
        .withMessageStartingWith(folder.resolve("a.yaml") + ":1: ");

    write("a.yaml", "#".repeat((1 << 20) + 1));
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(this::venues)
        .withMessage(
            "profile '%s' cannot be used: it has more than 1048576 bytes",
            folder.resolve("a.yaml"));
  }

  @Test
  void an_error_shows_nothing_of_what_stands_around_it() {
    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> venues("a.yaml", "password: canary\nx: [1, 2\ny: canary\n"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("canary", "\n"));
  }

  @Test
  void a_removed_part_is_gone_and_the_rest_is_as_it_was() {
    Venues venues = venues("a.yaml", MIRROR + "liveness: {first_data: null}\n");

    assertThat(venues.profile("mirror").connectionRules().firstData()).isEqualTo(Map.of());
    assertThat(venues.profile("mirror").connectionRules().staleAfter().keySet())
        .isEqualTo(Set.of(Channel.L2_BOOK));
  }

  @Test
  void the_history_is_inherited_changed_or_removed() {
    Venues venues =
        venues(
            "a.yaml",
            "venue: taken\nextends: kraken\nname: Taken over\n",
            "b.yaml",
            "venue: changed\nextends: kraken\nname: Changed\n"
                + "history: {page: 10, weight: 5, symbol: null, reach: 24h}\n",
            "c.yaml",
            "venue: removed\nextends: kraken\nname: Removed\nhistory: null\n");
    HistoryRules kraken = venues.profile("kraken").histories().get(0);
    HistoryRules changed = venues.profile("changed").histories().get(0);

    assertThat(venues.profile("taken").histories()).containsExactly(kraken);
    assertThat(changed.pages())
        .isEqualTo(new TradeHistory(TradeHistory.Paging.FROM_TIME, 10, Duration.ofHours(24)));
    assertThat(changed.weight()).isEqualTo(5);
    assertThat(changed.symbol()).isNull();
    assertThat(changed.path()).isEqualTo(kraken.path());
    assertThat(venues.profile("removed").histories()).isEmpty();
  }
}
