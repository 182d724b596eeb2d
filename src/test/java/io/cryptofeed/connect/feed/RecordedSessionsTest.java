package io.cryptofeed.connect.feed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.MarketRecorder.SeenBook;
import io.cryptofeed.connect.local.venue.capture.BinanceStreams;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.RecordedTruth;
import io.cryptofeed.connect.local.venue.capture.RecordedVenue;
import io.cryptofeed.connect.local.venue.capture.Recording;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Integrity;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Recorded sessions, sent again over real sockets: every trade arrives once, every book is at the
 * end, and after every message, what an independent reading of the recording says, and nothing is
 * called a fault.
 */
class RecordedSessionsTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private static Recording recording(String name) {
    assumeTrue(
        Capture.directory().isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    return Recording.read(Capture.directory().orElseThrow(), name);
  }

  /** Plays a recording to the feed of a venue until everything was sent. */
  private void play(
      String exchange,
      @Nullable String bookMode,
      Set<Channel> channels,
      List<String> symbols,
      RecordedVenue venue) {
    closeLater(venue);
    stream(
        subscription(
            Venues.builtIn().open(exchange, at(venue.port(), null, bookMode)), channels, symbols));
    await().atMost(LIMIT).until(() -> venue.isFinished() || !fatal.isEmpty());
    assertThat(fatal).isEmpty();
  }

  /** Waits until the last message has been taken, then compares everything. */
  private void assertIs(RecordedTruth truth, Map<String, String> keys) {
    keys.forEach(
        (name, key) -> {
          int messages = truth.books().getOrDefault(name, new BookHistory()).size();
          List<String> trades = truth.trades().getOrDefault(name, List.of());
          await()
              .atMost(LIMIT)
              .untilAsserted(
                  () -> {
                    assertThat(recorder.books(key)).as("books of " + key).hasSize(messages);
                    assertThat(recorder.trades(key)).as("trades of " + key).hasSize(trades.size());
                  });
          if (messages > 0) {
            BookHistory.Walk book = requireNonNull(truth.books().get(name)).walk();
            recorder.compareBooks(key, record -> book.next(), 0);
          }
          assertThat(recorder.trades(key))
              .extracting(
                  trade ->
                      String.join(
                          " ",
                          trade.text(),
                          trade.price().toPlainString(),
                          trade.size().toPlainString(),
                          trade.side().code()))
              .containsExactlyElementsOf(trades);
        });
    assertThat(truth.books().keySet()).isEqualTo(keys.keySet());
    assertThat(recorder.statuses())
        .extracting(status -> status.status())
        .containsOnly(Status.CONNECTED);
  }

  private List<Integrity> integrities(String key) {
    return recorder.books(key).stream().map(SeenBook::integrity).distinct().toList();
  }

