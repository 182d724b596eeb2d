package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.net.WebSocketClient;
import io.cryptofeed.connect.net.WebSocketOptions;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.UntrustedText;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;

/**
 * {@code WebSocket} for a script: every socket uses the route of its exchange. A message is one
 * turn, which runs when the message is read. So a slow script reads its sockets slowly, and no
 * queue grows in between.
 */
final class HostSockets {

  private static final Duration HANDSHAKE = Duration.ofSeconds(10);
  private static final int MAX_URL = 8_192;

  private final ScriptContext script;
  private final String exchange;
  private final WebSocketClient client;
  private final RequestGate gate;
  private final String session;
  private final Events events;
  private final Set<HostSocket> open = new LinkedHashSet<>();
  private boolean reading = true;
  private long receiveNs;

  /** Takes the events of sockets. URLs have no query, because it may contain a token. */
  interface Events {
    /**
     * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
     */
    void opened(String url, String egress);

    void closed(String url, String reason);
  }

  HostSockets(
      ScriptContext script,
      String exchange,
      WebSocketClient client,
      RequestGate gate,
      String session,
      Events events) {
    this.script = script;
    this.exchange = exchange;
    this.client = client;
    this.gate = gate;
    this.session = session;
    this.events = events;
    script.atEnd(() -> List.copyOf(open).forEach(HostSocket::abandon));
  }

  /**
   * Arguments: URL, subprotocols as a comma list, headers as a flat list, how binary frames are
   * compressed, and an object with the functions {@code opened()}, {@code text(string)}, {@code
   * binary(bytes)}, {@code failed(message)} and {@code closed(code, reason)}. Returns a function
   * that takes {@code 'send', text} or {@code 'close', code, reason}.
   */
  @Nullable Object openSocket(Value... arguments) {
    if (open.size() >= script.limits().sockets()) {
      script.condemn("the script has more than " + script.limits().sockets() + " sockets open");
      return null;
    }
    HostSocket socket =
        new HostSocket(
            this, script, shown(arguments[0].asString()), arguments[3].asString(), arguments[4]);
    open.add(socket);
    String url = arguments[0].asString();
    String protocols = arguments[1].asString();
    try {
      URI uri = URI.create(url);
      WebSocketOptions options =
          new WebSocketOptions(
              true,
              script.limits().messageBytes(),
              HANDSHAKE,
              HostFetch.pairs(arguments[2]),
              protocols.isEmpty() ? null : protocols);
      long wait = gate.reserve(uri, Transport.WEBSOCKET);
      script
          .loop()
          .schedule(() -> connect(socket, uri, options), wait, TimeUnit.NANOSECONDS)
          .addListener(done -> {});
    } catch (IllegalArgumentException e) {
      socket.failed("the URL of the socket is not valid: " + e.getMessage());
    }
    return (ProxyExecutable)
        action -> {
          act(socket, action);
          return null;
        };
  }

  private void connect(HostSocket socket, URI uri, WebSocketOptions options) {
    if (socket.isWanted()) {
      socket.connecting(
          client.connect(script.loop(), exchange, session, uri, options, socket), reading);
    }
  }

  private void act(HostSocket socket, Value... action) {
    if (action[0].asString().equals("send")) {
      socket.send(action[1].asString());
    } else {
      socket.close(action[1].asInt(), action[2].asString());
    }
  }

  private static String shown(String url) {
    int query = url.indexOf('?');
    String shown = query < 0 ? url : url.substring(0, query);
    return shown.length() <= MAX_URL ? shown : shown.substring(0, MAX_URL);
  }

  /** When the message of the current turn was received, nanoseconds since the epoch. */
  long receiveNs() {
    return receiveNs;
  }

  void received() {
    receiveNs = EpochClock.nowNs();
  }

  boolean isReading() {
    return reading;
  }

  /** Pauses or resumes reading from all sockets, including those that are opened later. */
  void setReading(boolean reading) {
    this.reading = reading;
    open.forEach(socket -> socket.setReading(reading));
  }

  void opened(HostSocket socket, String egress) {
    events.opened(socket.url(), egress);
  }

  void ended(HostSocket socket, String reason) {
    if (open.remove(socket) && socket.wasOpened()) {
      events.closed(socket.url(), UntrustedText.sanitised(reason));
    }
  }
}
