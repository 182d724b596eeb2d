package io.cryptofeed.connect.local.venue.capture;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.binance.BinanceSession;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Replays a recording of Binance spot: its {@code exchangeInfo}, the depth snapshot of each symbol
 * at each request, and the frames of a combined connection.
 */
public final class BinanceReplay extends CaptureReplay {

  private final String exchangeInfo;
  private final Map<String, String> snapshots = new TreeMap<>();

  private BinanceReplay(
      Capture capture, SimulatorOptions options, Set<String> channels, double speed) {
    super("binance-replay", options, channels, symbols(capture), speed);
    exchangeInfo = capture.body("/exchangeInfo").orElseThrow();
    for (String symbol : symbols(capture)) {
      Optional<String> body = capture.body("/depth?symbol=" + symbol + "&");
      body.ifPresent(snapshot -> snapshots.put(symbol, snapshot));
    }
    double first = capture.received().get(0).seconds();
    for (Capture.Frame frame : capture.received()) {
      add(frame, first, stream(frame.text()));
    }
  }

  /**
   * Starts a replay that listens when this returns, and sends everything at once as soon as books
   * and trades of all recorded symbols are subscribed.
   */
  public static BinanceReplay start(Capture capture, SimulatorOptions options) {
    return start(capture, options, Set.of("trades", "l2_book"), Double.POSITIVE_INFINITY);
  }

  /**
   * Starts a replay that listens when this returns.
   *
   * @param channels the channels that must be subscribed for all symbols before it starts
   * @param speed 1 is the pace of the recording
   */
  public static BinanceReplay start(
      Capture capture, SimulatorOptions options, Set<String> channels, double speed) {
    BinanceReplay replay = new BinanceReplay(capture, options, channels, speed);
    replay.start();
    return replay;
  }

  private static List<String> symbols(Capture capture) {
    return capture.configuration().getOrDefault("l2_book", List.of()).stream()
        .map(symbol -> symbol.replace("-", ""))
        .toList();
  }

  private static String stream(String frame) {
    return JsonText.parse(frame).path("stream").asText();
  }

  @Override
  public @Nullable String channel(String stream) {
    String kind = stream.substring(stream.indexOf('@') + 1);
    return switch (kind) {
      case "depth", "depth@100ms" -> "l2_book";
      case "trade", "aggTrade" -> "trades";
      default -> null;
    };
  }

  @Override
  public String symbol(String stream) {
    int at = stream.indexOf('@');
    return (at < 0 ? stream : stream.substring(0, at)).toUpperCase(Locale.ROOT);
  }

  @Override
  public @Nullable VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    if (!handshake.path().equals("/stream")) {
      // Recorded frames name their stream, as only those of combined connections do.
      return null;
    }
    return BinanceSession.open(
        handshake,
        socket,
        new BinanceSession.Streams() {
          @Override
          public void subscribe(String stream, ClientSocket client, boolean wrap) {
            BinanceReplay.this.subscribe(stream, client);
          }

          @Override
          public void unsubscribe(String stream, ClientSocket client) {
            BinanceReplay.this.unsubscribe(stream, client);
          }
        },
        options());
  }

  @Override
  public HttpReply answer(HttpCall call) {
    if (call.path().equals("/api/v3/exchangeInfo")) {
      return HttpReply.json(200, exchangeInfo);
    }
    String symbol = call.parameter("symbol");
    if (call.path().equals("/api/v3/depth") && symbol != null) {
      String snapshot = snapshots.get(symbol);
      return snapshot == null
          ? HttpReply.json(400, "{\"code\":-1121,\"msg\":\"Invalid symbol.\"}")
          : HttpReply.json(200, snapshot);
    }
    return HttpReply.json(404, errorBody(404));
  }

  @Override
  public String errorBody(int status) {
    return "{\"code\":-1000,\"msg\":\"not recorded\"}";
  }

  @Override
  public boolean compresses() {
    return false;
  }
}
