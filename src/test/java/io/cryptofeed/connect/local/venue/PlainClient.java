package io.cryptofeed.connect.local.venue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** A WebSocket client that uses only the JDK, so that it shares no code with the venues. */
public final class PlainClient implements WebSocket.Listener, AutoCloseable {

  static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP = HttpClient.newHttpClient();
  private static final long TIMEOUT_SECONDS = 20;

  private final List<String> received = new CopyOnWriteArrayList<>();
  private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
  private final StringBuilder partial = new StringBuilder();
  private final AtomicInteger pings = new AtomicInteger();
  private final AtomicInteger fragments = new AtomicInteger();
  private final CompletableFuture<String> end = new CompletableFuture<>();
  private final boolean reads;
  private final WebSocket socket;

  private PlainClient(HttpClient http, URI uri, boolean reads) {
    this.reads = reads;
    this.socket = http.newWebSocketBuilder().buildAsync(uri, this).join();
  }

  public static PlainClient connect(VenueServer venue, String path) {
    return new PlainClient(HTTP, uri("ws", venue, path), true);
  }

  static PlainClient connect(HttpClient http, URI uri) {
    return new PlainClient(http, uri, true);
  }

  /** A client that is connected but never reads. */
  public static PlainClient connectWithoutReading(VenueServer venue, String path) {
    return new PlainClient(HTTP, uri("ws", venue, path), false);
  }

  public static URI uri(String scheme, VenueServer venue, String path) {
    return URI.create(scheme + "://127.0.0.1:" + venue.port() + path);
  }

  public static HttpResponse<String> get(VenueServer venue, String path) {
    try {
      return HTTP.send(
          HttpRequest.newBuilder(uri("http", venue, path))
              .timeout(Duration.ofSeconds(TIMEOUT_SECONDS))
              .build(),
          HttpResponse.BodyHandlers.ofString());
    } catch (IOException failed) {
      throw new IllegalStateException("GET " + path, failed);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  public static JsonNode getJson(VenueServer venue, String path) {
    return json(get(venue, path).body());
  }

  public static JsonNode json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException bad) {
      throw new AssertionError("not JSON: " + text, bad);
    }
  }

  public void send(String text) {
    socket.sendText(text, true).join();
  }

  /** The next message. */
  public JsonNode next() {
    try {
      String text = unread.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (text == null) {
        throw new AssertionError("nothing arrived after " + received);
      }
      return json(text);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    }
  }

  /** The next message of this kind; others before it are skipped. */
  public JsonNode next(Predicate<JsonNode> kind) {
    while (true) {
      JsonNode message = next();
      if (kind.test(message)) {
        return message;
      }
    }
  }

  public List<String> received() {
    return received;
  }

  public int pings() {
    return pings.get();
  }

  /** How many fragments have been received. */
  public int fragments() {
    return fragments.get();
  }

  /**
   * Waits for the end: {@code "<code> <text>"} of a close frame, or {@code "cut off"} without one.
   */
  public String end() {
    try {
      return end.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(interrupted);
    } catch (ExecutionException | TimeoutException failed) {
      throw new AssertionError("the connection does not end", failed);
    }
  }

  @Override
  public void onOpen(WebSocket webSocket) {
    if (reads) {
      webSocket.request(Long.MAX_VALUE);
    }
  }

  @Override
  public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
    partial.append(data);
    fragments.incrementAndGet();
    if (last) {
      received.add(partial.toString());
      unread.add(partial.toString());
      partial.setLength(0);
    }
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) {
    pings.incrementAndGet();
    return CompletableFuture.completedStage(null);
  }

  @Override
  public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
    end.complete(statusCode + " " + reason);
    return CompletableFuture.completedStage(null);
  }

  @Override
  public void onError(WebSocket webSocket, Throwable error) {
    end.complete("cut off");
  }

  @Override
  public void close() {
    socket.abort();
  }
}
