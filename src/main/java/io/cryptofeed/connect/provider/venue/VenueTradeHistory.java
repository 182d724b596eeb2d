package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.FeedCounters;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.trades.TradeHistorySource;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The trade history of a native exchange, requested over REST. */
final class VenueTradeHistory implements TradeHistorySource {

  private final Exchange exchange;
  private final VenueRest rest;
  private final FeedLoop readers;
  private final FeedCounters counters;

  /**
   * @param readers parses the responses, because the stream must not wait for that
   */
  VenueTradeHistory(Exchange exchange, VenueRest rest, FeedLoop readers, FeedCounters counters) {
    this.exchange = exchange;
    this.rest = rest;
    this.readers = readers;
    this.counters = counters;
  }

  @Override
  public String exchange() {
    return exchange.id();
  }

  @Override
  public TradeNumbering numbering() {
    return exchange.tradeNumbering();
  }

  @Override
  public @Nullable TradeHistory history(Instrument instrument) {
    return exchange.tradeHistory(instrument).orElse(null);
  }

  @Override
  public void request(Instrument instrument, long cursor, PageListener listener) {
    rest.get(
        readers,
        exchange.tradesRequest(instrument, cursor),
        new VenueRest.Callback() {
          @Override
          public void onBody(byte[] body, long receiveNs) {
            List<Trade> page;
            try {
              page =
                  exchange.readTrades(
                      instrument,
                      body,
                      receiveNs,
                      reason -> {
                        counters.malformed().increment();
                        listener.onMalformedTrade(reason);
                      });
            } catch (MalformedMessageException e) {
              counters.malformed().increment();
              onFailure(String.valueOf(e.getMessage()));
              return;
            }
            listener.onPage(page);
          }

          @Override
          public void onFailure(String reason) {
            listener.onNoPage(new NoPage(reason, false));
          }

          @Override
          public void onRefusal(String reason) {
            listener.onNoPage(new NoPage(reason, true));
          }
        });
  }
}
