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

/**
 * The protocol of one exchange: bytes in, market events and requests out. It does no I/O, starts no
 * thread and reads no clock; {@code feed} runs it. Immutable, so it may be shared by threads; the
 * sessions it opens belong to one thread each.
 */
public interface Exchange {

  /** The exchange's id, lower case: {@code binance}. */
  String id();

  /** The channels that it has. */
  Set<Channel> channels();

  /** The kinds of contract that it lists. */
  Set<MarketType> marketTypes();

  /**
   * Where the WebSocket connection of a stream is opened, path and query included. Streams share a
   * connection only where their URLs are equal.
   *
   * @throws IllegalArgumentException when the venue does not serve such a stream
   */
  URI websocketUrl(MarketStream stream);

  /** The base of all REST requests; their paths are appended to its own path. */
  URI restUrl();

  /** What the venue allows on connections and requests, and how a dead one is recognised. */
  ConnectionRules connectionRules();

  /** How the book of this venue is kept. */
  BookRules bookRules();

  /** The requests that begin to list all instruments, one for each of the venue's lists. */
  List<InstrumentRequest> instrumentRequests();

  /**
   * Reads the answer to a request for instruments.
   *
   * @throws MalformedMessageException when the answer is not what the venue documents
   */
  InstrumentPage readInstruments(InstrumentRequest request, byte[] body)
      throws MalformedMessageException;

  /**
   * The request for a full book, where {@link BookRules#source()} names REST.
   *
   * @throws IllegalStateException when the book does not come over REST
   */
  RestRequest bookSnapshotRequest(Instrument instrument);

  /**
   * Reads the answer to {@link #bookSnapshotRequest}.
   *
   * @param receiveNs when the answer arrived, nanoseconds since the epoch
   * @return a snapshot, owned by the caller
   * @throws MalformedMessageException when the answer is not what the venue documents
   */
  BookUpdate readBookSnapshot(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException;

  /** How the trade ids of one instrument relate, in the stream that is read. */
  TradeNumbering tradeNumbering();

  /** How past trades of an instrument are had; empty where the venue gives none. */
  Optional<TradeHistory> tradeHistory(Instrument instrument);

  /**
   * The request for a page of past trades.
   *
   * @param cursor where the page is, by {@link TradeHistory#paging()}; never negative
   * @throws IllegalStateException where there is no {@link #tradeHistory}
   */
  RestRequest tradesRequest(Instrument instrument, long cursor);

  /**
   * Reads the answer to {@link #tradesRequest}.
   *
   * @param receiveNs when the answer arrived, nanoseconds since the epoch
   * @return the trades, the oldest first, owned by the caller; none is an answer too
   * @throws MalformedMessageException when the answer is not what the venue documents
   */
  List<Trade> readTrades(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException;

  /**
   * The protocol state of one new connection.
   *
   * @param instruments the instruments whose messages are wanted; others are counted as unknown
   */
  ExchangeSession openSession(List<Instrument> instruments);
}
