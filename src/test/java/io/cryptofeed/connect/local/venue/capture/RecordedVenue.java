package io.cryptofeed.connect.local.venue.capture;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.netty.handler.codec.http.QueryStringDecoder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A venue that sends a recording, byte for byte and all at once, as soon as the expected number of
 * streams is subscribed. A {@link Dialect} has the rest of the venue's protocol. Frames go to the
 * connection that subscribed their stream.
 */
public final class RecordedVenue extends VenueServer {

  /** The protocol of a venue's server. */
  public interface Dialect {

    /** The streams that a frame of the client subscribes on a connection with this path. */
    List<String> subscribes(String path, JsonNode frame);

    /** The responses of the server to a frame that subscribes. */
    default List<String> answers(JsonNode frame) {
      return List.of();
    }

    /** The stream of a recorded frame; null if the frame must not be sent. */
    @Nullable String stream(Recording.Frame frame);
  }

  private final Recording recording;
  private final Dialect dialect;
  private final int awaited;
  private final @Nullable RecordedHistory history;

  // Owned by the venue's thread.
  private final Map<String, ClientSocket> subscribers = new LinkedHashMap<>();
  private final Set<ClientSocket> clients = new HashSet<>();
  private final List<Step> steps = new ArrayList<>();
  private int next;

  private record Step(Recording.Frame frame, String stream) {}

  private RecordedVenue(
      Recording recording,
      Dialect dialect,
      int awaited,
      Predicate<Recording.Frame> wanted,
      @Nullable RecordedHistory history) {
    super("recorded-venue", SimulatorOptions.builder().build());
    this.recording = recording;
    this.dialect = dialect;
    this.awaited = awaited;
    this.history = history;
    for (Recording.Frame frame : recording.frames()) {
      String stream = wanted.test(frame) ? dialect.stream(frame) : null;
      if (stream != null) {
        steps.add(new Step(frame, stream));
      }
    }
  }

  /**
   * Starts a venue that listens when this returns.
   *
   * @param awaited how many streams must be subscribed before it starts to send
   * @param wanted which of the recorded frames are sent
   */
  public static RecordedVenue start(
      Recording recording, Dialect dialect, int awaited, Predicate<Recording.Frame> wanted) {
    RecordedVenue venue = new RecordedVenue(recording, dialect, awaited, wanted, null);
    venue.start();
    return venue;
  }

  /** Starts a venue that sends all frames and has a trade history. */
  public static RecordedVenue start(
      Recording recording, Dialect dialect, int awaited, RecordedHistory history) {
    RecordedVenue venue = new RecordedVenue(recording, dialect, awaited, frame -> true, history);
    venue.start();
    return venue;
  }

  /** Whether everything was sent. */
  public boolean isFinished() {
    return call(() -> next == steps.size());
  }

  /** How many frames will be sent. */
  public int frames() {
    return steps.size();
  }

  @Override
  public VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    return new VenueSession() {
      @Override
      public void opened() {
        clients.add(socket);
      }

      @Override
      public void text(String message) {
        RecordedVenue.this.text(handshake.path(), message, socket);
      }

      @Override
      public void closed() {
        clients.remove(socket);
      }
    };
  }

  private void text(String path, String message, ClientSocket socket) {
    if (!message.startsWith("{")) {
      return;
    }
    JsonNode frame = JsonText.parse(message);
    dialect.subscribes(path, frame).forEach(stream -> subscribers.put(stream, socket));
    dialect.answers(frame).forEach(socket::send);
    pump();
  }

  private void pump() {
    if (subscribers.size() < awaited) {
      return;
    }
    while (next < steps.size() && clientsTakeMore()) {
      Step step = steps.get(next++);
      ClientSocket socket = subscribers.get(step.stream);
      if (socket == null) {
        // Frames of streams without subscribers belong to the same sequence of messages.
        socket = subscribers.values().iterator().next();
      }
      socket.send(step.frame.payload(), step.frame.gzipped());
      flushAll();
    }
  }

  @Override
  public void writable() {
    pump();
  }

  @Override
  public void tick(long nanoTime) {
    pump();
  }

  @Override
  public HttpReply answer(HttpCall call) {
    HttpReply page = history == null ? null : history.answer(call);
    if (page != null) {
      return page;
    }
    String best = null;
    int bestMatches = -1;
    for (Recording.Answer answer : recording.answers()) {
      QueryStringDecoder url =
          new QueryStringDecoder(answer.url().replaceAll("https?://[^/]*", ""));
      int matches = matches(call, url);
      if (matches > bestMatches) {
        bestMatches = matches;
        best = answer.body();
      }
    }
    return best == null ? HttpReply.json(404, errorBody(404)) : HttpReply.json(200, best);
  }

  /** How many parameters a recorded request shares with a call; -1 if one differs. */
  private static int matches(HttpCall call, QueryStringDecoder recorded) {
    if (!recorded.path().equals(call.path())) {
      return -1;
    }
    int matches = 0;
    for (Map.Entry<String, List<String>> parameter : recorded.parameters().entrySet()) {
      List<String> requested = call.query().get(parameter.getKey());
      if (requested != null && !requested.equals(parameter.getValue())) {
        return -1;
      }
      matches += requested == null ? 0 : 1;
    }
    return matches;
  }

  @Override
  public String errorBody(int status) {
    return "{\"code\":" + status + ",\"msg\":\"not recorded\"}";
  }

  @Override
  public boolean compresses() {
    return false;
  }
}
