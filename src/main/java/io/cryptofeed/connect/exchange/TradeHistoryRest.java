package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.profile.HistoryRules;
import io.cryptofeed.connect.exchange.profile.HistoryRules.RestSymbol;
import io.cryptofeed.connect.exchange.read.FrameReader;
import io.cryptofeed.connect.exchange.read.MessageRoute;
import io.cryptofeed.connect.exchange.read.MessageTrie;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/**
 * Past trades of a venue over REST: the request for a page of them, and the trades of its answer.
 * Immutable.
 */
final class TradeHistoryRest {

  private final HistoryRules rules;
  private final TradeNumbering numbering;
  private final MessageTrie places;

  /**
   * @param numbering how the ids of the stream relate, which are those of past trades too
   */
  TradeHistoryRest(HistoryRules rules, TradeNumbering numbering) {
    this.rules = rules;
    this.numbering = numbering;
    places = MessageTrie.of(rules.trade(numbering));
  }

  boolean serve(Instrument instrument) {
    return rules.serves(instrument.marketType());
  }

  TradeHistory history() {
    return rules.pages();
  }

  /**
   * The request for a page.
   *
   * @param cursor where it is, times in nanoseconds since the epoch
   */
  RestRequest request(Instrument instrument, long cursor) {
    RestSymbol symbol = rules.symbol();
    String name = symbol == null ? instrument.exchangeSymbol() : symbol.of(instrument);
    boolean isTime = rules.pages().paging() == TradeHistory.Paging.FROM_TIME;
    long place = isTime ? rules.cursorUnit().of(cursor) : cursor;
    return new RestRequest(
        rules
            .path()
            .replace("{symbol}", RestRequest.encoded(name))
            .replace("{cursor}", Long.toString(place)),
        rules.weight(),
        rules.maxResponseBytes());
  }

  /**
   * The trades of an answer, the oldest first. One that cannot be read costs the whole page: left
   * out, it would be lost silently.
   *
   * @throws MalformedMessageException when the answer is not what the venue documents
   */
  List<Trade> read(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException {
    FrameReader reader = new FrameReader(places);
    int rows = reader.read(body, 0, body.length);
    if (rows == FrameReader.UNKNOWN) {
      throw new MalformedMessageException("the answer has no trades of " + instrument.key());
    }
    List<Trade> trades = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      if (!(reader.select(row) instanceof MessageRoute.OfTrade trade)) {
        throw new MalformedMessageException("row " + row + " is no trade");
      }
      trades.add(reader.events().trade(trade, instrument, receiveNs).copy());
    }
    sort(trades);
    return trades;
  }

  private void sort(List<Trade> trades) {
    if (numbering != TradeNumbering.UNORDERED) {
      trades.sort(Comparator.comparingLong(Trade::rank));
    } else if (trades.size() > 1
        && trades.get(0).eventNs() > trades.get(trades.size() - 1).eventNs()) {
      // Not by time: trades of one instant have an order too.
      Collections.reverse(trades);
    }
  }
}
