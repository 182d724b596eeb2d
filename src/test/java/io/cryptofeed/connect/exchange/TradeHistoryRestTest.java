package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.profile.ProfileLoaderTest;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Trade;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** How past trades are asked for and read; what each venue sends is in its fixtures. */
class TradeHistoryRestTest {

  private static final int DAMAGES_OF_EACH = 300;

  private static final Instrument SPOT = instrument(MarketType.SPOT);

  private static Instrument instrument(MarketType type) {
    return new Instrument("example", type, "X-Y", "X/Y", "X", "Y", null, null, true);
  }

  /** The example whose history is changed. */
  private static Exchange exchange(String part, String instead) {
    assertThat(ProfileLoaderTest.GOOD).contains(part);
    return new ProfileExchange(
        ProfileLoaderTest.load(ProfileLoaderTest.GOOD.replace(part, instead)), VenueOptions.LIVE);
  }

  private static List<Trade> read(Exchange exchange, String body) throws MalformedMessageException {
    return exchange.readTrades(SPOT, body.getBytes(StandardCharsets.UTF_8), 5, malformed -> {});
  }

  private static String row(long id, String time) {
    return "{\"i\":%d,\"p\":\"2\",\"q\":\"3\",\"m\":\"b\",\"T\":%s}".formatted(id, time);
  }

  @Test
  void the_trades_are_those_of_the_stream_but_for_their_origin() throws MalformedMessageException {
    Exchange exchange = exchange("page: 100", "page: 50");
    List<Trade> trades =
        read(exchange, "{\"list\":[" + row(8, "1767225601.5") + "," + row(7, "1767225601") + "]}");

    assertThat(exchange.tradeHistory(SPOT))
        .contains(new TradeHistory(TradeHistory.Paging.FROM_ID, 50, Duration.ofHours(48)));
    assertThat(exchange.tradesRequest(SPOT, 7))
        .isEqualTo(new RestRequest("/trades?s=X%2FY&from=7", 2, 2 << 20));
    assertThat(trades.stream().map(EventLog::line))
        .containsExactly(
            "trade X-Y id=7 seq=7 sell 3 @ 2 fills=0 backfill at 1767225601000000000",
            "trade X-Y id=8 seq=8 sell 3 @ 2 fills=0 backfill at 1767225601500000000");
    assertThat(trades).extracting(Trade::receiveNs).containsOnly(5L);
  }

  @ParameterizedTest
  @CsvSource({
    "s, 1762795433",
    "ms, 1762795433971",
    "us, 1762795433971744",
    "ns, 1762795433971744999"
  })
  void a_time_is_rounded_down_to_the_unit_of_the_request(String unit, String written) {
    Exchange exchange = exchange("paging: from_id", "paging: from_time\n  cursor_unit: " + unit);

    assertThat(exchange.tradesRequest(SPOT, 1_762_795_433_971_744_999L).pathAndQuery())
        .endsWith("&from=" + written);
  }

  @Test
  void a_time_is_in_nanoseconds_unless_the_profile_says_otherwise() {
    Exchange exchange = exchange("paging: from_id", "paging: from_time");

    assertThat(exchange.tradesRequest(SPOT, 1_762_795_433_971_744_999L).pathAndQuery())
        .endsWith("&from=1762795433971744999");
  }

  @Test
  void a_market_type_that_is_not_served_has_no_historical_trades() {
    Exchange exchange = exchange("reach: 48h", "market_types: [spot]");
    Instrument perpetual = instrument(MarketType.PERPETUAL);

    assertThat(exchange.tradeHistory(SPOT)).isPresent();
    assertThat(exchange.tradeHistory(perpetual)).isEmpty();
    assertThatIllegalStateException()
        .isThrownBy(() -> exchange.tradesRequest(perpetual, 1))
        .withMessage("example has no historical trades of example.perpetual.X-Y over REST");
  }

  @Test
  void an_exchange_without_a_history_has_no_historical_trades() {
    String yaml = ProfileLoaderTest.GOOD.substring(0, ProfileLoaderTest.GOOD.indexOf("history:"));
    Exchange exchange = new ProfileExchange(ProfileLoaderTest.load(yaml), VenueOptions.LIVE);

    assertThat(exchange.tradeHistory(SPOT)).isEmpty();
    assertThatIllegalStateException().isThrownBy(() -> read(exchange, "[]"));
  }

