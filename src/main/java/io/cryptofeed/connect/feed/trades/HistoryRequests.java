package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.trades.TradeContinuity.Ask;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.net.EpochClock;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the venue's history for the trades that a connection's instruments miss: a page at a time
 * for each in turn, a few at once. Pages are handed on in small portions, so that the live stream
 * flows on beside them. Used by the connection's event loop.
 */
final class HistoryRequests {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryRequests.class);
  private static final int MOST_IN_FLIGHT = 2;

  /** What is handed on between two looks at the live stream. */
  private static final int PORTION = 50;

  private final TradeHistorySource archive;
  private final FeedLoop loop;
  private final FeedCounters counters;

  /** Those that wait for their turn, for an answer or for a time. */
  private final Set<Client> busy = new HashSet<>();

  private final ArrayDeque<Client> waiting = new ArrayDeque<>();
  private int inFlight;
  private boolean reading = true;
  private boolean closed;

  /** An instrument and its trades. */
  record Client(Instrument instrument, TradeContinuity trades) {

    @Override
    public boolean equals(Object other) {
      return other instanceof Client client && client.trades == trades;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(trades);
    }
  }

  /**
   * @param loop the connection's
   */
  HistoryRequests(TradeHistorySource archive, FeedLoop loop, FeedCounters counters) {
    this.archive = archive;
    this.loop = loop;
    this.counters = counters;
  }

  /** Asks for what an instrument misses, unless that is being done. */
  void request(Client client) {
    if (!closed && busy.add(client)) {
      enqueue(client);
    }
  }

  /** Stops or resumes asking: what is not read from the sockets is not fetched either. */
  void setReading(boolean read) {
    reading = read;
    askNext();
  }

  void close() {
    closed = true;
    waiting.clear();
  }

  private void enqueue(Client client) {
    waiting.add(client);
    // Not within the call of the one who asks: it is in the middle of something.
    loop.run(this::askNext);
  }

  private void askNext() {
    while (!closed && reading && inFlight < MOST_IN_FLIGHT && !waiting.isEmpty()) {
      ask(waiting.remove());
    }
  }

  private void ask(Client client) {
    Ask ask = client.trades().ask(System.nanoTime(), EpochClock.nowNs());
    if (ask instanceof Ask.Page page) {
      fetch(client, page.cursor());
    } else if (ask instanceof Ask.Later later) {
      loop.later(later.nanos(), () -> enqueue(client));
    } else {
      busy.remove(client);
    }
  }

  private void fetch(Client client, long cursor) {
    inFlight++;
    counters.historyRequests().increment();
    archive.ask(
        client.instrument(),
        cursor,
        new TradeHistorySource.Taker() {
          @Override
          public void onPage(List<Trade> trades) {
            loop.run(() -> take(client, trades));
          }

          @Override
          public void onFailure(TradeHistorySource.Missing missing) {
            loop.run(() -> failed(client, missing));
          }
        });
  }

  private void take(Client client, List<Trade> page) {
    takeFrom(client, page, client.trades().choose(page), 0);
  }

  private void takeFrom(Client client, List<Trade> page, List<Trade> chosen, int from) {
    long now = System.nanoTime();
    int to = Math.min(chosen.size(), from + PORTION);
    for (Trade trade : chosen.subList(from, to)) {
      client.trades().onPast(trade, now);
    }
    if (to < chosen.size()) {
      loop.runBehindIo(() -> takeFrom(client, page, chosen, to));
      return;
    }
    client.trades().onPageEnd(page, now);
    answered(client);
  }

  private void failed(Client client, TradeHistorySource.Missing missing) {
    LOG.warn(
        "exchange={} symbol={} no past trades: {}",
        archive.exchange(),
        client.instrument().symbol(),
        missing.reason());
    client.trades().onNoPage(missing.reason(), missing.refused(), System.nanoTime());
    answered(client);
  }

  private void answered(Client client) {
    inFlight--;
    enqueue(client);
  }
}
