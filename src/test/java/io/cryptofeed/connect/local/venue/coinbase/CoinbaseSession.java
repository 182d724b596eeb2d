package io.cryptofeed.connect.local.venue.coinbase;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Coinbase Exchange's side of one WebSocket: each request gets the list of all subscriptions. */
public final class CoinbaseSession implements VenueSession {

  /** The channels to which a session subscribes. */
  public interface Channels {
    /** Whether the product exists. */
    boolean isProduct(String product);

    /** Called once the acknowledgement is sent, for every product of the request. */
    void subscribe(String channel, String product, ClientSocket socket);

    void unsubscribe(String channel, String product, ClientSocket socket);
  }

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Set<String> CHANNELS = Set.of("matches", "level2_batch", "heartbeat");
  private static final Set<String> PRIVATE_CHANNELS = Set.of("level2", "level3", "full", "user");
  private static final Map<String, String> ECHO_NAMES = Map.of("level2_batch", "level2_50");

  private final ClientSocket socket;
  private final Channels channels;
  private final SimulatorOptions options;
  private final long openedAt = System.nanoTime();
  private final Map<String, Set<String>> subscribed = new TreeMap<>();
  private boolean everSubscribed;

  public CoinbaseSession(ClientSocket socket, Channels channels, SimulatorOptions options) {
    this.socket = socket;
    this.channels = channels;
    this.options = options;
  }

  @Override
  public void opened() {}

  @Override
  public void text(String message) {
    JsonNode request;
    try {
      request = JSON.readTree(message);
    } catch (JsonProcessingException bad) {
      fail("Malformed JSON", "");
      return;
    }
    switch (request.path("type").asText()) {
      case "subscribe" -> subscribe(request);
      case "unsubscribe" -> unsubscribe(request);
      default -> fail("Type has to be either subscribe or unsubscribe", "");
    }
  }

  private void subscribe(JsonNode request) {
    Map<String, Set<String>> wanted = channels(request);
    String wrong = whatIsWrong(wanted);
    if (!wrong.isEmpty()) {
      // One wrong name fails the whole message.
      fail("Failed to subscribe", wrong);
      return;
    }
    everSubscribed = true;
    wanted.forEach(
        (channel, products) ->
            subscribed.computeIfAbsent(channel, name -> new LinkedHashSet<>()).addAll(products));
    acknowledge();
    wanted.forEach(
        (channel, products) ->
            products.forEach(product -> channels.subscribe(channel, product, socket)));
  }

  private String whatIsWrong(Map<String, Set<String>> wanted) {
    if (wanted.isEmpty()) {
      return "channels not specified";
    }
    for (Map.Entry<String, Set<String>> each : wanted.entrySet()) {
      if (PRIVATE_CHANNELS.contains(each.getKey())) {
        return "level2, level3, and full channels now require authentication."
            + " https://docs.cloud.coinbase.com/exchange/docs/websocket-auth";
      }
      if (!CHANNELS.contains(each.getKey())) {
        return each.getKey() + " is not a valid channel";
      }
      if (each.getValue().isEmpty()) {
        return "product_ids not specified";
      }
      for (String product : each.getValue()) {
        if (!channels.isProduct(product)) {
          return product + " is not a valid product";
        }
      }
    }
    return "";
  }

  private void unsubscribe(JsonNode request) {
    channels(request)
        .forEach(
            (channel, products) -> {
              Set<String> had = subscribed.getOrDefault(channel, Set.of());
              // Without products, all products of the channel are meant.
              for (String product : Set.copyOf(products.isEmpty() ? had : products)) {
                if (had.remove(product)) {
                  channels.unsubscribe(channel, product, socket);
                }
              }
            });
    acknowledge();
  }

  /** The channels of a request, each a name or an object with products of its own. */
  private static Map<String, Set<String>> channels(JsonNode request) {
    Map<String, Set<String>> wanted = new TreeMap<>();
    for (JsonNode channel : request.path("channels")) {
      String name = channel.isTextual() ? channel.textValue() : channel.path("name").asText();
      Set<String> products = wanted.computeIfAbsent(name, any -> new LinkedHashSet<>());
      request.path("product_ids").forEach(product -> products.add(product.asText()));
      channel.path("product_ids").forEach(product -> products.add(product.asText()));
    }
    return wanted;
  }

  private void acknowledge() {
    StringBuilder list = new StringBuilder("{\"type\":\"subscriptions\",\"channels\":[");
    String comma = "";
    for (Map.Entry<String, Set<String>> each : subscribed.entrySet()) {
      if (!each.getValue().isEmpty()) {
        list.append(comma)
            .append("{\"name\":\"")
            .append(ECHO_NAMES.getOrDefault(each.getKey(), each.getKey()))
            .append("\",\"product_ids\":[\"")
            .append(String.join("\",\"", each.getValue()))
            .append("\"],\"account_ids\":null}");
        comma = ",";
      }
    }
    socket.send(list.append("]}").toString());
  }

  private void fail(String message, String reason) {
    socket.send(
        "{\"type\":\"error\",\"message\":\""
            + message
            + (reason.isEmpty() ? "\"}" : "\",\"reason\":" + JSON.valueToTree(reason) + "}"));
  }

  @Override
  public void tick(long nanoTime) {
    if (!everSubscribed && nanoTime - openedAt > options.subscribeTimeout().toNanos()) {
      socket.close(1008, "no subscription in time");
    }
  }

  @Override
  public void closed() {
    subscribed.forEach(
        (channel, products) ->
            products.forEach(product -> channels.unsubscribe(channel, product, socket)));
    subscribed.clear();
  }
}
