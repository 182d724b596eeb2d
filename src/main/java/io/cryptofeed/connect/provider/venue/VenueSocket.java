package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Quote;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.net.CloseReason;
import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.net.RateLimiter;
import io.cryptofeed.connect.net.WebSocketConnection;
import io.cryptofeed.connect.net.WebSocketListener;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket to a venue with the protocol session that belongs to it. It hands every event to
 * its owner together with itself, since two of them live side by side while one replaces the other.
 * Used by its event loop only.
 */
public final class VenueSocket implements WebSocketListener, SessionListener {

  /** What happens on a socket. */
  interface Owner {
    void onTrade(VenueSocket from, Trade trade);

    void onBook(VenueSocket from, BookUpdate update);

    void onQuote(VenueSocket from, Quote quote);

    void onConnectionGap(VenueSocket from, long expected, long found);

    void onNotice(VenueSocket from, String text);

    void onSubscribed(VenueSocket from, MarketStream stream);

    void onRefused(VenueSocket from, List<MarketStream> streams, String reason);

    void onHeartbeat(VenueSocket from, Instrument instrument, long lastTradeSequence);

    void onReconnectRequested(VenueSocket from, String reason);

    void onVenueError(VenueSocket from, String reason);

    void onUnknown();

    void onMalformed(VenueSocket from, String reason);

    void onClosed(VenueSocket from, CloseReason reason);

    /** A fault of ours: the task cannot go on. */
    void onBroken(RuntimeException fault);
  }

  private final ExchangeSession session;
  private final ConnectionRules rules;
  private final FeedLoop loop;
  private final Owner owner;
  private final FeedCounters counters;
  private final RateLimiter sending;
  private @Nullable WebSocketConnection connection;
  private long openedAtNanos;
  private long lastReadNanos;
  private long lastPingNanos;
  private boolean closing;
  private boolean ended;

  VenueSocket(
      Exchange exchange,
      List<Instrument> instruments,
      FeedLoop loop,
      FeedCounters counters,
      Owner owner) {
    session = exchange.openSession(instruments);
    rules = exchange.connectionRules();
    this.loop = loop;
    this.owner = owner;
    this.counters = counters;
    sending = new RateLimiter(rules.sentFrames().permits(), rules.sentFrames().window());
  }

  /** The connection is open: messages may come from now on. */
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
    session.subscribe(streams).forEach(this::sendPaced);
  }

  void unsubscribe(List<MarketStream> streams) {
    session.unsubscribe(streams).forEach(this::sendPaced);
  }

  void resubscribe(List<MarketStream> streams) {
    session.unsubscribe(streams).forEach(this::sendPaced);
    subscribe(streams);
  }

  /** Asks for a full book, and returns how long that waits for earlier frames. */
  long requestBook(Instrument instrument) {
    return sendPaced(session.requestBook(instrument));
  }

  void setReading(boolean reading) {
    if (connection != null) {
      connection.setReading(reading);
      lastReadNanos = System.nanoTime();
    }
  }

  /** Ends the connection; the owner hears of it through {@code onClosed}. */
  void close(int code, String reason) {
    closing = true;
    if (connection != null) {
      connection.close(code, reason);
    }
  }

  /** Ends a connection on which nothing arrives any more. */
  void giveUp(String reason) {
    closing = true;
    if (connection != null) {
      connection.giveUp(reason);
    }
  }

  /** Sends the ping that is due, and says what is wrong with the connection, or null. */
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
        sendPaced(frame);
      }
    }
    long silence = rules.maxSilence().toNanos();
    return silence > 0 && nowNanos - lastReadNanos > silence
        ? "nothing arrived for " + rules.maxSilence().toSeconds() + " s"
        : null;
  }

  /** When the newest message was read, by {@link System#nanoTime}. */
  long readNanos() {
    return lastReadNanos;
  }

  long ageNanos(long nowNanos) {
    return nowNanos - openedAtNanos;
  }

  private long sendPaced(String frame) {
    long wait = sending.reserve("", 1, System.nanoTime());
    loop.runOrLater(wait, () -> send(frame));
    return wait;
  }

  private void send(String frame) {
    if (isOpen() && connection != null) {
      connection.send(frame);
    }
  }

  // What arrives.

  @Override
  public void onMessage(byte[] buffer, int offset, int length) {
    long receiveNs = EpochClock.nowNs();
    lastReadNanos = System.nanoTime();
    counters.messages().increment();
    try {
      session.onMessage(buffer, offset, length, receiveNs, this);
    } catch (RuntimeException fault) {
      owner.onBroken(fault);
    }
  }

  @Override
  public void onControlFrame() {
    lastReadNanos = System.nanoTime();
  }

  @Override
  public void onClosed(CloseReason reason) {
    ended = true;
    session.close();
    owner.onClosed(this, reason);
  }

  // What it means.

  @Override
  public void onTrade(Trade trade) {
    owner.onTrade(this, trade);
  }

  @Override
  public void onBook(BookUpdate update) {
    owner.onBook(this, update);
  }

  @Override
  public void onQuote(Quote quote) {
    owner.onQuote(this, quote);
  }

  @Override
  public void onConnectionGap(long expected, long found) {
    owner.onConnectionGap(this, expected, found);
  }

  @Override
  public void onNotice(String text) {
    owner.onNotice(this, text);
  }

  @Override
  public void onSubscribed(MarketStream stream) {
    owner.onSubscribed(this, stream);
  }

  @Override
  public void onRefused(List<MarketStream> streams, String reason) {
    owner.onRefused(this, streams, reason);
  }

  @Override
  public void onHeartbeat(Instrument instrument, long lastTradeSequence) {
    owner.onHeartbeat(this, instrument, lastTradeSequence);
  }

  @Override
  public void onReply(String frame) {
    sendPaced(frame);
  }

  @Override
  public void onReconnectRequested(String reason) {
    owner.onReconnectRequested(this, reason);
  }

  @Override
  public void onVenueError(String reason) {
    owner.onVenueError(this, reason);
  }

  @Override
  public void onUnknown() {
    owner.onUnknown();
  }

  @Override
  public void onMalformed(String reason) {
    owner.onMalformed(this, reason);
  }
}
