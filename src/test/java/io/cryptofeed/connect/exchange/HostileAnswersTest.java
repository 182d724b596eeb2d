package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.text.UntrustedText;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An answer over REST, however odd, is read or is malformed; its numbers are bounded. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class HostileAnswersTest {

  private static final Pattern NUMBER = Pattern.compile("(?<![\\w.+-])-?[0-9]+(\\.[0-9]+)?(?!\\w)");

  private static final List<String> NUMBERS =
      List.of(
          "1e99999999999",
          "1e600000000",
          "1e-600000000",
          "1e100000000",
          "1e2147483647",
          "1e-2147483648",
          "1e101",
          "1e-101",
          "1e99",
          "1E-99",
          "0e999",
          "-1",
          "0",
          "9".repeat(99),
          "9".repeat(5_000),
          "0." + "0".repeat(90) + "1",
          "0." + "1".repeat(5_000));

  private static final List<String> BODIES =
      List.of(
          "",
          " ",
          "\r\n",
          "null",
          "true",
          "0",
          "1e99999999999",
          "\"\"",
          "\"a",
          "[",
          "{",
          "[]",
          "{}",
          "[[]]",
          "[{}]",
          "{\"a\"",
          "{\"a\":",
          "\uFEFF",
          "\uFEFF[]",
          "\u0000",
          "]",
          "nul",
          "[".repeat(100_000),
          "{\"a\":".repeat(100_000),
          "\u001f\u008b\b\0");

  /** The readers of an exchange's answers, and an answer that it gives. */
  record Answer(VenueFixture fixture, String kind, JsonNode step, String body) {

    void read(byte[] hostile, Consumer<BigDecimal> numbers) throws MalformedMessageException {
      Exchange exchange = fixture.exchange();
      if (kind.equals("instruments")) {
        InstrumentPage page =
            exchange.readInstruments(
                exchange.instrumentRequests().get(step.path("list").asInt(0)), hostile);
        for (Instrument instrument : page.instruments()) {
          accept(instrument.tickSize(), numbers);
          accept(instrument.lotSize(), numbers);
          accept(instrument.contractSize(), numbers);
        }
        return;
      }
      Instrument instrument = fixture.instrument(step.get("of").asText());
      if (kind.equals("trades")) {
        for (Trade trade : exchange.readTrades(instrument, hostile, 1, malformed -> {})) {
          accept(trade.numbers(), numbers);
        }
        return;
      }
      BookUpdate book = exchange.readBookSnapshot(instrument, hostile, 1);
      accept(book.bidPrices(), numbers);
      accept(book.bidSizes(), numbers);
      accept(book.askPrices(), numbers);
      accept(book.askSizes(), numbers);
    }

    private static void accept(@Nullable BigDecimal number, Consumer<BigDecimal> numbers) {
      if (number != null) {
        numbers.accept(number);
      }
    }

    private static void accept(DecimalColumn column, Consumer<BigDecimal> numbers) {
      for (int i = 0; i < column.size(); i++) {
        numbers.accept(column.value(i));
      }
    }

    @Override
    public String toString() {
      return fixture.venue() + ' ' + kind + ": " + fixture.name();
    }
  }

  static List<Answer> answers() {
    List<Answer> answers = new ArrayList<>();
    for (VenueFixture fixture : VenueFixture.all()) {
      for (JsonNode step : fixture.steps()) {
        for (String kind : List.of("instruments", "trades", "snapshot")) {
          if (step.has(kind)) {
            answers.add(new Answer(fixture, kind, step, step.get(kind).asText()));
          }
        }
      }
    }
    return answers;
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void every_number_is_bounded(Answer answer) {
    Matcher number = NUMBER.matcher(answer.body());
    while (number.find()) {
      for (String odd : NUMBERS) {
        read(
            answer,
            answer.body().substring(0, number.start())
                + odd
                + answer.body().substring(number.end()));
      }
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void an_answer_that_is_cut_or_empty_or_something_else_is_malformed(Answer answer) {
    BODIES.forEach(body -> read(answer, body));
    for (int length = 0; length < answer.body().length(); length += 7) {
      read(answer, answer.body().substring(0, length));
    }
  }

  private static void read(Answer answer, String body) {
    try {
      answer.read(
          body.getBytes(StandardCharsets.UTF_8),
          number -> {
            assertThat(number.scale()).as(body).isBetween(0, 300);
            assertThat(number.precision()).as(body).isLessThan(500);
          });
    } catch (MalformedMessageException declared) {
      assertThat(declared.getMessage()).hasSizeLessThanOrEqualTo(UntrustedText.LONGEST);
    }
  }
}
