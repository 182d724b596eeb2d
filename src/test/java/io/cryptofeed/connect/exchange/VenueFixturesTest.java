package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.market.Instrument;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

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
      receive(session, rewriting.apply(step.get("receive").asText()), log);
      return log.take();
    }
    if (step.has("instruments_request")) {
      return List.of(line(exchange.instrumentsRequest()));
    }
    if (step.has("snapshot_request")) {
      Instrument instrument = fixture.instrument(step.get("snapshot_request").asText());
      return List.of(line(exchange.bookSnapshotRequest(instrument)));
    }
    try {
      if (step.has("instruments")) {
        return exchange.readInstruments(bytes(step.get("instruments").asText())).stream()
            .map(VenueFixturesTest::line)
            .toList();
      }
      Instrument instrument = fixture.instrument(step.get("of").asText());
      byte[] body = bytes(step.get("snapshot").asText());
      return List.of(EventLog.line(exchange.readBookSnapshot(instrument, body, 1)));
    } catch (MalformedMessageException e) {
      return List.of("malformed: " + e.getMessage());
    }
  }

  /** The message lies in the middle of a buffer, between bytes that would continue a number. */
  private static void receive(ExchangeSession session, String message, SessionListener listener) {
    byte[] bytes = bytes(message);
    byte[] buffer = new byte[37 + bytes.length + 50];
    Arrays.fill(buffer, (byte) '9');
    System.arraycopy(bytes, 0, buffer, 37, bytes.length);
    session.onMessage(buffer, 37, bytes.length, 1, listener);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String line(RestRequest request) {
    return "GET " + request.pathAndQuery() + " weight " + request.weight();
  }

  private static String line(Instrument instrument) {
    return "instrument %s %s %s/%s tick %s lot %s %s"
        .formatted(
            instrument.key(),
            instrument.exchangeSymbol(),
            instrument.base(),
            instrument.quote(),
            instrument.tickSize(),
            instrument.lotSize(),
            instrument.active() ? "active" : "inactive");
  }

  @ParameterizedTest
  @ValueSource(strings = {"binance", "coinbase"})
  void every_place_that_a_profile_reads_is_met_in_a_fixture(String venue) {
    Profile profile = VenuesTest.profile(venue);
    List<JsonNode> messages = received(venue);
    List<String> unmet = new ArrayList<>();
    for (MessageRule rule : profile.messages()) {
      for (Pointer pointer : rule.reads()) {
        if (messages.stream().noneMatch(message -> isMet(profile, message, pointer))) {
          unmet.add("line " + rule.recognition().line() + ": " + pointer);
        }
      }
      for (RouteTest test : rule.recognition().tests()) {
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
        .anyMatch(envelope -> !message.at(pointer.in(envelope).compile()).isMissingNode());
  }

  private static List<JsonNode> received(String venue) {
    List<JsonNode> messages = new ArrayList<>();
    for (VenueFixture fixture : VenueFixture.all()) {
      for (JsonNode step : fixture.steps()) {
        if (fixture.venue().equals(venue) && step.has("receive")) {
          try {
            messages.add(new ObjectMapper().readTree(step.get("receive").asText()));
          } catch (JsonProcessingException notJson) {
            // Only well-formed messages can meet a pointer.
          }
        }
      }
    }
    return messages;
  }
}
