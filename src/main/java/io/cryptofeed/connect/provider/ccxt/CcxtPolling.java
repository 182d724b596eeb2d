package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketStream;
import io.netty.util.concurrent.Future;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Polls the streams of an exchange that CCXT cannot watch. Used by the event loop of the script.
 */
final class CcxtPolling {

  private final FeedLoop loop;
  private final RestPoller poller;
  private final FeedCounters counters;
  private final int tradesPage;
  private final Listener listener;
  private final Map<MarketStream, Polled> polled = new HashMap<>();
  private @Nullable CcxtExchange script;

  /** Takes what the exchange returns. */
  interface Listener {

    void onPolledTrades(String symbol, PolledTrades.News news);

    void onPolledBook(CcxtBook book);

    void onPollFailed(StreamState stream, String reason);
  }

  /**
   * @param tradesPage the most trades that are requested at once, 0 for as many as the exchange
   *     returns
   */
  CcxtPolling(
      FeedLoop loop, RestPoller poller, FeedCounters counters, int tradesPage, Listener listener) {
    this.loop = loop;
    this.poller = poller;
    this.counters = counters;
    this.tradesPage = tradesPage;
    this.listener = listener;
  }

  /** A script serves the requests from now on. */
  void begin(CcxtExchange running) {
    script = running;
    poller.setRunning(true);
  }

  /** The script has ended; its responses are ignored. */
  void end() {
    script = null;
    poller.setRunning(false);
    polled.values().forEach(each -> each.trades.interrupt());
  }

  /** Pauses or resumes the requests. */
  void setReading(boolean read) {
    poller.setReading(read);
  }

  boolean has(MarketStream stream) {
    return polled.containsKey(stream);
  }

  /**
   * Polls a stream from now on.
   *
   * @param symbol CCXT's symbol of its instrument
   */
  void add(String symbol, StreamState stream) {
    Polled added = new Polled(symbol, stream);
    polled.put(stream.stream(), added);
    poller.add(added);
  }

  /** Polls a stream no longer; returns false if it was not polled. */
  boolean remove(MarketStream stream) {
    Polled removed = polled.remove(stream);
    if (removed == null) {
      return false;
    }
    poller.remove(removed);
    return true;
  }

  /** One stream that is polled. */
  private final class Polled implements RestPoller.Poll {

    private final String symbol;
    private final StreamState stream;
    private final PolledTrades trades = new PolledTrades();

    private Polled(String symbol, StreamState stream) {
      this.symbol = symbol;
      this.stream = stream;
    }

    @Override
    public Future<?> send() {
      CcxtExchange running = script;
      if (running == null) {
        throw new IllegalStateException("a poll was sent without a script");
      }
      return stream.stream().channel() == Channel.TRADES
          ? running
              .fetchTrades(symbol, -1, tradesPage)
              .addListener(
                  (Future<List<CcxtTrade>> done) ->
                      loop.run(() -> onResponse(done, this::onTrades)))
          : running
              .fetchOrderBook(symbol, 0)
              .addListener(
                  (Future<CcxtBook> done) ->
                      loop.run(() -> onResponse(done, listener::onPolledBook)));
    }

    private void onTrades(List<CcxtTrade> page) {
      listener.onPolledTrades(symbol, trades.take(page));
    }

    private <T> void onResponse(Future<T> done, Consumer<T> then) {
      if (!polled.containsKey(stream.stream()) || script == null) {
        return;
      }
      if (!done.isSuccess()) {
        listener.onPollFailed(stream, String.valueOf(done.cause().getMessage()));
        return;
      }
      counters.messages().increment();
      stream.onData(System.nanoTime());
      stream.connected();
      then.accept(done.getNow());
    }
  }
}
