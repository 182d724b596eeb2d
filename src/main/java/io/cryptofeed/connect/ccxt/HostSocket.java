package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketListener;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** One WebSocket of a script. Used by the script's event loop only. */
final class HostSocket implements WebSocketListener {

  /** Subscriptions of thousands of symbols have less; it waits in memory until it is sent. */
  private static final int MAX_SENT = 1 << 20;

  private static final int GOING_AWAY = 1001;
  private static final int NORMAL = 1000;
  private static final int ABNORMAL = 1006;
  private static final int INVALID_DATA = 1007;

  /** CCXT believes that it runs in a browser, where it cannot send pings. */
  private static final long PING_S = 20;

  /** Three pings without a pong. */
  private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(70);

  private final HostSockets sockets;
  private final ScriptContext script;
  private final String url;
  private final CompressedText compression;
  private final Value onOpened;
  private final Value onText;
  private final Value onBinary;
  private final Value onFailed;
  private final Value onClosed;

  private @Nullable Future<WebSocketConnection> attempt;
  private @Nullable WebSocketConnection connection;
  private java.util.concurrent.@Nullable Future<?> pinging;
  private long lastReadNanos;
  private boolean closing;
  private boolean ended;

  /**
   * @param url without its query
   * @param inflate how binary messages are compressed, empty if they are not
   * @param callbacks functions of the script
   */
  HostSocket(
      HostSockets sockets, ScriptContext script, String url, String inflate, Value callbacks) {
    this.sockets = sockets;
    this.script = script;
    this.url = url;
    compression = CompressedText.of(inflate, script.limits().messageBytes());
    onOpened = callbacks.getMember("opened");
    onText = callbacks.getMember("text");
    onBinary = callbacks.getMember("binary");
    onFailed = callbacks.getMember("failed");
    onClosed = callbacks.getMember("closed");
  }

  String url() {
    return url;
  }

  boolean isWanted() {
    return !closing && !ended;
  }

  boolean wasOpened() {
    return connection != null;
  }

  void connecting(Future<WebSocketConnection> attempt, boolean reading) {
    this.attempt = attempt;
    attempt.addListener(
        (Future<WebSocketConnection> done) -> {
          if (done.isSuccess()) {
            opened(done.getNow());
          } else {
            failed(String.valueOf(done.cause().getMessage()));
          }
        });
  }

  private void opened(WebSocketConnection opened) {
    connection = opened;
    if (closing) {
      opened.close(NORMAL, "");
      return;
    }
    lastReadNanos = System.nanoTime();
    pinging = script.loop().scheduleAtFixedRate(this::ping, PING_S, PING_S, TimeUnit.SECONDS);
    if (!sockets.isReading()) {
      opened.setReading(false);
    }
    sockets.opened(this, opened.egress());
    script.turn("an opened socket", onOpened::executeVoid);
  }

  private void ping() {
    WebSocketConnection open = connection;
    if (open == null || !open.isReading()) {
      return;
    }
    if (System.nanoTime() - lastReadNanos > SILENCE_NS) {
      open.giveUp("no message arrived for " + TimeUnit.NANOSECONDS.toSeconds(SILENCE_NS) + " s");
    } else {
      open.ping();
    }
  }

  /** There is no connection; for the script it is a lost one, so that it retries. */
  void failed(String reason) {
    if (!ended) {
      ended = true;
      sockets.ended(this, reason);
      script.turn(
          "a failed socket",
          () -> {
            onFailed.executeVoid(reason);
            onClosed.executeVoid(ABNORMAL, reason);
          });
    }
  }

  void send(String text) {
    if (text.length() > MAX_SENT) {
      script.condemn("the script sends a message of " + text.length() + " characters");
      return;
    }
    if (connection != null && !ended) {
      connection.send(text);
    }
  }

  /** The script closes it. A code that may not be sent becomes 1000. */
  void close(int code, String reason) {
    closing = true;
    if (connection != null) {
      boolean sendable = code == NORMAL || (code >= 3000 && code < 5000);
      connection.close(sendable ? code : NORMAL, reason);
    } else if (attempt != null && attempt.cancel(false)) {
      // The listener of the attempt calls the script.
    } else {
      script.later(() -> failed("closed before it was opened"));
    }
  }

  /** The script has ended. */
  void abandon() {
    closing = true;
    if (attempt != null && connection == null) {
      attempt.cancel(false);
    }
    if (connection != null) {
      connection.close(GOING_AWAY, "the script has ended");
    }
    end("the script has ended");
  }

  private void end(String reason) {
    ended = true;
    if (pinging != null) {
      pinging.cancel(false);
    }
    sockets.ended(this, reason);
  }

  void setReading(boolean reading) {
    lastReadNanos = System.nanoTime();
    if (connection != null) {
      connection.setReading(reading);
    }
  }

  @Override
  public void onMessage(byte[] buffer, int offset, int length) {
    received();
    try {
      text(StrictUtf8.decode(buffer, offset, length));
    } catch (CharacterCodingException e) {
      // RFC 6455, 8.1: such a connection must be failed.
      if (connection != null) {
        connection.close(INVALID_DATA, "a message is not valid UTF-8");
      }
    }
  }

  @Override
  public void onBinary(byte[] buffer, int offset, int length) {
    received();
    if (compression == CompressedText.NONE) {
      ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOfRange(buffer, offset, offset + length));
      script.turn("a message", () -> onBinary.executeVoid(copy));
      return;
    }
    try {
      text(compression.decompress(buffer, offset, length));
    } catch (IOException e) {
      if (connection != null) {
        connection.close(NORMAL, "a message cannot be decompressed: " + e.getMessage());
      }
    }
  }

  private void text(String text) {
    script.turn("a message", () -> onText.executeVoid(text));
  }

  private void received() {
    lastReadNanos = System.nanoTime();
    sockets.received();
  }

  @Override
  public void onControlFrame() {
    lastReadNanos = System.nanoTime();
  }

  @Override
  public void onClosed(CloseReason reason) {
    if (!ended) {
      end(reason.text());
      script.turn("a closed socket", () -> onClosed.executeVoid(reason.code(), reason.text()));
    }
  }
}
