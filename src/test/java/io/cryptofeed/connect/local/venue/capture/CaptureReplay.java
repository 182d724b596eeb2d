package io.cryptofeed.connect.local.venue.capture;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.JsonBytes;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A venue that sends a recording, byte for byte, as soon as everything that the test expects is
 * subscribed. A frame goes to the clients that are subscribed to its stream. A frame without
 * subscribers goes to the client that subscribed first, because the recorded session had one
 * client. After the last frame the connections stay open.
 */
public abstract sealed class CaptureReplay extends VenueServer
    permits BinanceReplay, CoinbaseReplay {

  private static final int FRAMES_AT_ONCE = 256;

  /**
   * A recorded frame and the stream that it belongs to.
   *
   * @param afterNanos how long after the first frame it arrived
   */
  public record Step(String text, String stream, long afterNanos) {}

  private final List<Step> steps = new ArrayList<>();
  private final Set<String> channels;
  private final List<String> symbols;
  private final double speed;

  // Owned by the venue's thread.
  private final Map<String, VenueStream> streams = new LinkedHashMap<>();
  private final List<ClientSocket> subscribers = new ArrayList<>();
  private int next;
  private long startedAt;
  private boolean started;
  private boolean pumping;

  /**
   * Prepares a replay.
   *
   * @param channels the channels that must be subscribed for all symbols before anything is sent:
   *     {@code trades}, {@code l2_book}
   * @param symbols the venue's own
   * @param speed 1 is the pace of the recording, 10 ten times as fast, infinite all at once
   */
  public CaptureReplay(
      String name,
      SimulatorOptions options,
      Set<String> channels,
      List<String> symbols,
      double speed) {
    super(name, options);
    if (!(speed > 0)) {
      throw new IllegalArgumentException(
          "a replay at speed " + speed + " never ends: use a number above zero");
    }
    this.channels = Set.copyOf(channels);
    this.symbols = List.copyOf(symbols);
    this.speed = speed;
  }

  /** The channel of a stream, null if the stream is not of interest. */
  public abstract @Nullable String channel(String stream);

  /** The venue's symbol of a stream. */
  public abstract String symbol(String stream);

  public final void add(Capture.Frame frame, double firstSeconds, String stream) {
    double after = frame.seconds() - firstSeconds;
    steps.add(new Step(frame.text(), stream, Math.round(after * 1e9)));
  }

  /** Called for each frame that is sent. */
  public void sent(Step step) {}

  public final void subscribe(String stream, ClientSocket socket) {
    streams.computeIfAbsent(stream, VenueStream::new).subscribe(socket, false);
    if (!subscribers.contains(socket)) {
      subscribers.add(socket);
    }
    pump();
  }

  public final void unsubscribe(String stream, ClientSocket socket) {
    VenueStream found = streams.get(stream);
    if (found != null) {
      found.unsubscribe(socket);
    }
    subscribers.removeIf(client -> !client.isOpen());
  }

  /** How many frames will be sent. */
  public final int frames() {
    return steps.size();
  }

  /** How many frames were sent. */
  public final int framesReplayed() {
    return call(() -> next);
  }

  /** Whether everything was sent. */
  public final boolean isFinished() {
    return framesReplayed() == steps.size();
  }

  /** How many clients are subscribed to each stream, by the venue's name of the stream. */
  public final Map<String, Integer> subscriptions() {
    return call(
        () -> {
          Map<String, Integer> counts = new LinkedHashMap<>();
          streams.forEach((name, stream) -> counts.put(name, stream.subscribers()));
          counts.values().removeIf(count -> count == 0);
          return counts;
        });
  }

  @Override
  public void tick(long nanoTime) {
    if (started) {
      pump();
    }
  }

  @Override
  public final void writable() {
    pump();
  }

  private void pump() {
    if (!pumping && next < steps.size()) {
      pumping = true;
      soon(this::pumpOnce);
    }
  }

  private void pumpOnce() {
    pumping = false;
    if (isStalled() || !clientsTakeMore() || !isStarted()) {
      return;
    }
    long elapsed = System.nanoTime() - startedAt;
    for (int i = 0; i < FRAMES_AT_ONCE && next < steps.size(); i++) {
      Step step = steps.get(next);
      if (step.afterNanos() / speed > elapsed) {
        break;
      }
      send(step);
      next++;
      sent(step);
    }
    flushAll();
    if (Double.isInfinite(speed)) {
      pump();
    }
  }

  private boolean isStarted() {
    if (!started && isEverythingSubscribed()) {
      started = true;
      startedAt = System.nanoTime();
    }
    return started && !subscribers.isEmpty();
  }

  private boolean isEverythingSubscribed() {
    return symbols.stream()
        .allMatch(symbol -> channels.stream().allMatch(channel -> isSubscribed(symbol, channel)));
  }

  private boolean isSubscribed(String symbol, String channel) {
    return streams.entrySet().stream()
        .anyMatch(
            stream ->
                stream.getValue().subscribers() > 0
                    && channel.equals(channel(stream.getKey()))
                    && symbol.equals(symbol(stream.getKey())));
  }

  private void send(Step step) {
    VenueStream found = streams.get(step.stream());
    if (found != null && found.subscribers() > 0) {
      found.publish(new JsonBytes().put(step.text()));
    } else {
      subscribers.get(0).send(step.text());
    }
  }
}
