package io.cryptofeed.connect.local.venue.binance;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Binance's side of one WebSocket: requests and their acknowledgements, pings, and limits. */
public final class BinanceSession implements VenueSession {

  /** The streams to which a session subscribes. */
  public interface Streams {
    /**
     * Adds a client to a stream.
     *
     * @param wrap whether the messages to this client name their stream
     */
    void subscribe(String stream, ClientSocket socket, boolean wrap);

    void unsubscribe(String stream, ClientSocket socket);
  }

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final int FRAMES_PER_SECOND = 5;
  private static final int MAX_STREAMS = 1024;
  private static final int POLICY_VIOLATION = 1008;

  private final ClientSocket socket;
  private final Streams streams;
  private final SimulatorOptions options;
  private final boolean combined;
  private final Set<String> subscribed = new LinkedHashSet<>();
  private final List<String> inPath;
  private final long openedAt = System.nanoTime();
  private final long[] arrivals = new long[FRAMES_PER_SECOND];
  private int frames;
  private long lastPing = openedAt;
  private long unansweredSince;
  private boolean unanswered;

  private BinanceSession(
      ClientSocket socket,
      Streams streams,
      SimulatorOptions options,
      boolean combined,
      List<String> inPath) {
    this.socket = socket;
    this.streams = streams;
    this.options = options;
    this.combined = combined;
    this.inPath = inPath;
  }

  /** Opens the session of a path, null if it is neither {@code /ws} nor {@code /stream}. */
  public static @Nullable BinanceSession open(
      HttpCall handshake, ClientSocket socket, Streams streams, SimulatorOptions options) {
    String path = handshake.path();
    if (path.equals("/stream")) {
      String names = handshake.parameter("streams");
      return new BinanceSession(socket, streams, options, true, split(names));
    }
    if (path.equals("/ws") || path.startsWith("/ws/")) {
      String names = path.length() > 4 ? path.substring(4) : null;
      return new BinanceSession(socket, streams, options, false, split(names));
    }
    return null;
  }

  private static List<String> split(@Nullable String names) {
    return names == null ? List.of() : List.of(names.split("/"));
  }

  boolean isCombined() {
    return combined;
  }

  ClientSocket socket() {
    return socket;
  }

  @Override
  public void opened() {
    subscribe(inPath);
  }

  @Override
  public void frame() {
    long now = System.nanoTime();
    int slot = frames % FRAMES_PER_SECOND;
    if (frames >= FRAMES_PER_SECOND && now - arrivals[slot] < TimeUnit.SECONDS.toNanos(1)) {
      socket.close(POLICY_VIOLATION, "Too many requests");
    }
    arrivals[slot] = now;
    frames++;
  }

  @Override
  public void text(String message) {
    JsonNode request;
    try {
      request = JSON.readTree(message);
    } catch (JsonProcessingException bad) {
      int column = bad.getLocation() == null ? 0 : bad.getLocation().getColumnNr();
      refuse(3, "Invalid JSON: expected value at line 1 column " + column);
      return;
    }
    if (!request.path("method").isTextual()) {
      refuse(2, "Invalid request: missing field `method` at line 1 column " + message.length());
      return;
    }
    JsonNode id = request.path("id");
    if (!isAllowed(id)) {
      refuse(2, "Invalid request: request ID must be an unsigned integer, text or null");
      return;
    }
    switch (request.path("method").textValue()) {
      case "SUBSCRIBE" -> change(request, id, this::subscribe);
      case "UNSUBSCRIBE" -> change(request, id, this::unsubscribe);
      case "LIST_SUBSCRIPTIONS" -> socket.send(result(JSON.valueToTree(subscribed), id));
      default ->
          refuse(
              2,
              "Invalid request: unknown variant `"
                  + request.path("method").textValue().replaceAll("[^A-Za-z_]", "")
                  + "`, expected one of `SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`");
    }
  }

  private interface Change {
    void apply(List<String> names);
  }

  private void change(JsonNode request, JsonNode id, Change change) {
    List<String> names = new ArrayList<>();
    for (JsonNode name : request.path("params")) {
      if (!name.isTextual()) {
        refuse(2, "Invalid request: invalid type: expected a string");
        return;
      }
      names.add(name.textValue());
    }
    if (names.isEmpty()) {
      refuse(2, "Invalid request: missing field `params`");
      return;
    }
    socket.send(result(JSON.nullNode(), id));
    change.apply(names);
  }

  private void subscribe(List<String> names) {
    for (String name : names) {
      if (subscribed.add(name)) {
        streams.subscribe(name, socket, combined);
      }
    }
    if (subscribed.size() > MAX_STREAMS) {
      socket.close(POLICY_VIOLATION, "Too many streams");
    }
  }

  private void unsubscribe(List<String> names) {
    for (String name : names) {
      if (subscribed.remove(name)) {
        streams.unsubscribe(name, socket);
      }
    }
  }

  private static boolean isAllowed(JsonNode id) {
    return id.isMissingNode()
        || id.isNull()
        || (id.isIntegralNumber() && id.canConvertToLong())
        || (id.isTextual() && id.textValue().matches("[A-Za-z0-9_-]{1,36}"));
  }

  private static String result(JsonNode result, JsonNode id) {
    return "{\"result\":" + result + ",\"id\":" + (id.isMissingNode() ? "null" : id) + "}";
  }

  private void refuse(int code, String text) {
    socket.send("{\"code\":" + code + ",\"msg\":" + JSON.valueToTree(text) + "}");
  }

  @Override
  public void pong() {
    unanswered = false;
  }

  @Override
  public void tick(long nanoTime) {
    if (unanswered && nanoTime - unansweredSince > options.pongTimeout().toNanos()) {
      socket.close(POLICY_VIOLATION, "Pong timeout");
    } else if (nanoTime - openedAt > options.maxAge().toNanos()) {
      socket.close(1000, "");
    } else if (nanoTime - lastPing > options.pingInterval().toNanos()) {
      lastPing = nanoTime;
      if (!unanswered) {
        unanswered = true;
        unansweredSince = nanoTime;
      }
      socket.ping(System.currentTimeMillis());
    }
  }

  @Override
  public void closed() {
    subscribed.forEach(name -> streams.unsubscribe(name, socket));
    subscribed.clear();
  }
}
