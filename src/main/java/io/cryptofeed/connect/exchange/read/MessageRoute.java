package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.market.Side;
import org.jspecify.annotations.Nullable;

/** One kind of message in one envelope, with the places of its values resolved. Immutable. */
public sealed interface MessageRoute {

  /** A trade. */
  record OfTrade(
      MessageRule.OfTrade rule,
      @Nullable SymbolPlace symbol,
      Place id,
      Place price,
      Place size,
      Place side,
      Place time,
      @Nullable Place firstFill,
      @Nullable Place lastFill,
      @Nullable Place fillCount,
      WireWords<Side> sides)
      implements MessageRoute {}

  /** A snapshot of a book, or a delta. */
  record OfBook(
      MessageRule.OfBook rule,
      @Nullable SymbolPlace symbol,
      @Nullable Place first,
      @Nullable Place last,
      @Nullable Place previous,
      @Nullable Place checksum,
      @Nullable Place time,
      @Nullable Place bids,
      @Nullable Place asks,
      @Nullable Place changes)
      implements MessageRoute {}

  /** A best bid and ask. */
  record OfQuote(
      MessageRule.OfQuote rule,
      SymbolPlace symbol,
      @Nullable Place sequence,
      @Nullable Place time,
      @Nullable Place bidPrice,
      @Nullable Place bidSize,
      @Nullable Place askPrice,
      @Nullable Place askSize,
      @Nullable Place bids,
      @Nullable Place asks)
      implements MessageRoute {}

  /** A heartbeat. */
  record OfHeartbeat(SymbolPlace symbol, @Nullable Place lastTrade) implements MessageRoute {}

  /** A known message of no interest. */
  record OfNothing() implements MessageRoute {}

  /** A message about subscriptions or the connection, rare enough to be read as a tree. */
  record OfControl(ControlRule rule, Pointer envelope) implements MessageRoute {}

  /**
   * The place of the venue's symbol.
   *
   * @param separator splits the text into parts, one of which is the symbol; 0 if the whole text is
   * @param part the index of that part, from 0
   */
  record SymbolPlace(Place place, byte separator, int part) {}
}
