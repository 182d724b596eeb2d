package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.ThreadMXBean;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.market.MarketStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A message with absurdly many rows costs no more memory than a common one, and is malformed. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class ManyRowsTest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int ROWS = 200_000;

  /** Ten thousand rows with levels of their own, twice, because arrays grow by doubling. */
  private static final long MOST_ALLOCATED = 64L << 20;

  static List<String> venues() {
    return VenueFixture.all().stream().map(VenueFixture::venue).distinct().toList();
  }

  @ParameterizedTest
  @MethodSource("venues")
  void the_memory_for_rows_is_bounded_and_given_back(String venue) {
    int flooded = 0;
    for (VenueFixture fixture : VenueFixture.all()) {
      if (fixture.venue().equals(venue)) {
        for (JsonNode step : fixture.steps()) {
          flooded += step.has("receive") && !step.has("packed") ? flood(fixture, step) : 0;
        }
      }
    }
    assertThat(flooded).isPositive();
  }

  /** Replaces each list of a message in turn. */
  private static int flood(VenueFixture fixture, JsonNode step) {
    String message = step.get("receive").asText();
    List<String> floods = new ArrayList<>();
    try {
      JsonNode tree = JSON.readTree(message);
      for (JsonNode list : lists(tree, new ArrayList<>())) {
        JsonNode copy = JSON.readTree(message);
        List<JsonNode> copied = lists(copy, new ArrayList<>());
        ArrayNode many = (ArrayNode) copied.get(lists(tree, new ArrayList<>()).indexOf(list));
        for (String row : List.of("{}", "[]")) {
          many.removeAll();
          many.add("ROWS");
          floods.add(copy.toString().replace("\"ROWS\"", (row + ',').repeat(ROWS - 1) + row));
        }
      }
    } catch (JsonProcessingException notJson) {
      return 0;
    }
    ExchangeSession session = fixture.exchange().openSession(fixture.instruments());
    session.subscribe(
        fixture.instruments().stream()
            .flatMap(
                instrument ->
                    fixture.exchange().channels().stream()
                        .map(channel -> new MarketStream(channel, instrument)))
            .toList());
    List<String> expected = read(session, message);
    for (String flood : floods) {
      byte[] bytes = flood.getBytes(StandardCharsets.UTF_8);
      EventLog log = new EventLog();
      long before = THREADS.getCurrentThreadAllocatedBytes();
      session.onMessage(bytes, 0, bytes.length, 1, log);
      assertThat(THREADS.getCurrentThreadAllocatedBytes() - before)
          .as(flood.substring(0, Math.min(200, flood.length())))
          .isLessThan(MOST_ALLOCATED);
      log.take();
    }
    if (!floods.isEmpty() && fixture.steps().size() == 1) {
      assertThat(read(session, message)).isEqualTo(expected);
    }
    return floods.size();
  }

  private static List<String> read(ExchangeSession session, String message) {
    EventLog log = new EventLog();
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    session.onMessage(bytes, 0, bytes.length, 1, log);
    // The same message again repeats its number in the connection.
    return log.take().stream().filter(line -> !line.startsWith("connection gap")).toList();
  }

  private static List<JsonNode> lists(JsonNode node, List<JsonNode> into) {
    if (node instanceof ArrayNode || node instanceof ObjectNode) {
      if (node.isArray()) {
        into.add(node);
      }
      node.forEach(child -> lists(child, into));
    }
    return into;
  }
}
