package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtErrorKind;
import io.cryptofeed.connect.ccxt.CcxtException;
import io.cryptofeed.connect.ccxt.CcxtExchange;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.trades.TradeHistorySource;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import io.netty.util.concurrent.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The past trades that an exchange of CCXT has behind {@code fetchTrades}. */
final class CcxtTradeHistory implements TradeHistorySource {

  private final String exchange;
  private final TradeNumbering numbering;
  private final @Nullable TradeHistory history;
  private final Function<Instrument, String> symbols;
  private final Function<Instrument, CcxtConversion> events;
  private final FeedCounters counters;

  /** The script that runs now; of the event loop. */
  private @Nullable CcxtExchange script;

  /**
   * @param history null where the class cannot ask for past trades
   * @param symbols what CCXT calls an instrument
   * @param events makes a reader of its own for a page
   */
  CcxtTradeHistory(
      String exchange,
      TradeNumbering numbering,
      @Nullable TradeHistory history,
      Function<Instrument, String> symbols,
      Function<Instrument, CcxtConversion> events,
      FeedCounters counters) {
    this.exchange = exchange;
    this.numbering = numbering;
    this.history = history;
    this.symbols = symbols;
    this.events = events;
    this.counters = counters;
  }

  /** Asks another script from now on, or nobody. */
  void setScript(@Nullable CcxtExchange running) {
    script = running;
  }

  @Override
  public String exchange() {
    return exchange;
  }

  @Override
  public TradeNumbering numbering() {
    return numbering;
  }

  @Override
  public @Nullable TradeHistory history(Instrument instrument) {
    return history;
  }

  @Override
  public void request(Instrument instrument, long cursor, PageListener listener) {
    CcxtExchange asked = script;
    if (asked == null || history == null) {
      listener.onNoPage(new NoPage("the script of the exchange is being started anew", false));
      return;
    }
    asked
        .fetchTrades(symbols.apply(instrument), sinceMs(cursor), history.pageTrades())
        .addListener((Future<List<CcxtTrade>> done) -> answered(instrument, done, listener));
  }

  /** A millisecond more than is asked for: some exchanges leave the first instant out. */
  private long sinceMs(long cursor) {
    return history == null || history.paging() != Paging.FROM_TIME || cursor == 0
        ? -1
        : Math.max(0, TimeUnit.NANOSECONDS.toMillis(cursor) - 1);
  }

  private void answered(
      Instrument instrument, Future<List<CcxtTrade>> done, PageListener listener) {
    if (!done.isSuccess()) {
      listener.onNoPage(noPage(done.cause()));
      return;
    }
    List<Trade> page;
    try {
      page = page(instrument, done.getNow());
    } catch (MalformedMessageException e) {
      counters.malformed().increment();
      listener.onNoPage(new NoPage(String.valueOf(e.getMessage()), false));
      return;
    }
    listener.onPage(page);
  }

  private List<Trade> page(Instrument instrument, List<CcxtTrade> told)
      throws MalformedMessageException {
    CcxtConversion reader = events.apply(instrument);
    SyntheticTradeIds names = new SyntheticTradeIds();
    List<Trade> page = new ArrayList<>(told.size());
    for (CcxtTrade trade : told) {
      page.add(reader.trade(trade, Origin.BACKFILL, names).copy());
    }
    return page;
  }

  private static NoPage noPage(Throwable cause) {
    boolean refused =
        cause instanceof CcxtException error
            && !error.kind().isPassing()
            && error.kind() != CcxtErrorKind.SCRIPT;
    return new NoPage(String.valueOf(cause.getMessage()), refused);
  }
}
