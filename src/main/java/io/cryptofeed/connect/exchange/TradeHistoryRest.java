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
import java.util.function.Consumer;

/**
 * Historical trades of a venue over REST: the request for a page, and the trades of its response.
 * Immutable.
 */
final class TradeHistoryRest {

  private final HistoryRules rules;
  private final TradeNumbering numbering;
  private final MessageTrie places;

  /**
   * @param numbering how the ids relate; the stream and the history have the same ids
   */
  TradeHistoryRest(HistoryRules rules, TradeNumbering numbering) {
    this.rules = rules;
    this.numbering = numbering;
    places = MessageTrie.of(rules.trade(numbering));
  }

  /** Whether it has the trades of an instrument. */
  boolean serves(Instrument instrument) {
    return rules.serves(instrument);
  }

  /** How it is paged. */
  TradeHistory history() {
    return rules.pages();
  }

  /**
   * The request for a page.
   *
   * @param cursor the cursor of the page; a time is in nanoseconds since the epoch
   */
  RestRequest request(Instrument instrument, long cursor) {
    RestSymbol symbol = rules.symbol();
    String name = symbol == null ? instrument.exchangeSymbol() : symbol.of(instrument);
    boolean isTime = rules.pages().paging() == TradeHistory.Paging.FROM_TIME;
    long place = isTime ? rules.cursorUnit().of(cursor) : cursor;
    return new RestRequest(
        rules
            .path(instrument)
            .replace("{symbol}", RestRequest.encoded(name))
            .replace("{cursor}", Long.toString(place)),
        rules.weight(),
        rules.maxResponseBytes());
  }

  /**
   * The trades of a response, the oldest first. A malformed trade is left out. If no trade can be
   * read, the whole page is malformed.
   *
   * @param onMalformed takes what is wrong with each trade that is left out
   * @throws MalformedMessageException if the response is not what the venue documents
   */
  List<Trade> read(Instrument instrument, byte[] body, long receiveNs, Consumer<String> onMalformed)
      throws MalformedMessageException {
    FrameReader reader = new FrameReader(places);
    int rows = reader.read(body, 0, body.length);
    if (rows == FrameReader.UNKNOWN) {
      throw new MalformedMessageException("the response has no trades of " + instrument.key());
    }
    List<Trade> trades = new ArrayList<>();
    List<MalformedMessageException> malformed = new ArrayList<>();
    for (int row = 0; row < rows; row++) {
      try {
        trades.add(trade(reader, row, instrument, receiveNs).copy());
      } catch (MalformedMessageException e) {
        malformed.add(e);
      }
    }
    if (trades.isEmpty() && !malformed.isEmpty()) {
      throw malformed.get(0);
    }
    malformed.forEach(each -> onMalformed.accept(String.valueOf(each.getMessage())));
    sort(trades);
    return trades;
  }

  private static Trade trade(FrameReader reader, int row, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    if (!(reader.select(row) instanceof MessageRoute.OfTrade trade)) {
      throw new MalformedMessageException("row " + row + " is not a trade");
    }
    return reader.events().trade(trade, instrument, receiveNs);
  }

  private void sort(List<Trade> trades) {
    if (numbering != TradeNumbering.UNORDERED) {
      trades.sort(Comparator.comparingLong(Trade::rank));
    } else if (trades.size() > 1
        && trades.get(0).eventNs() > trades.get(trades.size() - 1).eventNs()) {
      // Not sorted by time: trades of one instant have an order too.
      Collections.reverse(trades);
    }
  }
}
