package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.List;

/** The protocol state of one WebSocket connection. Used by one thread. */
public interface ExchangeSession extends AutoCloseable {

  /** The text frames that subscribe these streams, in sending order. */
  List<String> subscribe(List<MarketStream> streams);

  /** The text frames that end the subscription of these streams, in sending order. */
  List<String> unsubscribe(List<MarketStream> streams);

  /**
   * The text frame that asks for a full book on the connection.
   *
   * @throws IllegalStateException when the venue has no such request
   */
  String requestBook(Instrument instrument);

  /**
   * Reads one whole message and hands its events to the listener. Whatever the bytes are, this
   * throws nothing: what cannot be read is reported as malformed. A message may hold several
   * events; those that can be read are handed over even if others can not.
   *
   * @param buffer holds the message; must not be kept
   * @param receiveNs when the message arrived, nanoseconds since the epoch
   */
  void onMessage(byte[] buffer, int offset, int length, long receiveNs, SessionListener listener);

  /** Gives up what the session holds; it must not be used afterwards. */
  @Override
  void close();
}
