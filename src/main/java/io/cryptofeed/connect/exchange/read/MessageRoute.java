package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.read.MessageTrie.Node;
import io.cryptofeed.connect.market.Side;
import org.jspecify.annotations.Nullable;

/** One kind of message in one envelope, with the places of its values resolved. Immutable. */
public sealed interface MessageRoute {

  /** A trade. */
  record OfTrade(
      MessageRule.OfTrade rule,
      @Nullable SymbolPlace symbol,
      Node id,
      Node price,
      Node size,
      Node side,
      Node time,
      @Nullable Node firstFill,
      @Nullable Node lastFill,
      @Nullable Node fillCount,
      WordMap<Side> sides)
      implements MessageRoute {}

  /** A book or a change of it. */
  record OfBook(
      MessageRule.OfBook rule,
      @Nullable SymbolPlace symbol,
      @Nullable Node first,
      @Nullable Node last,
      @Nullable Node previous,
      @Nullable Node checksum,
      @Nullable Node time,
      @Nullable Node bids,
      @Nullable Node asks,
      @Nullable Node changes)
      implements MessageRoute {}

  /** A best bid and ask. */
  record OfQuote(
      MessageRule.OfQuote rule,
      SymbolPlace symbol,
      @Nullable Node sequence,
      @Nullable Node time,
      @Nullable Node bidPrice,
      @Nullable Node bidSize,
      @Nullable Node askPrice,
      @Nullable Node askSize,
      @Nullable Node bids,
      @Nullable Node asks)
      implements MessageRoute {}

  /** A sign of life. */
  record OfHeartbeat(SymbolPlace symbol, @Nullable Node lastTrade) implements MessageRoute {}

  /** Of no interest. */
  record OfNothing() implements MessageRoute {}

  /** A message about subscriptions or the connection, rare enough to be read as a tree. */
  record OfControl(ControlRule rule, Pointer envelope) implements MessageRoute {}

  /**
   * Where the venue's symbol is.
   *
   * @param separator splits the text into parts of which one is the symbol; 0 where all of it is
   * @param part the number of that part, from 0
   */
  record SymbolPlace(Node node, byte separator, int part) {}
}
