package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The past trades of one exchange: what their ids tell, and how they are asked for. */
public interface TradeHistorySource {

  /** Takes a page, or what came instead of it; called by any thread. */
  interface Taker {

    /**
     * A page.
     *
     * @param trades the oldest first, owned by the taker; none is an answer too
     */
    void onPage(List<Trade> trades);

    /** There is no page. */
    void onFailure(Missing missing);
  }

  /**
   * Why there is no page.
   *
   * @param reason for people
   * @param refused whether the exchange does not answer such a request, so that trying again is not
   *     likely to help
   */
  record Missing(String reason, boolean refused) {}

  /** The exchange's id. */
  String exchange();

  /** How the trade ids of one instrument relate. */
  TradeNumbering numbering();

  /** How past trades of an instrument are had; null where the exchange gives none. */
  @Nullable TradeHistory history(Instrument instrument);

  /**
   * Asks for a page, where there is a {@link #history}.
   *
   * @param cursor where the page is, by {@link TradeHistory#paging()}; never negative
   */
  void ask(Instrument instrument, long cursor, Taker taker);
}
