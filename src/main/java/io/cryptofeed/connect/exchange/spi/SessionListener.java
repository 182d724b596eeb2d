package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.util.List;

/** What a message of an exchange can mean. Called by the thread that owns the session. */
public interface SessionListener {

  /** A trade; valid only during the call. */
  void onTrade(Trade trade);

  /** A snapshot or a delta as the venue sent it; valid only during the call. */
  void onBook(BookUpdate update);

  /** A message of a plain channel; valid only during the call. */
  void onObservation(Observation observation);

  /**
   * Messages of the connection are missing, and nobody can say of which stream.
   *
   * @param expected the number that the message should have had
   * @param found the number that it has
   */
  void onConnectionGap(long expected, long found);

  /** The venue says something about itself, such as that it is under maintenance. */
  void onNotice(String text);

  /** The venue confirms a subscription. */
  void onSubscribed(MarketStream stream);

  /**
   * The venue refuses a subscription.
   *
   * @param streams the refused streams; all that are not yet confirmed, where the venue does not
   *     say
   * @param reason the venue's own words
   */
  void onRefused(List<MarketStream> streams, String reason);

  /**
   * The venue says that an instrument's streams are alive.
   *
   * @param lastTradeSequence the newest trade of the instrument, or {@link Trade#NO_SEQUENCE}
   */
  void onHeartbeat(Instrument instrument, long lastTradeSequence);

  /** The venue expects this text frame as an answer. */
  void onReply(String frame);

  /** The venue asks for a new connection. */
  void onReconnectRequested(String reason);

  /** An error message of the venue that refuses no particular subscription. */
  void onVenueError(String reason);

  /** A well-formed message of a kind, or about an instrument, that is not known. */
  void onUnknown();

  /**
   * A message that could not be read.
   *
   * @param reason what is wrong, in one sentence; it quotes no more than a number or a field name
   */
  void onMalformed(String reason);
}
