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
 * Keeps the trades of one connection complete: has a {@link TradeContinuity} for each instrument,
 * and requests the trades that they miss from the exchange's trade history. Used by the
 * connection's event loop.
 */
public final class ConnectionTrades {

  private final TradeHistorySource source;
  private final FeedServices services;
  private final FeedReports reports;
  private final HistoryRequests requests;
  private final FeedLoop loop;

  /** The instruments whose held trades are due, and are delivered in portions. */
  private final Set<TradeContinuity> due = new LinkedHashSet<>();

  private boolean reading = true;

  /**
   * @param source where historical trades are requested
   * @param loop the connection's
   */
  public ConnectionTrades(
      TradeHistorySource source, FeedLoop loop, FeedServices services, FeedReports reports) {
    this.source = source;
    this.services = services;
    this.reports = reports;
    this.loop = loop;
    requests = new HistoryRequests(source, loop, services.counters());
  }

  /** Starts to keep the trades of an instrument complete. */
  public TradeContinuity add(MarketStream stream) {
    Instrument instrument = stream.instrument();
    BackfillOptions options = services.backfill();
    TradeHistory history = options.enabled() ? source.history(instrument) : null;
    LastTrade resume = services.positions().of(instrument);
    TradeNumbering numbering = source.numbering();
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

  /** Stops to keep the trades of an instrument complete; its last trade is remembered. */
  public void remove(Instrument instrument, TradeContinuity trades) {
    services.positions().leave(instrument, trades.last());
    trades.close();
    due.remove(trades);
  }

  /** Pauses or resumes the requests for historical trades, and the delivery of held trades. */
  public void setReading(boolean read) {
    reading = read;
    requests.setReading(read);
    if (!due.isEmpty()) {
      loop.runAfterIo(this::deliverDue);
    }
  }

  /** Requests and delivers nothing more. */
  public void close() {
    requests.close();
    due.clear();
  }

  /** Delivers a portion of each instrument; then the stream is read again. */
  private void deliverDue() {
    if (!reading) {
      return;
    }
    long nanoTime = System.nanoTime();
    due.removeIf(trades -> !trades.deliverHeld(nanoTime));
    if (!due.isEmpty()) {
      loop.runAfterIo(this::deliverDue);
    }
  }

  /** Takes the trades and reports of one instrument. */
  private final class Listener implements TradeContinuity.Owner {

    private final MarketStream stream;
    private HistoryRequests.@Nullable Client client;

    private Listener(MarketStream stream) {
      this.stream = stream;
    }

    @Override
    public void onTrade(Trade trade) {
      int beyond = services.limits().firstBeyond(trade.numbers());
      if (beyond < 0) {
        services.listener().onTrade(trade);
      } else {
        reports.unwritable(stream, trade, services.limits().explain(trade.numbers().value(beyond)));
      }
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
    public void onHeldDue() {
      if (client != null && due.add(client.trades()) && due.size() == 1) {
        loop.runAfterIo(ConnectionTrades.this::deliverDue);
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
