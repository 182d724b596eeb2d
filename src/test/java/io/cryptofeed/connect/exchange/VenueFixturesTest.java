package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.HistoryRules;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.SizeUnit;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every message kind of every venue becomes what the venue documents that it means. */
class VenueFixturesTest {

  static List<VenueFixture> fixtures() {
    return VenueFixture.all();
  }

  /** Without the messages whose fields cannot be reordered, such as those that are no JSON. */
  static List<VenueFixture> reorderableFixtures() {
    return VenueFixture.all().stream()
        .filter(
            fixture -> fixture.steps().stream().allMatch(s -> s.path("reversible").asBoolean(true)))
        .toList();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("fixtures")
  void messages_mean_what_the_venue_documents(VenueFixture fixture)
      throws MalformedMessageException {
    run(fixture, UnaryOperator.identity());
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("reorderableFixtures")
  void the_order_of_fields_does_not_matter(VenueFixture fixture) throws MalformedMessageException {
    run(fixture, VenueFixture::reversed);
  }

  private static void run(VenueFixture fixture, UnaryOperator<String> rewriting)
      throws MalformedMessageException {
    Exchange exchange = fixture.exchange();
    ExchangeSession session = exchange.openSession(fixture.instruments());
    for (JsonNode step : fixture.steps()) {
      if (step.has("subscribe")) {
        assertThat(session.subscribe(fixture.streams(step.get("subscribe"))))
            .isEqualTo(VenueFixture.texts(step.get("sends")));
      } else if (step.has("unsubscribe")) {
        assertThat(session.unsubscribe(fixture.streams(step.get("unsubscribe"))))
            .isEqualTo(VenueFixture.texts(step.get("sends")));
      } else {
        assertThat(outcome(fixture, exchange, session, step, rewriting))
            .isEqualTo(VenueFixture.texts(step.get("expect")));
      }
    }
  }

  private static List<String> outcome(
      VenueFixture fixture,
      Exchange exchange,
      ExchangeSession session,
      JsonNode step,
      UnaryOperator<String> rewriting)
      throws MalformedMessageException {
    if (step.has("receive")) {
      EventLog log = new EventLog();
      byte[] message = bytes(rewriting.apply(step.get("receive").asText()));
      receive(session, step.path("packed").asBoolean() ? packed(message) : message, log);
      return log.take();
    }
    if (step.has("instruments_request")) {
      return exchange.instrumentRequests().stream()
          .map(request -> line(request.request()))
          .toList();
    }
    if (step.has("snapshot_request")) {
      Instrument instrument = fixture.instrument(step.get("snapshot_request").asText());
      return List.of(line(exchange.bookSnapshotRequest(instrument)));
    }
    if (step.has("history")) {
      return List.of(history(exchange, fixture.instrument(step.get("history").asText())));
    }
    if (step.has("trades_request")) {
      Instrument instrument = fixture.instrument(step.get("trades_request").asText());
      return List.of(line(exchange.tradesRequest(instrument, step.path("cursor").asLong(0))));
    }
    if (step.has("book_request")) {
      return List.of(session.requestBook(fixture.instrument(step.get("book_request").asText())));
    }
    if (step.has("url")) {
      return fixture.streams(step.get("url")).stream()
          .map(stream -> exchange.websocketUrl(stream).toString())
          .toList();
    }
    try {
      if (step.has("instruments")) {
        return lines(exchange, step);
      }
      Instrument instrument = fixture.instrument(step.get("of").asText());
      if (step.has("trades")) {
        byte[] body = bytes(rewriting.apply(step.get("trades").asText()));
        List<String> read = new ArrayList<>();
        exchange
            .readTrades(instrument, body, 1, malformed -> read.add("left out: " + malformed))
            .forEach(trade -> read.add(EventLog.line(trade)));
        return read;
      }
      byte[] body = bytes(step.get("snapshot").asText());
      return List.of(EventLog.line(exchange.readBookSnapshot(instrument, body, 1)));
    } catch (MalformedMessageException e) {
      return List.of("malformed: " + e.getMessage());
    }
  }

  private static String history(Exchange exchange, Instrument instrument) {
    return exchange
        .tradeHistory(instrument)
        .map(
            history ->
                "%s, %d a page%s"
                    .formatted(
                        ProfileLoader.code(history.paging()),
                        history.pageTrades(),
                        history.reach().isZero() ? "" : ", back to " + history.reach()))
        .orElse("none");
  }

  private static List<String> lines(Exchange exchange, JsonNode step)
      throws MalformedMessageException {
    InstrumentRequest request = exchange.instrumentRequests().get(step.path("list").asInt(0));
    byte[] body = bytes(step.get("instruments").asText());
    InstrumentPage page = exchange.readInstruments(request, body);
    List<String> lines = new ArrayList<>();
    page.instruments().forEach(instrument -> lines.add(line(instrument)));
    page.unusable().stream().map(row -> "a row " + row.problem()).sorted().forEach(lines::add);
    page.unknownStates().stream().sorted().forEach(word -> lines.add("unknown state " + word));
    if (page.next() != null) {
      lines.add(line(page.next().request()));
    }
    return lines;
  }

  /** The message lies in the middle of a buffer, between bytes that would continue a number. */
  private static void receive(ExchangeSession session, byte[] bytes, SessionListener listener) {
    byte[] buffer = new byte[37 + bytes.length + 50];
    Arrays.fill(buffer, (byte) '9');
    System.arraycopy(bytes, 0, buffer, 37, bytes.length);
    session.onMessage(buffer, 37, bytes.length, 1, listener);
  }

  private static byte[] packed(byte[] message) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(message);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(RestRequest request) {
    return "GET " + request.pathAndQuery() + " weight " + request.weight();
  }

  private static String line(Instrument instrument) {
    BigDecimal contractSize = instrument.contractSize();
    return "instrument %s %s %s/%s tick %s lot %s %s"
            .formatted(
                instrument.key(),
                instrument.exchangeSymbol(),
                instrument.base(),
                instrument.quote(),
                plain(instrument.tickSize()),
                plain(instrument.lotSize()),
                instrument.state().code())
        + (instrument.sizeUnit() == SizeUnit.BASE ? "" : " in " + instrument.sizeUnit().code())
        + (contractSize == null ? "" : " contracts of " + plain(contractSize))
        + (instrument.assetClass() == null ? "" : " class " + instrument.assetClass());
  }

  private static String plain(@Nullable BigDecimal number) {
    return number == null ? "null" : number.toPlainString();
  }

  static Set<String> venues() {
    return Venues.builtIn().ids();
  }

  @ParameterizedTest
  @MethodSource("venues")
  void every_place_that_a_profile_reads_is_met_in_a_fixture(String venue) {
    Profile profile = VenuesTest.profile(venue);
    List<JsonNode> messages = received(venue, "receive");
    List<JsonNode> pages = received(venue, "trades");
    List<String> unmet = new ArrayList<>();
    for (HistoryRules history : profile.histories()) {
      for (Pointer pointer : history.trade(TradeNumbering.UNORDERED).reads()) {
        if (pages.stream().noneMatch(page -> isMet(page, pointer.names()))) {
          unmet.add("history " + pointer);
        }
      }
    }
    for (MessageRule rule : profile.messages()) {
      for (Pointer pointer : rule.reads()) {
        if (messages.stream().noneMatch(message -> isMet(profile, message, pointer))) {
          unmet.add("line " + rule.recognition().line() + ": " + pointer);
        }
      }
      for (FieldCondition test : rule.recognition().tests()) {
        if (messages.stream().noneMatch(message -> isMet(profile, message, test.at()))) {
          unmet.add("line " + rule.recognition().line() + ": when " + test.at());
        }
      }
    }
    assertThat(messages).isNotEmpty();
    assertThat(unmet).isEmpty();
  }

  private static boolean isMet(Profile profile, JsonNode message, Pointer pointer) {
    return profile.envelopes().stream()
        .anyMatch(envelope -> isMet(message, pointer.in(envelope).names()));
  }

  private static boolean isMet(JsonNode node, List<String> names) {
    if (names.isEmpty()) {
      return !node.isMissingNode();
    }
    List<String> rest = names.subList(1, names.size());
    String name = names.get(0);
    if (name.equals(Pointer.EACH)) {
      for (JsonNode element : node) {
        if (isMet(element, rest)) {
          return true;
        }
      }
      return false;
    }
    return node.isArray() && name.matches("[0-9]+")
        ? isMet(node.path(Integer.parseInt(name)), rest)
        : isMet(node.path(name), rest);
  }

  /** What the venue sends in the steps of a kind. */
  private static List<JsonNode> received(String venue, String kind) {
    List<JsonNode> messages = new ArrayList<>();
    for (VenueFixture fixture : VenueFixture.all()) {
      for (JsonNode step : fixture.steps()) {
        if (fixture.venue().equals(venue) && step.has(kind)) {
          try {
            messages.add(new ObjectMapper().readTree(step.get(kind).asText()));
          } catch (JsonProcessingException notJson) {
            // Only well-formed messages can meet a pointer.
          }
        }
      }
    }
    return messages;
  }
}
