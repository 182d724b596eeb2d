package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The historical trades of one exchange: how their ids relate, and how they are requested. */
public interface TradeHistorySource {

  /** Takes a page, or the reason why there is none; called by any thread. */
  interface PageListener {

    /** A trade of the page that follows cannot be read, and is left out. */
    void onMalformedTrade(String reason);

    /**
     * A page.
     *
     * @param trades the oldest first, owned by the listener; an empty page is a page too
     */
    void onPage(List<Trade> trades);

    /** There is no page. */
    void onNoPage(NoPage noPage);
  }

  /**
   * Why there is no page.
   *
   * @param reason for people
   * @param refused whether the exchange refuses the request, so that a retry is not likely to help
   */
  record NoPage(String reason, boolean refused) {}

  /** The exchange's id. */
  String exchange();

  /** How the trade ids of one instrument relate. */
  TradeNumbering numbering();

  /** The trade history of an instrument; null if the exchange has none. */
  @Nullable TradeHistory history(Instrument instrument);

  /**
   * Requests a page of an instrument that has a {@link #history}.
   *
   * @param cursor where the page is, as {@link TradeHistory#paging()} says; never negative
   */
  void request(Instrument instrument, long cursor, PageListener listener);
}
