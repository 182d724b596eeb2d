package io.cryptofeed.connect.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.profile.ControlRule.Refused;
import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelForm;
import io.cryptofeed.connect.exchange.profile.FieldRules.Party;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.HistoryRules.CursorUnit;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.profile.SubscribeRules;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.SymbolCase;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What {@code docs/add-an-exchange.md} says is so. */
class AddAnExchangePageTest {

  private static final String FOLDER = "/etc/cryptofeed/venues";
  private static final Pattern BLOCK =
      Pattern.compile(
          "^```([a-z]+(?: sent| answer)?)\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE);
  private static final Pattern FILE = Pattern.compile("# ([a-z_]+\\.yaml)\n.*", Pattern.DOTALL);
  private static final Pattern MISTAKE =
      Pattern.compile(
          "^\\| `([^`]+)` \\| `([^`]+)` \\| `(tulip.yaml:[^`]+)` \\|$", Pattern.MULTILINE);

  @TempDir private Path folder;

  private final Map<String, String> files = new LinkedHashMap<>();

  @BeforeEach
  void putTheFilesOfThePageIntoAFolder() throws IOException {
    for (String block : blocks("yaml")) {
      FILE.matcher(block).results().forEach(file -> files.put(file.group(1), block));
    }
    for (Map.Entry<String, String> file : files.entrySet()) {
      Files.writeString(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static String page() {
    try {
      return Files.readString(Path.of("docs/add-an-exchange.md"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> blocks(String kind) {
    return BLOCK
        .matcher(page())
        .results()
        .filter(block -> block.group(1).equals(kind))
        .map(block -> block.group(2))
        .toList();
  }

  @Test
  void the_files_of_the_page_are_profiles() {
    Venues venues = Venues.withProfilesOf(folder, Channels.BUILT_IN);

    assertThat(files).containsOnlyKeys("tulip.yaml", "tulip_eu.yaml", "binance.yaml");
    assertThat(venues.ids()).containsAll(Venues.builtIn().ids()).contains("tulip", "tulip_eu");
    assertThat(venues.channels("tulip"))
        .containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES);
    assertThat(venues.channels("tulip_eu"))
        .containsExactlyInAnyOrder(Channel.TRADES, Channel.L2_BOOK);
    assertThat(venues.idOf("tulip_de")).contains("tulip_eu");
    assertThat(venues.open("tulip_eu", VenueOptions.LIVE).connectionRules().maxStreams())
        .isEqualTo(50);
    assertThat(venues.open("binance", VenueOptions.LIVE).restUrl())
        .hasHost("data-api.binance.vision");
    assertThat(venues.hasSandbox("binance")).isFalse();
    assertThat(Venues.builtIn().hasSandbox("binance")).isTrue();
  }

  @Test
  void the_configuration_of_the_page_is_valid() throws IOException {
    JsonNode config = new ObjectMapper().readTree(blocks("json").get(0)).get("config");
    Map<String, String> properties = new HashMap<>();
    config
        .properties()
        .forEach(
            entry ->
                properties.put(
                    entry.getKey(), entry.getValue().asText().replace(FOLDER, folder.toString())));

    assertThat(properties).containsEntry("exchange.profiles.path", folder.toString());
    assertThat(ConnectorConfig.validate(properties))
        .allSatisfy(value -> assertThat(value.errorMessages()).as(value.name()).isEmpty());
  }

  @Test
  void the_messages_of_the_page_become_what_it_says() throws MalformedMessageException {
    Exchange tulip =
        Venues.withProfilesOf(folder, Channels.BUILT_IN).open("tulip", VenueOptions.LIVE);
    List<String> messages = blocks("json").subList(1, blocks("json").size());
    List<String> outcomes = blocks("text");
    assertThat(messages).hasSameSizeAs(outcomes).hasSize(8);

    InstrumentRequest request = tulip.instrumentRequests().get(0);
    assertThat(page()).contains("`GET " + tulip.restUrl() + request.request().pathAndQuery() + "`");
    List<Instrument> instruments =
        tulip.readInstruments(request, bytes(messages.get(0))).instruments();
    assertThat(instruments.stream().map(AddAnExchangePageTest::line).toList())
        .isEqualTo(outcomes.get(0).lines().toList());

    ExchangeSession session = tulip.openSession(instruments);
    List<MarketStream> streams = new ArrayList<>();
    for (Channel channel : List.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES)) {
      streams.add(new MarketStream(channel, instruments.get(0)));
    }
    assertThat(session.subscribe(streams))
        .isEqualTo(blocks("json sent").stream().map(String::strip).toList());

    for (int i = 1; i < messages.size(); i++) {
      PlainEvents events = new PlainEvents();
      byte[] message = bytes(messages.get(i).strip());
      session.onMessage(message, 0, message.length, 1, events);
      assertThat(events.lines).isEqualTo(outcomes.get(i).lines().toList());
    }
  }

  @Test
  void the_past_trades_of_the_page_are_asked_for_and_read() throws MalformedMessageException {
    Exchange tulip =
        Venues.withProfilesOf(folder, Channels.BUILT_IN).open("tulip", VenueOptions.LIVE);
    Instrument instrument =
        tulip
            .readInstruments(tulip.instrumentRequests().get(0), bytes(blocks("json").get(1)))
            .instruments()
            .get(0);
    PlainEvents events = new PlainEvents();
    tulip
        .readTrades(instrument, bytes(blocks("json answer").get(0)), 1, malformed -> {})
        .forEach(events::onTrade);

    assertThat(page())
        .contains(
            "`GET " + tulip.restUrl() + tulip.tradesRequest(instrument, 1002).pathAndQuery() + "`");
    assertThat(events.lines).isEqualTo(blocks("text answer").get(0).lines().toList());
  }

  static List<MatchResult> mistakes() {
    return MISTAKE.matcher(page()).results().toList();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void a_mistake_is_reported_as_the_page_says(MatchResult mistake) throws IOException {
    String written = mistake.group(1);
    String good = mistake.group(2);
    String tulip = Objects.requireNonNull(files.get("tulip.yaml"));
    assertThat(tulip).contains(good);
    Files.writeString(folder.resolve("tulip.yaml"), tulip.replace(good, written));
    Files.delete(folder.resolve("tulip_eu.yaml"));

    assertThatExceptionOfType(InvalidProfileException.class)
        .isThrownBy(() -> Venues.withProfilesOf(folder, Channels.BUILT_IN))
        .withMessage(folder + "/" + mistake.group(3));
  }

  @Test
  void the_page_shows_mistakes() {
    assertThat(mistakes()).hasSize(7);
  }

  @Test
  void the_page_names_every_word_that_a_value_can_be() {
    List<Class<? extends Enum<?>>> enumerations =
        List.of(
            SubscribeRules.Mode.class,
            SymbolCase.class,
            TradeNumbering.class,
            TradeHistory.Paging.class,
            CursorUnit.class,
            Party.class,
            Side.class,
            Origin.class,
            TimeFormat.class,
            LevelForm.class,
            Refused.class,
            FieldCondition.How.class,
            BookRules.Source.class,
            BookRules.Link.class,
            BookRules.ChecksumRule.Form.class,
            MarketType.class,
            SizeUnit.class);
    Map<String, TreeSet<String>> unnamed = new TreeMap<>();
    for (Class<? extends Enum<?>> type : enumerations) {
      for (Enum<?> constant : type.getEnumConstants()) {
        String word = ProfileLoader.code(constant);
        // A plain value stands for the test that two texts are equal.
        if (constant != FieldCondition.How.EQUALS && !isNamed(word)) {
          unnamed.computeIfAbsent(type.getSimpleName(), any -> new TreeSet<>()).add(word);
        }
      }
    }
    for (FrameTemplate.Placeholder placeholder : FrameTemplate.Placeholder.values()) {
      assertThat(page()).contains("`" + placeholder.marker() + "`");
    }
    assertThat(unnamed).isEmpty();
  }

  /** The keys are read from the source, which lists them wherever it checks for others. */
  @Test
  void the_page_names_every_key() throws IOException {
    TreeSet<String> keys = new TreeSet<>();
    for (String source :
        List.of(
            "ProfileLoader",
            "SubscribeLoader",
            "MessageLoader",
            "BookLoader",
            "InstrumentLoader",
            "HistoryLoader")) {
      String code =
          Files.readString(
              Path.of("src/main/java/io/cryptofeed/connect/exchange/profile/" + source + ".java"));
      Pattern.compile("\\.only\\(([^()]*)\\)")
          .matcher(code)
          .results()
          .flatMap(call -> Pattern.compile("\"([a-z_]+)\"").matcher(call.group(1)).results())
          .forEach(key -> keys.add(key.group(1)));
    }

    assertThat(keys).hasSizeGreaterThan(80);
    assertThat(keys).allSatisfy(key -> assertThat(isNamed(key)).as(key).isTrue());
  }

  /** Whether the word stands within code on the page. */
  private static boolean isNamed(String word) {
    return Pattern.compile("`[^`\n]*(?<![a-z_])" + word + "(?![a-z_])[^`\n]*`")
        .matcher(page())
        .find();
  }

  private static String line(Instrument instrument) {
    return "instrument %s is %s, %s, tick %s, lot %s, %s"
        .formatted(
            instrument.symbol(),
            instrument.exchangeSymbol(),
            instrument.marketType().code(),
            instrument.tickSize(),
            instrument.lotSize(),
            instrument.state().code());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Events in the words of the page. */
  private static final class PlainEvents implements SessionListener {

    private final List<String> lines = new ArrayList<>();

    @Override
    public void onTrade(Trade trade) {
      lines.add(
          "trade %s %s %s %s at %s"
              .formatted(
                  trade.instrument().symbol(),
                  trade.id(),
                  trade.side().code(),
                  trade.numbers().text(1),
                  trade.numbers().text(0)));
    }

    @Override
    public void onBook(BookUpdate update) {
      String kind = update.isSnapshot() ? "snapshot " : "delta ";
      String after =
          update.previousSequence() == BookUpdate.NO_SEQUENCE
              ? ""
              : " after " + update.previousSequence();
      lines.add(
          "book %s %s: bids %s; asks %s"
              .formatted(
                  update.instrument().symbol(),
                  kind + update.sequence() + after,
                  levels(update.bidPrices(), update.bidSizes()),
                  levels(update.askPrices(), update.askSizes())));
    }

    private static String levels(DecimalColumn prices, DecimalColumn sizes) {
      List<String> levels = new ArrayList<>();
      for (int i = 0; i < prices.size(); i++) {
        levels.add(sizes.text(i) + " at " + prices.text(i));
      }
      return levels.isEmpty() ? "none" : String.join(", ", levels);
    }

    @Override
    public void onObservation(Observation quote) {
      lines.add(
          "quote %s bid %s at %s, ask %s at %s"
              .formatted(
                  quote.instrument().symbol(),
                  quote.decimal(Quotes.BID_SIZE).text(0),
                  quote.decimal(Quotes.BID_PRICE).text(0),
                  quote.decimal(Quotes.ASK_SIZE).text(0),
                  quote.decimal(Quotes.ASK_PRICE).text(0)));
    }

    @Override
    public void onSubscribed(MarketStream stream) {
      lines.add("subscribed " + stream.channel().code() + " " + stream.instrument().symbol());
    }

    @Override
    public void onRefused(List<MarketStream> streams, String reason) {
      lines.add("refused " + reason);
    }

    @Override
    public void onHeartbeat(Instrument instrument, long lastTradeSequence) {
      lines.add("heartbeat " + instrument.symbol());
    }

    @Override
    public void onReply(String frame) {
      lines.add("reply " + frame);
    }

    @Override
    public void onConnectionGap(long expected, long found) {
      lines.add("connection gap");
    }

    @Override
    public void onNotice(String text) {
      lines.add("notice " + text);
    }

    @Override
    public void onReconnectRequested(String reason) {
      lines.add("reconnect " + reason);
    }

    @Override
    public void onVenueError(String reason) {
      lines.add("error " + reason);
    }

    @Override
    public void onUnknown() {
      lines.add("unknown");
    }

    @Override
    public void onMalformed(
        @Nullable Instrument instrument, @Nullable Channel channel, String reason) {
      lines.add("malformed " + reason);
    }
  }
}