  @Test
  void the_ids_of_historical_trades_relate_as_those_of_the_mode() {
    for (String mode : List.of("raw", "aggregate")) {
      Exchange binance =
          Venues.builtIn().open("binance", new VenueOptions(false, null, null, mode, null, 0));
      assertThat(binance.tradeNumbering()).isEqualTo(TradeNumbering.CONSECUTIVE);
    }
    assertThat(Venues.builtIn().open("htx", VenueOptions.LIVE).tradeNumbering())
        .isEqualTo(TradeNumbering.INCREASING);
    assertThat(Venues.builtIn().open("bybit", VenueOptions.LIVE).tradeNumbering())
        .isEqualTo(TradeNumbering.UNORDERED);
  }

  @Test
  void trades_of_one_instant_whose_ids_have_no_order_keep_theirs()
      throws MalformedMessageException {
    Exchange exchange =
        exchange(
            "numbering: consecutive\n    price: /p",
            "numbering: unordered\n    price: /p",
            "&from={cursor}\"\n  paging: from_id",
            "\"\n  paging: newest");
    String same =
        "{\"list\":["
            + row(3, "1767225601")
            + ","
            + row(1, "1767225601")
            + ","
            + row(2, "1767225601")
            + "]}";
    String newestFirst =
        "{\"list\":["
            + row(3, "1767225602")
            + ","
            + row(1, "1767225601")
            + ","
            + row(2, "1767225601")
            + "]}";

    assertThat(read(exchange, same)).extracting(Trade::id).containsExactly("3", "1", "2");
    assertThat(read(exchange, newestFirst)).extracting(Trade::id).containsExactly("2", "1", "3");
  }

  private static Exchange exchange(
      String part, String instead, String otherPart, String otherInstead) {
    assertThat(ProfileLoaderTest.GOOD).contains(part, otherPart);
    return new ProfileExchange(
        ProfileLoaderTest.load(
            ProfileLoaderTest.GOOD.replace(part, instead).replace(otherPart, otherInstead)),
        VenueOptions.LIVE);
  }

  @Test
  void the_fields_of_an_object_are_lists_where_the_rows_say_so() throws MalformedMessageException {
    Exchange exchange = exchange("rows: /list", "rows: /by/*/list");
    String good =
        "{\"by\":{\"a\":{\"list\":[%s]},\"at\":7,\"b\":{\"list\":[%s]}}}"
            .formatted(row(8, "1767225601"), row(7, "1767225601"));

    assertThat(read(exchange, good)).extracting(Trade::id).containsExactly("7", "8");
    assertThat(
            read(
                exchange,
                good.replace("{\"a\":", "[")
                    .replace(",\"at\":7,\"b\":", ",")
                    .replace("]}}}", "]}]}")))
        .extracting(Trade::id)
        .containsExactly("7", "8");
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> read(exchange, "{\"by\":{\"a\":{\"list\":{}}}}"))
        .withMessage("field /by/*/list is not a list");
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> read(exchange, "{\"by\":{}}"))
        .withMessage("field /by is not a list");
  }

  @Test
  void the_rows_themselves_are_no_fields_of_an_object() {
    Exchange exchange = exchange("page: 100", "page: 100");

    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> read(exchange, "{\"list\":{\"a\":" + row(1, "1767225601") + "}}"))
        .withMessage("field /list is not a list");
  }

  static Set<String> venues() {
    return Venues.builtIn().ids();
  }

  @ParameterizedTest
  @MethodSource("venues")
  void a_damaged_response_is_read_or_malformed(String venue) {
    MessageGenerator generator = new MessageGenerator(46);
    int read = 0;
    int refused = 0;
    for (VenueFixture fixture : VenueFixture.all()) {
      for (JsonNode page : fixture.venue().equals(venue) ? pages(fixture) : List.<JsonNode>of()) {
        Exchange exchange = fixture.exchange();
        Instrument instrument = fixture.instrument(page.get("of").asText());
        byte[] body = page.get("trades").asText().getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < DAMAGES_OF_EACH; i++) {
          try {
            assertThat(exchange.readTrades(instrument, generator.damaged(body), 1, malformed -> {}))
                .isSortedAccordingTo((one, next) -> Long.compare(one.rank(), next.rank()));
            read++;
          } catch (MalformedMessageException e) {
            assertThat(e).hasMessageNotContaining("null");
            refused++;
          }
        }
      }
    }
    assertThat(read).isPositive();
    assertThat(refused).isPositive();
  }

  private static List<JsonNode> pages(VenueFixture fixture) {
    List<JsonNode> pages = new ArrayList<>();
    for (JsonNode step : fixture.steps()) {
      if (!step.path("trades").asText().isEmpty()) {
        pages.add(step);
      }
    }
    return pages;
  }
}
