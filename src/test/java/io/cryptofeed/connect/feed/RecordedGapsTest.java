package io.cryptofeed.connect.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.cryptofeed.connect.local.venue.capture.BinanceStreams;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.RecordedHistory;
import io.cryptofeed.connect.local.venue.capture.RecordedVenue;
import io.cryptofeed.connect.local.venue.capture.Recording;
import io.cryptofeed.connect.local.venue.scripted.TradeExchange;
import io.cryptofeed.connect.local.venue.scripted.VenueTrade;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Recorded sessions from which pieces are cut out, at random from a seed, beside a history that has
 * everything: all trades are handed on in order, and the pieces, no more and no less, are reported
 * as gaps that are filled.
 */
class RecordedGapsTest extends FeedsUnderTest {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  /** So many of the newest trades can be had of every venue here. */
  private static final int REACH = 95;

  private static final BackfillOptions OF_ANY_AGE =
      new BackfillOptions(true, Duration.ofDays(36_500), null, null, Duration.ofMinutes(5), 50_000);

  private Path captures = Path.of("");

  @BeforeEach
  void findCaptures() {
    assumeTrue(
        Capture.directory().isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    captures = Capture.directory().orElseThrow();
  }

  /** How a venue writes a trade. */
  private interface Words {

    /** The trades of a message. */
    default Iterable<JsonNode> rows(ObjectNode message) {
      return List.of(message);
    }

    /** Leaves trades out of a message, and says whether the message falls away with them. */
    default boolean without(ObjectNode message, Predicate<JsonNode> lost) {
      return lost.test(rows(message).iterator().next());
    }

    String symbol(JsonNode row);

    VenueTrade trade(JsonNode row);
  }

  /** One trade in each message. */
  private static final class BinanceWords implements Words {
    @Override
    public Iterable<JsonNode> rows(ObjectNode message) {
      return List.of(message.path("data"));
    }

    @Override
    public String symbol(JsonNode row) {
      return row.path("s").asText();
    }

    @Override
    public VenueTrade trade(JsonNode row) {
      return new VenueTrade(
          row.path("a").asLong(),
          row.path("a").asText(),
          new BigDecimal(row.path("p").asText()),
          new BigDecimal(row.path("q").asText()),
          row.path("m").asBoolean() ? Side.SELL : Side.BUY,
          row.path("T").asLong() * 1_000_000);
    }
  }

  /** Coinbase's two feeds name the fields alike, and tell the side of the maker. */
  private static class CoinbaseWords implements Words {
    @Override
    public String symbol(JsonNode row) {
      return row.path("product_id").asText();
    }

    @Override
    public VenueTrade trade(JsonNode row) {
      Instant time = Instant.parse(row.path("time").asText());
      return new VenueTrade(
          row.path("trade_id").asLong(),
          row.path("trade_id").asText(),
          new BigDecimal(row.path("price").asText()),
          new BigDecimal(row.path("size").asText()),
          row.path("side").asText().equalsIgnoreCase("sell") ? Side.BUY : Side.SELL,
          time.getEpochSecond() * 1_000_000_000 + time.getNano());
    }
  }

  /** Several trades in a message. */
  private static final class AdvancedWords extends CoinbaseWords {
    @Override
    public Iterable<JsonNode> rows(ObjectNode message) {
      return message.path("events").path(0).path("trades");
    }

    /** Messages are numbered, so each stays. */
    @Override
    public boolean without(ObjectNode message, Predicate<JsonNode> lost) {
      Iterator<JsonNode> rows = rows(message).iterator();
      while (rows.hasNext()) {
        if (lost.test(rows.next())) {
          rows.remove();
        }
      }
      return false;
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void binance_futures(long seed) {
    Recording recording = Recording.read(captures, "BINANCE_FUTURES");
    List<ObjectNode> messages =
        messages(recording, frame -> frame.path("data").path("e").asText().equals("aggTrade"));
    // Trades of other days are not to be had there.
    long age =
        System.currentTimeMillis()
            - messages.get(messages.size() - 1).path("data").path("T").asLong();
    for (ObjectNode message : messages) {
      ObjectNode data = (ObjectNode) message.path("data");
      data.put("T", data.path("T").asLong() + age);
    }
    assertFilled(
        TradeExchange.BINANCE_FUTURES,
        recording,
        messages,
        new BinanceWords(),
        new BinanceStreams(),
        4,
        seed,
        symbol -> "binance_futures.perpetual." + symbol.replace("USDT", "-USDT-PERP"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void coinbase(long seed) {
    Recording recording = withoutHeader(Capture.read(captures, "COINBASE"));
    assertFilled(
        TradeExchange.COINBASE,
        recording,
        messages(recording, frame -> frame.path("type").asText().matches("match|last_match")),
        new CoinbaseWords(),
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            List<String> streams = new ArrayList<>();
            for (JsonNode product : frame.path("product_ids")) {
              streams.add(frame.path("channels").path(0).asText() + ":" + product.asText());
            }
            return streams;
          }

          @Override
          public List<String> answers(JsonNode frame) {
            return List.of(
                "{\"type\":\"subscriptions\",\"channels\":[{\"name\":%s,\"product_ids\":%s}]}"
                    .formatted(frame.path("channels").path(0), frame.path("product_ids")));
          }

          @Override
          public String stream(Recording.Frame frame) {
            return "matches:" + frame.json().path("product_id").asText();
          }
        },
        20,
        seed,
        symbol -> "coinbase.spot." + symbol);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void coinbase_advanced(long seed) {
    Recording recording = Recording.read(captures, "COINBASE");
    List<ObjectNode> messages =
        messages(
            recording,
            frame -> frame.path("channel").asText().matches("market_trades|subscriptions"));
    for (int i = 0; i < messages.size(); i++) {
      messages.get(i).put("sequence_num", i);
    }
    assertFilled(
        TradeExchange.COINBASE_ADVANCED,
        recording,
        messages,
        new AdvancedWords(),
        new RecordedVenue.Dialect() {
          @Override
          public List<String> subscribes(String path, JsonNode frame) {
            List<String> streams = new ArrayList<>();
            for (JsonNode product : frame.path("product_ids")) {
              streams.add(frame.path("channel").asText() + ":" + product.asText());
            }
            return streams;
          }

          @Override
          public String stream(Recording.Frame frame) {
            return "all";
          }
        },
        4,
        seed,
        symbol -> "coinbase_advanced.spot." + symbol);
  }

  private static Recording withoutHeader(Capture capture) {
    return new Recording(
        capture.rest().stream()
            .map(answer -> new Recording.Answer(answer.url(), answer.body()))
            .toList(),
        capture.received().stream()
            .map(frame -> new Recording.Frame("", frame.text().getBytes(UTF_8), false))
            .toList());
  }

  private static List<ObjectNode> messages(Recording recording, Predicate<JsonNode> wanted) {
    return recording.frames().stream()
        .map(Recording.Frame::json)
        .filter(wanted)
        .map(ObjectNode.class::cast)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private void assertFilled(
      TradeExchange exchange,
      Recording recording,
      List<ObjectNode> messages,
      Words words,
      RecordedVenue.Dialect dialect,
      int streams,
      long seed,
      UnaryOperator<String> keyOf) {
    Map<String, List<VenueTrade>> truth = truth(messages, words);
    Map<String, List<String>> pieces = cut(truth, words, messages, new Random(seed));
    RecordedVenue venue =
        RecordedVenue.start(
            new Recording(recording.answers(), frames(messages)),
            dialect,
            streams,
            new RecordedHistory(exchange, truth));
    closeLater(venue);
    play(
        exchange,
        venue,
        truth.keySet().stream()
            .map(keyOf)
            .map(key -> key.substring(key.lastIndexOf('.') + 1))
            .toList());
    truth.forEach(
        (symbol, trades) -> {
          String key = keyOf.apply(symbol);
          await()
              .atMost(LIMIT)
              .untilAsserted(
                  () ->
                      assertThat(recorder.trades(key))
                          .as(key)
                          .extracting(t -> line(t.text(), t.price(), t.size(), t.side()))
                          .containsExactlyElementsOf(
                              trades.stream()
                                  .map(t -> line(t.id(), t.price(), t.size(), t.taker()))
                                  .toList()));
          List<String> cut = pieces.getOrDefault(symbol, List.of());
          assertThat(ranges(key, Status.GAP)).as("gaps of " + key).isEqualTo(cut);
          assertThat(ranges(key, Status.BACKFILLED)).as("filled gaps of " + key).isEqualTo(cut);
          assertThat(ranges(key, Status.LOST)).as("lost trades of " + key).isEmpty();
        });
    assertThat(pieces.values().stream().mapToInt(List::size).sum()).isPositive();
    assertThat(fatal).isEmpty();
  }

  private static Map<String, List<VenueTrade>> truth(List<ObjectNode> messages, Words words) {
    Map<String, Map<Long, VenueTrade>> sorted = new TreeMap<>();
    for (ObjectNode message : messages) {
      for (JsonNode row : words.rows(message)) {
        VenueTrade trade = words.trade(row);
        sorted
            .computeIfAbsent(words.symbol(row), any -> new TreeMap<>())
            .put(trade.number(), trade);
      }
    }
    return sorted.entrySet().stream()
        .collect(
            Collectors.toMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue().values())));
  }

  /** Cuts pieces out of the messages, and gives them by symbol: {@code 17..19 3}. */
  private static Map<String, List<String>> cut(
      Map<String, List<VenueTrade>> truth, Words words, List<ObjectNode> messages, Random random) {
    Map<String, List<String>> pieces = new TreeMap<>();
    Set<String> lost = new HashSet<>();
    truth.forEach(
        (symbol, trades) -> {
          // What follows a piece shows that it is missing.
          int last = trades.size() - 1;
          for (int i = Math.max(1, trades.size() - REACH); i < last; i++) {
            if (random.nextInt(6) == 0) {
              int end = Math.min(last, i + 1 + random.nextInt(5));
              pieces.computeIfAbsent(symbol, any -> new ArrayList<>()).add(range(trades, i, end));
              trades.subList(i, end).forEach(trade -> lost.add(symbol + trade.id()));
              i = end;
            }
          }
        });
    messages.removeIf(
        message ->
            words.without(
                message, row -> lost.contains(words.symbol(row) + words.trade(row).id())));
    return pieces;
  }

  private static String range(List<VenueTrade> trades, int from, int end) {
    return "%s..%s %d".formatted(trades.get(from).id(), trades.get(end - 1).id(), end - from);
  }

  private List<String> ranges(String key, Status status) {
    return recorder.statuses().stream()
        .filter(told -> told.status() == status)
        .filter(told -> told.stream().instrument().key().equals(key))
        .map(RecordedGapsTest::range)
        .toList();
  }

  private static String range(FeedStatus status) {
    Long count =
        status.status() == Status.BACKFILLED ? status.recoveredCount() : status.missingCount();
    return "%s..%s %d".formatted(status.fromId(), status.toId(), count);
  }

  private static String line(String id, BigDecimal price, BigDecimal size, Side side) {
    return String.join(
        " ",
        id,
        price.stripTrailingZeros().toPlainString(),
        size.stripTrailingZeros().toPlainString(),
        side.code());
  }

  /** Streams the trades of the instruments. */
  private void play(TradeExchange exchange, RecordedVenue venue, List<String> symbols) {
    backfill = OF_ANY_AGE;
    stream(
        subscription(
            profile(exchange.id(), venue.port(), exchange.tradesMode()),
            Set.of(Channel.TRADES),
            symbols));
  }

  private static List<Recording.Frame> frames(List<ObjectNode> messages) {
    return messages.stream()
        .map(message -> new Recording.Frame("", message.toString().getBytes(UTF_8), false))
        .toList();
  }
}
