package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Trade;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the trades of one connection complete: makes the feed of each instrument, and asks the
 * venue's history for what they miss. Used by the connection's event loop.
 */
public final class ConnectionTrades {

  private final TradeHistorySource archive;
  private final FeedServices services;
  private final FeedReports reports;
  private final HistoryRequests requests;
  private final FeedLoop loop;

  /** Those whose live trades have waited, and are handed on in portions. */
  private final Set<TradeContinuity> late = new LinkedHashSet<>();

  private boolean reading = true;

  /**
   * @param loop the connection's
   */
  public ConnectionTrades(
      TradeHistorySource archive, FeedLoop loop, FeedServices services, FeedReports reports) {
    this.archive = archive;
    this.services = services;
    this.reports = reports;
    this.loop = loop;
    requests = new HistoryRequests(archive, loop, services.counters());
  }

  /** Begins to keep the trades of an instrument. */
  public TradeContinuity add(MarketStream stream) {
    Instrument instrument = stream.instrument();
    BackfillOptions options = services.backfill();
    TradeHistory history = options.enabled() ? archive.history(instrument) : null;
    LastTrade resume = services.positions().of(instrument);
    TradeNumbering numbering = archive.numbering();
    Listener listener = new Listener(stream);
    TradeContinuity trades =
        numbering == TradeNumbering.CONSECUTIVE
            ? new SequencedTrades(
                history, options, resume, services.held(), services.random(), listener)
            : new UnsequencedTrades(
                numbering == TradeNumbering.INCREASING,
                history,
                options,
                resume,
                services.held(),
                services.random(),
                listener);
    listener.client = new HistoryRequests.Client(instrument, trades);
    services.counters().trades(instrument);
    return trades;
  }

  /** Keeps the trades of an instrument no longer. */
  public void remove(Instrument instrument, TradeContinuity trades) {
    services.positions().leave(instrument, trades.last());
    trades.close();
    late.remove(trades);
  }

  /** Stops or resumes asking for history, and handing on what waited. */
  public void setReading(boolean read) {
    reading = read;
    requests.setReading(read);
    if (!late.isEmpty()) {
      loop.runBehindIo(this::handOnLate);
    }
  }

  public void close() {
    requests.close();
    late.clear();
  }

  /** A portion of each, and then the stream comes first. */
  private void handOnLate() {
    if (!reading) {
      return;
    }
    long now = System.nanoTime();
    late.removeIf(trades -> !trades.handOnMore(now));
    if (!late.isEmpty()) {
      loop.runBehindIo(this::handOnLate);
    }
  }

  /** What the trades of one instrument are handed to. */
  private final class Listener implements TradeContinuity.Owner {

    private final MarketStream stream;
    private HistoryRequests.@Nullable Client client;

    private Listener(MarketStream stream) {
      this.stream = stream;
    }

    @Override
    public void onTrade(Trade trade) {
      services.listener().onTrade(trade);
    }

    @Override
    public void onDuplicate() {
      services.counters().duplicates().increment();
    }

    @Override
    public void onHistoryNeeded() {
      if (client != null) {
        requests.request(client);
      }
    }

    @Override
    public void onMoreToHandOn() {
      if (client != null && late.add(client.trades()) && late.size() == 1) {
        loop.runBehindIo(ConnectionTrades.this::handOnLate);
      }
    }

    @Override
    public void onGap(TradeGap gap) {
      reports.tradeGap(stream, gap);
    }

    @Override
    public void onSettled(TradeGap gap) {
      reports.settled(stream, gap);
    }
  }
}
