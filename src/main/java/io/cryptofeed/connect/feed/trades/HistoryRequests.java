package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.trades.TradeContinuity.NextRequest;
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
 * Requests the trades that the instruments of a connection miss from the exchange's trade history:
 * one page at a time for each instrument in turn, and a few at once. Pages are taken in small
 * portions, so that the live stream is read in between. Used by the connection's event loop.
 */
final class HistoryRequests {

  private static final Logger LOG = LoggerFactory.getLogger(HistoryRequests.class);
  private static final int MOST_IN_FLIGHT = 2;

  /** At most so many trades of a page are taken before the stream is read again. */
  private static final int PORTION = 50;

  private final TradeHistorySource source;
  private final FeedLoop loop;
  private final FeedCounters counters;

  /** The instruments that wait for their turn, for a page or for a time. */
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
  HistoryRequests(TradeHistorySource source, FeedLoop loop, FeedCounters counters) {
    this.source = source;
    this.loop = loop;
    this.counters = counters;
  }

  /** Requests what an instrument misses, unless that is being done. */
  void request(Client client) {
    if (!closed && busy.add(client)) {
      enqueue(client);
    }
  }

  /** Pauses or resumes the requests, as the sockets are: both fill the queue. */
  void setReading(boolean read) {
    reading = read;
    requestNext();
  }

  /** Requests nothing more. */
  void close() {
    closed = true;
    waiting.clear();
  }

  private void enqueue(Client client) {
    waiting.add(client);
    // Later, because the caller is in the middle of something.
    loop.run(this::requestNext);
  }

  private void requestNext() {
    while (!closed && reading && inFlight < MOST_IN_FLIGHT && !waiting.isEmpty()) {
      requestFor(waiting.remove());
    }
  }

  private void requestFor(Client client) {
    NextRequest next = client.trades().nextRequest(System.nanoTime(), EpochClock.nowNs());
    if (next instanceof NextRequest.Page page) {
      requestPage(client, page.cursor());
    } else if (next instanceof NextRequest.Later later) {
      loop.later(later.nanos(), () -> enqueue(client));
    } else {
      busy.remove(client);
    }
  }

  private void requestPage(Client client, long cursor) {
    inFlight++;
    counters.historyRequests().increment();
    source.request(
        client.instrument(),
        cursor,
        new TradeHistorySource.PageListener() {
          @Override
          public void onMalformedTrade(String reason) {
            loop.run(() -> client.trades().onMalformedHistorical(reason));
          }

          @Override
          public void onPage(List<Trade> trades) {
            loop.run(() -> take(client, trades));
          }

          @Override
          public void onNoPage(TradeHistorySource.NoPage noPage) {
            loop.run(() -> fail(client, noPage));
          }
        });
  }

  private void take(Client client, List<Trade> page) {
    takeFrom(client, page, client.trades().choose(page), 0);
  }

  private void takeFrom(Client client, List<Trade> page, List<Trade> chosen, int from) {
    long nanoTime = System.nanoTime();
    int to = Math.min(chosen.size(), from + PORTION);
    for (Trade trade : chosen.subList(from, to)) {
      client.trades().onHistorical(trade, nanoTime);
    }
    if (to < chosen.size()) {
      loop.runAfterIo(() -> takeFrom(client, page, chosen, to));
      return;
    }
    client.trades().onPageEnd(page, nanoTime);
    finish(client);
  }

  private void fail(Client client, TradeHistorySource.NoPage noPage) {
    LOG.warn(
        "exchange={} symbol={} the trade history is not available: {}",
        source.exchange(),
        client.instrument().symbol(),
        noPage.reason());
    client.trades().onNoPage(noPage.reason(), noPage.refused(), System.nanoTime());
    finish(client);
  }

  private void finish(Client client) {
    inFlight--;
    enqueue(client);
  }
}
