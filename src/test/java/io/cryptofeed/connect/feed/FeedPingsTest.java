package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import io.cryptofeed.connect.local.venue.scripted.BookVenue.Market;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.task.Feeds;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How connections are kept alive where WebSocket pings do not do it. */
class FeedPingsTest extends FeedsUnderTest {

  @TempDir private Path profiles;

  private final List<String> received = new CopyOnWriteArrayList<>();

  /** Says nothing of its own accord but what a test makes it say on subscribing. */
  private class Quiet implements BookVenue.Dialect {
    private final String instruments;
    private final boolean gzips;
    private final @Nullable String first;

    Quiet(String instruments, boolean gzips, @Nullable String first) {
      this.instruments = instruments;
      this.gzips = gzips;
      this.first = first;
    }

    @Override
    public String rest(String path, @Nullable String symbol, BookVenue venue) {
      return instruments;
    }

    @Override
    public void text(String message, BookVenue venue, BookVenue.Client client) {
      received.add(message);
      if (message.equals("ping")) {
        client.send("pong");
        return;
      }
      JsonNode frame = JsonText.parse(message);
      if (first != null && frame.has("sub")) {
        client.send(first);
      }
    }

    @Override
    public @Nullable String snapshot(Market market) {
      return null;
    }

    @Override
    public String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
      return "{}";
    }

    @Override
    public boolean gzips() {
      return gzips;
    }
  }

  private Feeds feeds(String exchange, String symbol, BookVenue venue) {
    return stream(
        subscription(
            Venues.withProfilesOf(profiles, Channels.BUILT_IN)
                .open(exchange, at(venue.port(), null, null)),
            Set.of(Channel.TRADES),
            List.of(symbol)));
  }

  private void profile(String text) throws IOException {
    Files.writeString(profiles.resolve("own.yaml"), text);
  }

  @Test
  void a_bare_word_is_sent_and_its_answer_keeps_the_connection() throws Exception {
    profile(
        """
        venue: own
        extends: okx
        liveness: {ping_interval: 1s, max_silence: 3s, first_data: null, stale_after: null}
        instruments:
          - path: /instruments
            weight: 1
            max_response: 1MiB
            rows: /data
            market_type: spot
            symbol: /instId
            base: /baseCcy
            quote: /quoteCcy
            active: {/state: live}
        """);
    String instruments =
        "{\"code\":\"0\",\"data\":[{\"instId\":\"BTC-USDT\",\"baseCcy\":\"BTC\",\"quoteCcy\":\"USDT\",\"state\":\"live\"}]}";
    try (BookVenue venue = BookVenue.start(new Quiet(instruments, false, null), 1, List.of());
        Feeds feeds = feeds("own", "BTC-USDT", venue)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .until(() -> received.stream().filter("ping"::equals).count() >= 5);

      assertThat(feeds.counters().connections().sum()).isEqualTo(1);
      assertThat(feeds.counters().malformed().sum()).isZero();
      assertThat(recorder.statuses(Status.DISCONNECTED)).isEmpty();
      assertThat(fatal).isEmpty();
    }
  }

  @Test
  void a_ping_of_the_venue_is_answered_with_its_own_number() throws Exception {
    profile("venue: own\nextends: htx\n");
    String instruments =
        "{\"status\":\"ok\",\"data\":[{\"symbol\":\"btcusdt\",\"base-currency\":\"btc\",\"quote-currency\":\"usdt\",\"state\":\"online\"}]}";
    try (BookVenue venue =
            BookVenue.start(
                new Quiet(instruments, true, "{\"ping\":1618678073643}"), 1, List.of());
        Feeds feeds = feeds("own", "BTC-USDT", venue)) {
      await()
          .atMost(Duration.ofSeconds(20))
          .untilAsserted(() -> assertThat(received).contains("{\"pong\":1618678073643}"));
      assertThat(feeds.counters().unknown().sum()).isZero();
    }
  }
}
