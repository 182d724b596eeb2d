package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Trade;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The protocol of one exchange: bytes in, market events and requests out. It does no I/O, starts no
 * thread and reads no clock. Immutable, so it may be shared by threads; the sessions it opens
 * belong to one thread each.
 */
public interface Exchange {

  /** The exchange's id, lower case: {@code binance}. */
  String id();

  /** The channels that can be subscribed. */
  Set<Channel> channels();

  /** The market types of its instruments. */
  Set<MarketType> marketTypes();

  /**
   * The URL of the WebSocket connection of a stream, path and query included. Streams share a
   * connection only if their URLs are equal.
   *
   * @throws IllegalArgumentException if the venue does not serve the stream
   */
  URI websocketUrl(MarketStream stream);

  /** The base of all REST requests; their paths are appended to its path. */
  URI restUrl();

  /** The limits of connections and requests, and how a dead connection is detected. */
  ConnectionRules connectionRules();

  /** How the books of this venue are synchronised. */
  BookRules bookRules();

  /** The requests for the first page of each of the venue's lists of instruments. */
  List<InstrumentRequest> instrumentRequests();

  /**
   * Reads the response to a request for instruments.
   *
   * @throws MalformedMessageException if the response is not what the venue documents
   */
  InstrumentPage readInstruments(InstrumentRequest request, byte[] body)
      throws MalformedMessageException;

  /**
   * The request for a snapshot, if {@link BookRules#source()} names REST.
   *
   * @throws IllegalStateException if the book does not come over REST
   */
  RestRequest bookSnapshotRequest(Instrument instrument);

  /**
   * Reads the response to {@link #bookSnapshotRequest}.
   *
   * @param receiveNs when the response arrived, nanoseconds since the epoch
   * @return a snapshot, owned by the caller
   * @throws MalformedMessageException if the response is not what the venue documents
   */
  BookUpdate readBookSnapshot(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException;

  /** How the trade ids of one instrument relate, in the chosen mode. */
  TradeNumbering tradeNumbering();

  /** How historical trades are requested; empty if the venue has no trade history. */
  Optional<TradeHistory> tradeHistory(Instrument instrument);

  /**
   * The request for a page of historical trades.
   *
   * @param cursor which page, in terms of {@link TradeHistory#paging()}; never negative
   * @throws IllegalStateException if there is no {@link #tradeHistory}
   */
  RestRequest tradesRequest(Instrument instrument, long cursor);

  /**
   * Reads the response to {@link #tradesRequest}.
   *
   * @param receiveNs when the response arrived, nanoseconds since the epoch
   * @param onMalformed takes what is wrong with each trade that cannot be read and is left out
   * @return the trades, the oldest first, owned by the caller; may be empty
   * @throws MalformedMessageException if the response is not what the venue documents, or no trade
   *     of it can be read
   */
  List<Trade> readTrades(
      Instrument instrument, byte[] body, long receiveNs, Consumer<String> onMalformed)
      throws MalformedMessageException;

  /**
   * The protocol state of one new connection.
   *
   * @param instruments the instruments whose messages are read; others are counted as unknown
   */
  ExchangeSession openSession(List<Instrument> instruments);
}
