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
import io.cryptofeed.connect.feed.FeedLoop;
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

/** The trade history of an exchange served by CCXT, requested by {@code fetchTrades}. */
final class CcxtTradeHistory implements TradeHistorySource {

  private final String exchange;
  private final TradeNumbering numbering;
  private final @Nullable TradeHistory history;
  private final Function<Instrument, String> symbols;
  private final Function<Instrument, CcxtConversion> conversions;
  private final FeedCounters counters;
  private final FeedLoop loop;

  /** The script that runs now; used by the event loop. */
  private @Nullable CcxtExchange script;

  /**
   * @param history null if the class cannot request historical trades
   * @param symbols CCXT's symbol of an instrument
   * @param conversions makes a conversion for one page
   */
  CcxtTradeHistory(
      String exchange,
      TradeNumbering numbering,
      @Nullable TradeHistory history,
      Function<Instrument, String> symbols,
      Function<Instrument, CcxtConversion> conversions,
      FeedCounters counters,
      FeedLoop loop) {
    this.loop = loop;
    this.exchange = exchange;
    this.numbering = numbering;
    this.history = history;
    this.symbols = symbols;
    this.conversions = conversions;
    this.counters = counters;
  }

  /** Sets the script that serves the requests from now on, null for none. */
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
    CcxtExchange running = script;
    if (running == null || history == null) {
      listener.onNoPage(new NoPage("the script of the exchange is being restarted", false));
      return;
    }
    running
        .fetchTrades(symbols.apply(instrument), sinceMs(cursor), history.pageTrades())
        .addListener(
            (Future<List<CcxtTrade>> done) ->
                loop.run(() -> onResponse(instrument, done, listener)));
  }

  /** One millisecond earlier than the cursor: some exchanges omit the first instant. */
  private long sinceMs(long cursor) {
    return history == null || history.paging() != Paging.FROM_TIME || cursor == 0
        ? -1
        : Math.max(0, TimeUnit.NANOSECONDS.toMillis(cursor) - 1);
  }

  private void onResponse(
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

  private List<Trade> page(Instrument instrument, List<CcxtTrade> trades)
      throws MalformedMessageException {
    CcxtConversion conversion = conversions.apply(instrument);
    SyntheticTradeIds tradeIds = new SyntheticTradeIds();
    List<Trade> page = new ArrayList<>(trades.size());
    for (CcxtTrade trade : trades) {
      page.add(conversion.trade(trade, Origin.BACKFILL, tradeIds).copy());
    }
    return page;
  }

  private static NoPage noPage(Throwable cause) {
    boolean refused =
        cause instanceof CcxtException error
            && !error.kind().isTransient()
            && error.kind() != CcxtErrorKind.SCRIPT;
    return new NoPage(String.valueOf(cause.getMessage()), refused);
  }
}
