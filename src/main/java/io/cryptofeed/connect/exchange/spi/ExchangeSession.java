package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.List;

/** The protocol state of one WebSocket connection. Used by one thread. */
public interface ExchangeSession extends AutoCloseable {

  /** The text frames that subscribe these streams, in sending order. */
  List<String> subscribe(List<MarketStream> streams);

  /** The text frames that unsubscribe these streams, in sending order. */
  List<String> unsubscribe(List<MarketStream> streams);

  /**
   * The text frame that requests a snapshot of a book on the connection.
   *
   * @throws IllegalStateException if the venue has no such request
   */
  String requestBook(Instrument instrument);

  /**
   * Reads one whole message and emits its events to the listener. Throws nothing, whatever the
   * bytes are: a malformed message is reported to the listener. A message may have several events;
   * the malformed ones do not affect the others.
   *
   * @param buffer has the message; is not kept
   * @param receiveNs when the message arrived, nanoseconds since the epoch
   */
  void onMessage(byte[] buffer, int offset, int length, long receiveNs, SessionListener listener);

  /** Releases native memory; the session must not be used afterwards. */
  @Override
  void close();
}
