package io.cryptofeed.connect.local.venue.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.IsoTime;
import io.cryptofeed.connect.local.venue.JsonBytes;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.VenueStream;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSession;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Replays a recording of Coinbase Exchange: its {@code /products}, and the frames of a connection.
 * Instead of the recorded acknowledgements each client gets those of its own requests. Heartbeats
 * are made up, because none were recorded and clients rely on them.
 */
public final class CoinbaseReplay extends CaptureReplay {

  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Map<String, String> CHANNEL_OF_TYPE =
      Map.of(
          "snapshot", "level2_batch",
          "l2update", "level2_batch",
          "match", "matches",
          "last_match", "matches",
          "ticker", "ticker");

  private final String products;
  private final Set<String> productIds = new HashSet<>();
  private final Map<String, Long> lastTradeIds = new HashMap<>();
  private final IsoTime time = new IsoTime();
  private final Map<String, VenueStream> heartbeats = new HashMap<>();
  private long lastHeartbeat = System.nanoTime();

  private CoinbaseReplay(
      Capture capture, SimulatorOptions options, Set<String> channels, double speed) {
    super(
        "coinbase-replay",
        options,
        channels,
        capture.configuration().getOrDefault("l2_book", List.of()),
        speed);
    products = capture.body("/products").orElseThrow();
    JsonText.parse(products).forEach(product -> productIds.add(product.path("id").asText()));
    double first = capture.received().get(0).seconds();
    for (Capture.Frame frame : capture.received()) {
      JsonNode message = JsonText.parse(frame.text());
      String type = message.path("type").asText();
      if (!type.equals("subscriptions")) {
        String channel = CHANNEL_OF_TYPE.getOrDefault(type, type);
        add(frame, first, channel + ":" + message.path("product_id").asText());
      }
    }
  }

  /**
   * Starts a replay that listens when this returns, and sends everything at once as soon as books
   * and trades of all recorded products are subscribed.
   */
  public static CoinbaseReplay start(Capture capture, SimulatorOptions options) {
    return start(capture, options, Set.of("trades", "l2_book"), Double.POSITIVE_INFINITY);
  }

  /**
   * Starts a replay that listens when this returns.
   *
   * @param channels the channels that must be subscribed for all products before it starts
   * @param speed 1 is the pace of the recording
   */
  public static CoinbaseReplay start(
      Capture capture, SimulatorOptions options, Set<String> channels, double speed) {
    CoinbaseReplay replay = new CoinbaseReplay(capture, options, channels, speed);
    replay.start();
    return replay;
  }

  @Override
  public @Nullable String channel(String stream) {
    return switch (stream.substring(0, stream.indexOf(':'))) {
      case "level2_batch" -> "l2_book";
      case "matches" -> "trades";
      default -> null;
    };
  }

  @Override
  public String symbol(String stream) {
    return stream.substring(stream.indexOf(':') + 1);
  }

  @Override
  public VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    return new CoinbaseSession(
        socket,
        new CoinbaseSession.Channels() {
          @Override
          public boolean isProduct(String product) {
            return productIds.contains(product);
          }

          @Override
          public void subscribe(String channel, String product, ClientSocket client) {
            if (channel.equals("heartbeat")) {
              heartbeats.computeIfAbsent(product, VenueStream::new).subscribe(client, false);
            } else {
              CoinbaseReplay.this.subscribe(channel + ":" + product, client);
            }
          }

          @Override
          public void unsubscribe(String channel, String product, ClientSocket client) {
            if (channel.equals("heartbeat")) {
              heartbeats.computeIfAbsent(product, VenueStream::new).unsubscribe(client);
            } else {
              CoinbaseReplay.this.unsubscribe(channel + ":" + product, client);
            }
          }
        },
        options());
  }

  @Override
  public void sent(Step step) {
    if (step.stream().startsWith("matches:")) {
      lastTradeIds.put(
          symbol(step.stream()), JsonText.parse(step.text()).path("trade_id").longValue());
    }
  }

  @Override
  public void tick(long nanoTime) {
    super.tick(nanoTime);
    if (nanoTime - lastHeartbeat < HEARTBEAT_NANOS) {
      return;
    }
    lastHeartbeat = nanoTime;
    lastTradeIds.forEach(
        (product, tradeId) -> {
          VenueStream heartbeat = heartbeats.get(product);
          if (heartbeat != null) {
            JsonBytes json = new JsonBytes();
            json.put("{\"type\":\"heartbeat\",\"sequence\":1,\"last_trade_id\":").putLong(tradeId);
            json.put(",\"product_id\":\"").put(product).put("\",\"time\":\"");
            time.put(json, VenueSimulator.nowMicros());
            heartbeat.publish(json.put("\"}"));
          }
        });
  }

  @Override
  public HttpReply answer(HttpCall call) {
    return call.path().equals("/products")
        ? HttpReply.json(200, products)
        : HttpReply.json(404, errorBody(404));
  }

  @Override
  public String errorBody(int status) {
    return "{\"message\":\"not recorded\"}";
  }

  @Override
  public boolean compresses() {
    return true;
  }
}
