package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.profile.ProfileLoaderTest;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How the kind of a message is recognised, whatever the profile asks of its fields. */
class MessageRecognitionTest {

  private static final String TRADE =
      "\"s\":\"X\",\"t\":1,\"p\":\"2\",\"q\":\"3\",\"m\":\"b\",\"T\":1767225600004}";
  private static final String BOUGHT =
      "trade X-Y id=1 seq=1 buy 3 @ 2 fills=0 stream at 1767225600004000000";

  private static List<String> read(String when, String message) {
    return receive(
        ProfileLoaderTest.GOOD.replace("when: {/e: trade}", "when: " + when), List.of(message));
  }

  private static List<String> receive(String profile, List<String> messages) {
    Exchange exchange = new ProfileExchange(ProfileLoaderTest.load(profile), VenueOptions.LIVE);
    Instrument instrument =
        new Instrument("example", MarketType.SPOT, "X-Y", "X", "X", "Y", null, null, true);
    EventLog log = new EventLog();
    ExchangeSession session = exchange.openSession(List.of(instrument));
    for (String message : messages) {
      byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
      session.onMessage(bytes, 0, bytes.length, 1, log);
    }
    return log.take();
  }

  @Test
  void by_the_beginning_of_a_value() {
    String when = "{/e: {prefix: trade.}}";

    assertThat(read(when, "{\"e\":\"trade.X\"," + TRADE)).containsExactly(BOUGHT);
    assertThat(read(when, "{\"e\":\"tr\\u0061de.X\"," + TRADE)).containsExactly(BOUGHT);
    assertThat(read(when, "{\"e\":\"trade\"," + TRADE)).containsExactly("unknown");
  }

  @Test
  void by_the_presence_of_a_value_that_is_not_null() {
    String when = "{/e: {present: true}}";

    assertThat(read(when, "{\"e\":0," + TRADE)).containsExactly(BOUGHT);
    assertThat(read(when, "{\"e\":null," + TRADE)).containsExactly("unknown");
    assertThat(read(when, "{\"e\":{}," + TRADE)).containsExactly("unknown");
    assertThat(read(when, "{" + TRADE)).containsExactly("unknown");
  }

  @Test
  void by_several_values_of_which_all_must_hold() {
    String when = "{/e: trade, /c/d: 7}";

    assertThat(read(when, "{\"e\":\"trade\",\"c\":{\"d\":7}," + TRADE)).containsExactly(BOUGHT);
    assertThat(read(when, "{\"c\":{\"d\":\"7\"},\"e\":\"trade\"," + TRADE)).containsExactly(BOUGHT);
    assertThat(read(when, "{\"e\":\"trade\",\"c\":{\"d\":8}," + TRADE)).containsExactly("unknown");
    assertThat(read(when, "{\"e\":\"trade\",\"c\":7," + TRADE)).containsExactly("unknown");
    assertThat(read(when, "{\"e\":\"trade\"," + TRADE)).containsExactly("unknown");
  }

  @Test
  void of_two_kinds_that_fit_the_first_is_taken() {
    String both = "{\"e\":\"depth\",\"U\":1,\"u\":2,\"b\":[],\"a\":[]," + TRADE;

    assertThat(read("{/e: {present: true}}", both)).containsExactly(BOUGHT);
    assertThat(read("{/e: other}", both))
        .containsExactly("book X-Y delta 1..2 bids [] asks [] at 1");
  }

  @Test
  void a_text_is_not_its_beginning_and_not_its_end() {
    assertThat(read("{/e: trade}", "{\"e\":\"trades\"," + TRADE)).containsExactly("unknown");
    assertThat(read("{/e: trade}", "{\"e\":\"trad\"," + TRADE)).containsExactly("unknown");
    assertThat(read("{/e: trade}", "{\"e\":\"\"," + TRADE)).containsExactly("unknown");
    assertThat(read("{/e: 1}", "{\"e\":12," + TRADE)).containsExactly("unknown");
    assertThat(read("{/e: 1}", "{\"e\":1," + TRADE)).containsExactly(BOUGHT);
  }

  @Test
  void an_unknown_message_counts_in_the_sequence_of_its_connection() {
    String profile =
        ProfileLoaderTest.GOOD.replace(
            "when: {/ok: {present: true}}", "when: {/e: confirmed, /ok: {present: true}}");

    assertThat(
            receive(
                profile.replace("messages:", "connection_sequence: /n\nmessages:"),
                List.of("{\"e\":\"other\",\"n\":1}", "{\"e\":\"other\",\"n\":3}")))
        .containsExactly("unknown", "connection gap 2 3", "unknown");
  }
}