  private static Map<String, String> keys(String... namesAndKeys) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < namesAndKeys.length; i += 2) {
      keys.put(namesAndKeys[i], namesAndKeys[i + 1]);
    }
    return keys;
  }

  @Test
  void binance_futures() {
    Recording recording = recording("BINANCE_FUTURES");
    RecordedTruth truth = RecordedTruth.ofBinance(recording);
    play(
        "binance_futures",
        null,
        Set.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES),
        List.of("SUSHI-USDT-PERP", "AKRO-USDT-PERP", "KEEP-USDT-PERP", "CTK-USDT-PERP"),
        RecordedVenue.start(
            recording,
            new BinanceStreams(),
            12,
            frame ->
                frame
                    .json()
                    .path("data")
                    .path("e")
                    .asText()
                    .matches("aggTrade|depthUpdate|bookTicker")));

    assertIs(
        truth,
        keys(
            "SUSHIUSDT", "binance_futures.perpetual.SUSHI-USDT-PERP",
            "AKROUSDT", "binance_futures.perpetual.AKRO-USDT-PERP",
            "KEEPUSDT", "binance_futures.perpetual.KEEP-USDT-PERP",
            "CTKUSDT", "binance_futures.perpetual.CTK-USDT-PERP"));
    assertThat(integrities("binance_futures.perpetual.SUSHI-USDT-PERP"))
        .containsExactly(Integrity.SEQUENCE);
    await()
        .untilAsserted(
            () ->
                assertThat(recorder.quotes("binance_futures.perpetual.SUSHI-USDT-PERP"))
                    .hasSize(requireNonNull(truth.quotes().get("SUSHIUSDT"))));
  }

  @Test
  void coinbase_advanced() {
    Recording recording = recording("COINBASE");
    RecordedVenue.Dialect dialect =
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            List<String> streams = new ArrayList<>();
            for (String product : texts(frame.path("product_ids"))) {
              streams.add(frame.path("channel").asText() + ":" + product);
            }
            return streams;
          }

          @Override
          public String stream(Recording.Frame frame) {
            return "all";
          }
        };
    RecordedTruth truth = RecordedTruth.ofCoinbaseAdvanced(recording);
    play(
        "coinbase_advanced",
        null,
        Set.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES),
        List.of("BTC-USD", "ETH-USD"),
        RecordedVenue.start(recording, dialect, 8, frame -> true));

    assertIs(
        truth,
        keys(
            "BTC-USD", "coinbase_advanced.spot.BTC-USD",
            "ETH-USD", "coinbase_advanced.spot.ETH-USD"));
    assertThat(integrities("coinbase_advanced.spot.BTC-USD")).containsExactly(Integrity.SEQUENCE);
    await()
        .untilAsserted(
            () ->
                assertThat(recorder.quotes("coinbase_advanced.spot.BTC-USD"))
                    .hasSize(requireNonNull(truth.quotes().get("BTC-USD"))));
  }

  @Test
  void okx_whose_recording_carries_checksums_and_no_numbers() {
    Recording recording = recording("OKX");
    RecordedVenue.Dialect dialect =
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            List<String> streams = new ArrayList<>();
            frame.path("args").forEach(argument -> streams.add(stream(argument)));
            return streams;
          }

          @Override
          public String stream(Recording.Frame frame) {
            return stream(frame.json().path("arg"));
          }

          private static String stream(JsonNode argument) {
            return argument.path("channel").asText() + ":" + argument.path("instId").asText();
          }
        };
    RecordedTruth truth = RecordedTruth.ofOkx(recording);
    Map<String, String> keys =
        keys(
            "BTC-USDT", "okx.spot.BTC-USDT",
            "UNI-USD-SWAP", "okx.perpetual.UNI-USD-PERP",
            "BTC-USD-220527", "okx.future.BTC-USD-22K27");
    play(
        "okx",
        null,
        Set.of(Channel.TRADES, Channel.L2_BOOK),
        List.of("BTC-USDT", "UNI-USD-PERP", "BTC-USD-22K27"),
        RecordedVenue.start(
            recording,
            dialect,
            6,
            frame -> frame.json().path("arg").path("channel").asText().matches("trades|books")));

    assertIs(truth, keys);
    int books = 0;
    for (String key : keys.values()) {
      assertThat(integrities(key)).containsExactly(Integrity.CHECKSUM);
      books += recorder.books(key).size();
    }
    assertThat(books).isEqualTo(truth.checksums()).isPositive();
  }

  @Test
  void bybit() {
    Recording recording = recording("BYBIT");
    RecordedVenue.Dialect dialect =
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            return texts(frame.path("args")).stream().map(topic -> path + " " + topic).toList();
          }

          @Override
          public List<String> answers(JsonNode frame) {
            return List.of(
                "{\"success\":true,\"ret_msg\":\"\",\"op\":\"subscribe\",\"req_id\":"
                    + frame.path("req_id")
                    + "}");
          }

          @Override
          public String stream(Recording.Frame frame) {
            return frame.path() + " " + frame.json().path("topic").asText();
          }
        };
    Map<String, String> keys = new LinkedHashMap<>();
    List<String> symbols = new ArrayList<>();
    for (String coin : List.of("BTC", "ETH", "SOL", "DOGE")) {
      keys.put("/v5/public/linear " + coin + "USDT", "bybit.perpetual." + coin + "-USDT-PERP");
      symbols.add(coin + "-USDT-PERP");
    }
    for (String coin : List.of("BTC", "ETH")) {
      keys.put("/v5/public/spot " + coin + "USDT", "bybit.spot." + coin + "-USDT");
      symbols.add(coin + "-USDT");
    }
    play(
        "bybit",
        null,
        Set.of(Channel.TRADES, Channel.L2_BOOK),
        symbols,
        RecordedVenue.start(
            recording,
            dialect,
            12,
            frame -> frame.json().path("topic").asText().matches("(orderbook|publicTrade).*")));

    assertIs(RecordedTruth.ofBybit(recording), keys);
    assertThat(integrities("bybit.spot.BTC-USDT")).containsExactly(Integrity.SEQUENCE);
  }

  @Test
  void htx_with_its_channel_of_full_books() {
    Recording recording = recording("HUOBI");
    RecordedVenue.Dialect dialect =
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            return frame.has("sub") ? List.of(frame.path("sub").asText()) : List.of();
          }

          @Override
          public String stream(Recording.Frame frame) {
            JsonNode message = frame.json();
            return message.path("ch").asText(message.path("subbed").asText("all"));
          }
        };
    Map<String, String> keys = new LinkedHashMap<>();
    List<String> symbols =
        List.of(
            "PROPY-ETH",
            "ZEN-ETH",
            "TRIO-ETH",
            "XVG-ETH",
            "YFI-HUSD",
            "OMG-BTC",
            "NEST-ETH",
            "BOR-USDT",
            "FIL3S-USDT",
            "DOGE-ETH");
    for (String symbol : symbols) {
      keys.put(symbol.replace("-", "").toLowerCase(Locale.ROOT), "htx.spot." + symbol);
    }
    play(
        "htx",
        "depth",
        Set.of(Channel.TRADES, Channel.L2_BOOK),
        symbols,
        RecordedVenue.start(recording, dialect, 20, frame -> true));

    assertIs(RecordedTruth.ofHtx(recording), keys);
    assertThat(integrities("htx.spot.BOR-USDT")).containsExactly(Integrity.NONE);
  }

  private static List<String> texts(JsonNode list) {
    List<String> texts = new ArrayList<>();
    list.forEach(text -> texts.add(text.asText()));
    return texts;
  }
}
