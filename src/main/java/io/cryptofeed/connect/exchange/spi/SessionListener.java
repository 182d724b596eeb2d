package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Receives the events of a session. Called by the thread that owns the session. */
public interface SessionListener {

  /** A trade; valid only during the call. */
  void onTrade(Trade trade);

  /** A snapshot or a delta as the venue sent it; valid only during the call. */
  void onBook(BookUpdate update);

  /** A message of a plain channel; valid only during the call. */
  void onObservation(Observation observation);

  /**
   * Messages of the connection are missing; it is unknown of which stream.
   *
   * @param expected the number that the message should have had
   * @param found the number that it has
   */
  void onConnectionGap(long expected, long found);

  /** The venue reports something about itself, for example maintenance. */
  void onNotice(String text);

  /** The venue confirms a subscription. */
  void onSubscribed(MarketStream stream);

  /**
   * The venue refuses a subscription.
   *
   * @param streams the refused streams; every stream that is not yet confirmed if the venue does
   *     not name one
   * @param reason the venue's error text
   */
  void onRefused(List<MarketStream> streams, String reason);

  /**
   * The venue sends a heartbeat of an instrument's streams.
   *
   * @param lastTradeSequence the newest trade of the instrument, or {@link Trade#NO_SEQUENCE}
   */
  void onHeartbeat(Instrument instrument, long lastTradeSequence);

  /** The venue expects this text frame as a reply. */
  void onReply(String frame);

  /** The venue asks for a new connection. */
  void onReconnectRequested(String reason);

  /** An error text of the venue that is not about a subscription. */
  void onVenueError(String reason);

  /** A message of unknown kind, or about an unknown instrument. */
  void onUnknown();

  /**
   * A malformed message.
   *
   * @param instrument the instrument that the message is about; null if that is not known
   * @param channel the channel that it belongs to; null if that is not known
   * @param reason what is wrong, in one sentence; it quotes no more than a number or a field name
   */
  void onMalformed(@Nullable Instrument instrument, @Nullable Channel channel, String reason);
}
