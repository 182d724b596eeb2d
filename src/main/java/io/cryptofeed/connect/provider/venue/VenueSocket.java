package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketListener;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One WebSocket to a venue, with its protocol session and the listener of that session. Used by its
 * event loop only.
 */
final class VenueSocket implements WebSocketListener {

  private static final Logger LOG = LoggerFactory.getLogger(VenueSocket.class);

  private final String exchange;

  private final ExchangeSession session;
  private final ConnectionRules rules;
  private final FeedLoop loop;
  private final FeedCounters counters;
  private final BiConsumer<VenueSocket, CloseReason> onClosed;
  private final RateLimiter sending;
  private final SessionListener events;
  private @Nullable WebSocketConnection connection;
  private long openedAtNanos;
  private long lastReadNanos;
  private long lastPingNanos;
  private long unknown;
  private boolean closing;
  private boolean ended;

  /**
   * @param instruments the instruments whose messages are wanted
   * @param events makes the listener of the session of this socket
   * @param onClosed takes this socket and the reason after its connection has ended
   */
  VenueSocket(
      Exchange exchange,
      List<Instrument> instruments,
      FeedLoop loop,
      FeedCounters counters,
      Function<VenueSocket, SessionListener> events,
      BiConsumer<VenueSocket, CloseReason> onClosed) {
    this.exchange = exchange.id();
    session = exchange.openSession(instruments);
    rules = exchange.connectionRules();
    this.loop = loop;
    this.counters = counters;
    this.onClosed = onClosed;
    sending = new RateLimiter(rules.sentFrames().permits(), rules.sentFrames().window());
    this.events = events.apply(this);
  }

  /** The connection is open: messages may arrive from now on. */
  void opened(WebSocketConnection opened, long nowNanos) {
    connection = opened;
    openedAtNanos = nowNanos;
    lastReadNanos = nowNanos;
    lastPingNanos = nowNanos;
  }

  boolean isOpen() {
    return connection != null && !closing && !ended;
  }

  void subscribe(List<MarketStream> streams) {
    session.subscribe(streams).forEach(this::send);
  }

  void unsubscribe(List<MarketStream> streams) {
    session.unsubscribe(streams).forEach(this::send);
  }

  void resubscribe(List<MarketStream> streams) {
    unsubscribe(streams);
    subscribe(streams);
  }

  /**
   * Requests a book snapshot on the connection.
   *
   * @return how long the request waits for earlier frames, in nanoseconds
   */
  long requestBook(Instrument instrument) {
    return send(session.requestBook(instrument));
  }

  /**
   * Sends a text frame as soon as the limit of the venue allows it.
   *
   * @return how long that takes, in nanoseconds
   */
  long send(String frame) {
    long wait = sending.reserve("", 1, System.nanoTime());
    loop.runOrLater(wait, () -> sendNow(frame));
    return wait;
  }

  private void sendNow(String frame) {
    if (isOpen() && connection != null) {
      connection.send(frame);
    }
  }

  void setReading(boolean reading) {
    if (connection != null) {
      connection.setReading(reading);
      lastReadNanos = System.nanoTime();
    }
  }

  /** Closes the connection; {@code onClosed} is called when it has ended. */
  void close(int code, String reason) {
    closing = true;
    if (connection != null) {
      connection.close(code, reason);
    }
  }

  /** Closes a connection on which nothing arrives any more, without a closing handshake. */
  void abort(String reason) {
    closing = true;
    if (connection != null) {
      connection.giveUp(reason);
    }
  }

  /** Sends the ping that is due, and returns why the connection is dead, or null if it is not. */
  @Nullable String check(long nowNanos) {
    if (!isOpen()) {
      return null;
    }
    long interval = rules.pingInterval().toNanos();
    if (interval > 0 && nowNanos - lastPingNanos >= interval && connection != null) {
      lastPingNanos = nowNanos;
      String frame = rules.pingFrame();
      if (frame == null) {
        connection.ping();
      } else {
        send(frame);
      }
    }
    long silence = rules.maxSilence().toNanos();
    return silence > 0 && nowNanos - lastReadNanos > silence
        ? "no message arrived for " + rules.maxSilence().toSeconds() + " s"
        : null;
  }

  /** When the newest message was read, by {@link System#nanoTime}. */
  long readNanos() {
    return lastReadNanos;
  }

  long ageNanos(long nowNanos) {
    return nowNanos - openedAtNanos;
  }

  @Override
  public void onMessage(byte[] buffer, int offset, int length) {
    long receiveNs = EpochClock.nowNs();
    lastReadNanos = System.nanoTime();
    counters.messages().increment();
    try {
      session.onMessage(buffer, offset, length, receiveNs, events);
    } catch (FatalFeedException fault) {
      loop.fail(fault);
    } catch (RuntimeException fault) {
      LOG.error("exchange={} reading a message failed; reconnecting", exchange, fault);
      abort("reading a message failed: " + fault);
    }
  }

  /** A message arrived that belongs to no stream. */
  void countUnknown() {
    unknown++;
  }

  /** How many messages arrived that belong to no stream. */
  long unknown() {
    return unknown;
  }

  @Override
  public void onControlFrame() {
    lastReadNanos = System.nanoTime();
  }

  @Override
  public void onClosed(CloseReason reason) {
    ended = true;
    session.close();
    onClosed.accept(this, reason);
  }
}
