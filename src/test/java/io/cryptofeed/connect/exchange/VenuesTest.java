package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.profile.ProfileNode;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VenuesTest {

  private static final Instrument BITCOIN = instrument("BTCUSDT");
  private static final MarketStream BOOK = new MarketStream(Channel.L2_BOOK, BITCOIN);

  static Profile profile(String venue) {
    String file = venue + ".yaml";
    return ProfileLoader.load(
        ProfileNode.parse(
            file, Objects.requireNonNull(Venues.class.getResourceAsStream("/venues/" + file))),
        Channels.BUILT_IN);
  }

  private static Instrument instrument(String exchangeSymbol) {
    return new Instrument(
        "binance", MarketType.SPOT, "BTC-USDT", exchangeSymbol, "BTC", "USDT", null, null, true);
  }

  private static VenueOptions websocketUrl(String url) {
    return new VenueOptions(false, URI.create(url), null, null, null, 0);
  }

  @Test
  void finds_a_venue_in_any_spelling() {
    assertThat(Venues.builtIn().idOf(" BINANCE ")).contains("binance");
    assertThat(Venues.builtIn().idOf("Coinbase")).contains("coinbase");
    assertThat(Venues.builtIn().idOf("Huobi")).contains("htx");
    assertThat(Venues.builtIn().idOf("binance-futures")).contains("binance_futures");
    assertThat(Venues.builtIn().idOf("mtgox")).isEmpty();
  }

  @Test
  void every_venue_has_trades_books_and_quotes() {
    assertThat(Venues.builtIn().ids())
        .containsExactly(
            "backpack",
            "binance",
            "binance_futures",
            "bybit",
            "coinbase",
            "coinbase_advanced",
            "htx",
            "htx_swap",
            "kraken",
            "okx");
    for (String id : Venues.builtIn().ids()) {
      assertThat(Venues.builtIn().channels(id))
          .containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES);
    }
  }

  @Test
  void a_venue_lists_the_kinds_of_contract_that_it_has() {
    assertThat(Venues.builtIn().marketTypes("kraken")).containsExactly(MarketType.SPOT);
    assertThat(Venues.builtIn().marketTypes("binance_futures"))
        .containsExactlyInAnyOrder(MarketType.PERPETUAL, MarketType.FUTURE);
    assertThat(Venues.builtIn().marketTypes("okx"))
        .containsExactlyInAnyOrder(MarketType.SPOT, MarketType.PERPETUAL, MarketType.FUTURE);
  }

  @Test
  void binance_streams_single_trades_unless_aggregates_are_chosen() {
    assertThat(Venues.builtIn().tradeModes("binance")).containsExactly("raw", "aggregate");
    assertThat(Venues.builtIn().tradeModes("coinbase")).isEmpty();
  }

  @Test
  void an_unknown_venue_is_an_error_that_names_the_known_ones() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Venues.builtIn().open("mtgox", VenueOptions.LIVE))
        .withMessage(
            "unknown exchange 'mtgox'; known are " + String.join(", ", Venues.builtIn().ids()));
  }

  @Test
  void an_unknown_trades_mode_is_an_error_that_names_the_known_ones() {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Venues.builtIn()
                    .open("binance", new VenueOptions(false, null, null, "hourly", null, 0)))
        .withMessage("exchange 'binance' has no trades mode 'hourly'; it has raw, aggregate");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                Venues.builtIn()
                    .open("coinbase", new VenueOptions(false, null, null, "raw", null, 0)))
        .withMessage("exchange 'coinbase' has no trades mode 'raw'; it has no choice");
  }

  @Test
  void the_sandbox_is_another_host() {
    Exchange sandbox =
        Venues.builtIn().open("binance", new VenueOptions(true, null, null, null, null, 0));

    assertThat(sandbox.websocketUrl(BOOK))
        .isEqualTo(URI.create("wss://stream.testnet.binance.vision/stream"));
    assertThat(sandbox.restUrl()).isEqualTo(URI.create("https://testnet.binance.vision"));
  }

  @Test
  void a_url_of_the_user_replaces_that_of_the_profile() {
    Exchange simulated =
        Venues.builtIn()
            .open(
                "binance",
                new VenueOptions(
                    false,
                    URI.create("ws://127.0.0.1:8080/ws?x=1"),
                    URI.create("http://127.0.0.1:8081/api"),
                    null,
                    null,
                    0));

    assertThat(simulated.websocketUrl(BOOK)).isEqualTo(URI.create("ws://127.0.0.1:8080/ws?x=1"));
    assertThat(simulated.restUrl()).isEqualTo(URI.create("http://127.0.0.1:8081/api"));
  }

  @ParameterizedTest
  @CsvSource({
    "ws://127.0.0.1:8080/, ws://127.0.0.1:8080/stream",
    "ws://127.0.0.1:8080//, ws://127.0.0.1:8080/stream",
    "ws://127.0.0.1:8080/ws/, ws://127.0.0.1:8080/ws",
    "ws://127.0.0.1:8080/?x=1, ws://127.0.0.1:8080?x=1",
    "ws://a_host:8080/, ws://a_host:8080/stream",
    "ws://[::1]:8080/, ws://[::1]:8080/stream",
  })
  void a_slash_at_the_end_of_a_url_is_not_a_path(String given, String used) {
    assertThat(Venues.builtIn().open("binance", websocketUrl(given)).websocketUrl(BOOK))
        .isEqualTo(URI.create(used));
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8080/, http://127.0.0.1:8080/api/v3/brokerage/market",
    "http://127.0.0.1:8080/mirror/, http://127.0.0.1:8080/mirror",
  })
  void a_slash_at_the_end_of_a_rest_url_is_not_a_path(String given, String used) {
    VenueOptions options = new VenueOptions(false, null, URI.create(given), null, null, 0);
    assertThat(Venues.builtIn().open("coinbase_advanced", options).restUrl())
        .isEqualTo(URI.create(used));
  }

  @Test
  void a_url_of_a_host_alone_keeps_the_path_of_the_profile() {
    assertThat(
            Venues.builtIn()
                .open("binance", websocketUrl("wss://data-stream.binance.vision"))
                .websocketUrl(BOOK))
        .isEqualTo(URI.create("wss://data-stream.binance.vision/stream"));
    assertThat(
            Venues.builtIn()
                .open("coinbase", websocketUrl("ws://127.0.0.1:8080"))
                .websocketUrl(BOOK))
        .isEqualTo(URI.create("ws://127.0.0.1:8080"));
  }

  @Test
  void binance_allows_five_frames_a_second_of_which_one_is_left_to_pongs() {
    ConnectionRules rules = Venues.builtIn().open("binance", VenueOptions.LIVE).connectionRules();

    assertThat(rules.sentFrames()).isEqualTo(new RateRule(4, Duration.ofSeconds(1)));
    assertThat(rules.connects()).isEqualTo(new RateRule(300, Duration.ofMinutes(5)));
    assertThat(rules.restWeight()).isEqualTo(new RateRule(6000, Duration.ofMinutes(1)));
    assertThat(rules.maxStreams()).isEqualTo(1024);
    assertThat(rules.maxAge()).isEqualTo(Duration.ofHours(24));
    assertThat(rules.maxSilence()).isEqualTo(Duration.ofMinutes(1));
    assertThat(rules.pingInterval()).isZero();
    assertThat(rules.offersCompression()).isFalse();
  }

  @Test
  void coinbase_sends_something_every_second() {
    ConnectionRules rules = Venues.builtIn().open("coinbase", VenueOptions.LIVE).connectionRules();

    assertThat(rules.maxSilence()).isEqualTo(Duration.ofSeconds(10));
    assertThat(rules.firstData())
        .containsEntry(Channel.TRADES, Duration.ofSeconds(10))
        .containsEntry(Channel.L2_BOOK, Duration.ofSeconds(10));
    assertThat(rules.restWeight()).isEqualTo(new RateRule(10, Duration.ofSeconds(1)));
    assertThat(rules.maxAge()).isZero();
    assertThat(rules.offersCompression()).isTrue();
  }

  @Test
  void the_book_of_binance_starts_over_rest_and_is_linked_by_ranges() {
    assertThat(Venues.builtIn().open("binance", VenueOptions.LIVE).bookRules())
        .isEqualTo(
            new BookRules(BookRules.Source.REST, BookRules.Link.STEP_OVERLAP, 0, 1_000, -1, null));
  }

  @Test
  void the_book_of_coinbase_comes_by_the_stream_and_has_no_link() {
    Exchange coinbase = Venues.builtIn().open("coinbase", VenueOptions.LIVE);

    assertThat(coinbase.bookRules())
        .isEqualTo(new BookRules(BookRules.Source.STREAM, BookRules.Link.NONE));
    assertThatIllegalStateException()
        .isThrownBy(() -> coinbase.bookSnapshotRequest(BITCOIN))
        .withMessage("the books of exchange coinbase do not come over REST");
  }

  @Test
  void symbols_are_percent_encoded_in_requests() {
    Exchange binance = Venues.builtIn().open("binance", VenueOptions.LIVE);

    assertThat(binance.bookSnapshotRequest(instrument("测试 &USDT")).pathAndQuery())
        .isEqualTo("/api/v3/depth?symbol=%E6%B5%8B%E8%AF%95%20%26USDT&limit=1000");
  }

  @Test
  void the_list_of_instruments_may_be_large() {
    assertThat(
            Venues.builtIn()
                .open("binance", VenueOptions.LIVE)
                .instrumentRequests()
                .get(0)
                .request()
                .maxResponseBytes())
        .isEqualTo(64 << 20);
  }

  @Test
  void many_streams_are_subscribed_in_several_frames() {
    List<Instrument> instruments = new ArrayList<>();
    List<MarketStream> streams = new ArrayList<>();
    for (int i = 0; i < 250; i++) {
      instruments.add(instrument("S" + i));
      streams.add(new MarketStream(Channel.L2_BOOK, instruments.get(i)));
    }
    ExchangeSession session =
        Venues.builtIn().open("binance", VenueOptions.LIVE).openSession(instruments);

    List<String> frames = session.subscribe(streams);

    assertThat(frames).hasSize(3);
    assertThat(frames.get(0)).startsWith("{\"method\":\"SUBSCRIBE\",\"params\":[\"s0@depth");
    assertThat(frames.get(2)).contains("\"s200@depth@100ms\"").endsWith("\"id\":3}");
  }

  @Test
  void a_session_finds_each_of_a_thousand_instruments() {
    List<Instrument> instruments = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      instruments.add(instrument("S" + i + "USDT"));
    }
    ExchangeSession session =
        Venues.builtIn().open("coinbase", VenueOptions.LIVE).openSession(instruments);
    EventLog log = new EventLog();

    for (Instrument instrument : instruments) {
      byte[] message =
          ("{\"type\":\"heartbeat\",\"product_id\":\"" + instrument.exchangeSymbol() + "\"}")
              .getBytes(java.nio.charset.StandardCharsets.UTF_8);
      session.onMessage(message, 0, message.length, 1, log);
    }

    assertThat(log.take()).hasSize(1000).containsOnly("heartbeat BTC-USDT -1");
  }

  @Test
  void a_stream_of_an_instrument_that_the_session_does_not_have_is_an_error() {
    ExchangeSession session =
        Venues.builtIn().open("binance", VenueOptions.LIVE).openSession(List.of());

    assertThatIllegalArgumentException()
        .isThrownBy(() -> session.subscribe(List.of(new MarketStream(Channel.TRADES, BITCOIN))))
        .withMessageContaining("binance.spot.BTC-USDT/trades");
  }
}
