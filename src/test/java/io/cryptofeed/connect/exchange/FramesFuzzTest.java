package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import io.cryptofeed.connect.fuzz.StrictJson;
import io.cryptofeed.connect.market.MarketStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Frames of every exchange, changed by chance: no event comes of a message that is not valid, no
 * exception leaves the session, the memory is bounded, and the next good message is read.
 */
@Tag("fuzz")
class FramesFuzzTest {

  private static final Pattern EVENT =
      Pattern.compile("(trade|book|quote|heartbeat) .*|.* at [0-9]+");

  /** A session after a good message, which it reads the same way again. */
  private static final class Session {
    private final Exchange exchange;
    private final VenueFixture fixture;
    private final String good;
    private ExchangeSession session;
    private List<String> expected = List.of();
    private int uses;

    Session(VenueFixture fixture, String good) {
      this.fixture = fixture;
      this.good = good;
      exchange = fixture.exchange();
      session = open();
    }

    private ExchangeSession open() {
      ExchangeSession opened = exchange.openSession(fixture.instruments());
      opened.subscribe(
          fixture.instruments().stream()
              .flatMap(
                  instrument ->
                      exchange.channels().stream()
                          .map(channel -> new MarketStream(channel, instrument)))
              .toList());
      session = opened;
      expected = read(good.getBytes(StandardCharsets.UTF_8));
      return opened;
    }

    List<String> read(byte[] message) {
      if (++uses % 5_000 == 0) {
        session.close();
        session = open();
      }
      EventLog log = new EventLog();
      session.onMessage(message, 0, message.length, 1, log);
      return log.take().stream().filter(line -> EVENT.matcher(line).matches()).toList();
    }
  }

  private static final List<Session> SESSIONS = new ArrayList<>();
  private static final List<String> MESSAGES = new ArrayList<>();

  private static synchronized void load() {
    if (SESSIONS.isEmpty()) {
      for (VenueFixture fixture : VenueFixture.all()) {
        for (JsonNode step : fixture.steps()) {
          if (step.has("receive")) {
            MESSAGES.add(step.get("receive").asText());
            SESSIONS.add(new Session(fixture, step.get("receive").asText()));
          }
        }
      }
    }
  }

  static List<byte[]> corpus() {
    List<byte[]> corpus = new ArrayList<>();
    for (String text :
        List.of(
            "",
            " ",
            "\uFEFF",
            "\uFEFF{\"e\":\"trade\"}",
            "[".repeat(100_000),
            "{\"a\":".repeat(100_000),
            "{\"e\":\"trade\",\"p\":1e99999999999}",
            "[" + "{},".repeat(200_000) + "{}]",
            "{\"data\":[" + "{},".repeat(200_000) + "{}]}",
            "{\"bids\":[" + "[\"1\",\"1\"],".repeat(100_000) + "[\"1\",\"1\"]]}",
            "{\"bids\":[{\"price\":\"1\",\"price\":\"2\",\"qty\":\"1\"}]}",
            "{\"s\":\"BTCUSDT\",\"s\":\"ETHUSDT\"}")) {
      corpus.add(text.getBytes(StandardCharsets.UTF_8));
    }
    for (int bad : new int[] {0x80, 0xc0, 0xed, 0xff}) {
      corpus.add(new byte[] {'{', '"', (byte) bad, '"', ':', '1', '}'});
      corpus.add(new byte[] {'{', '"', 'e', '"', ':', '"', (byte) bad, '"', '}'});
    }
    corpus.add(new byte[] {0x1f, (byte) 0x8b, 8, 0});
    return corpus;
  }

  @ParameterizedTest
  @MethodSource("corpus")
  void every_session_survives_the_corpus(byte[] message) {
    load();
    SESSIONS.stream().filter(s -> s.uses < 10_000).forEach(session -> check(session, message));
  }

  @Test
  void no_event_comes_of_an_invalid_message() {
    load();
    Fuzz.run(
        "frames",
        750,
        random -> {
          Mutator mutator = new Mutator(random);
          Session session = mutator.pick(SESSIONS);
          check(session, mutator.mutated(session.good, MESSAGES));
        });
  }

  private static void check(Session session, byte[] message) {
    List<String> events = new ArrayList<>();
    long allocated = Fuzz.allocated(() -> events.addAll(session.read(message)));
    String shown = new String(message, 0, Math.min(300, message.length), StandardCharsets.UTF_8);
    assertThat(allocated).as(shown).isLessThan((8L << 20) + 200L * message.length);
    boolean isCompressed = message.length > 1 && message[0] == 0x1f;
    if (!isCompressed && !events.isEmpty()) {
      assertThat(StrictJson.isValid(message)).as("%s: %s", events, shown).isTrue();
    }
    assertThat(session.read(session.good.getBytes(StandardCharsets.UTF_8)))
        .as("%s after %s", session.good, shown)
        .isEqualTo(session.expected);
  }
}
