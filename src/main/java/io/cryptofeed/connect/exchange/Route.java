package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.RouteTrie.Node;
import io.cryptofeed.connect.market.Side;
import org.jspecify.annotations.Nullable;

/** One kind of message in one envelope, with the places of its values resolved. Immutable. */
sealed interface Route {

  /** A trade. */
  record OfTrade(
      MessageRule.OfTrade rule,
      Node symbol,
      Node id,
      Node price,
      Node size,
      Node side,
      Node time,
      @Nullable Node firstFill,
      @Nullable Node lastFill,
      WordMap<Side> sides)
      implements Route {

    OfTrade(
        MessageRule.OfTrade rule,
        Node symbol,
        Node id,
        Node price,
        Node size,
        Node side,
        Node time,
        @Nullable Node firstFill,
        @Nullable Node lastFill) {
      this(
          rule,
          symbol,
          id,
          price,
          size,
          side,
          time,
          firstFill,
          lastFill,
          new WordMap<>(rule.side().takerWords()));
    }
  }

  /** A book or a change of it. */
  record OfBook(
      MessageRule.OfBook rule,
      @Nullable Node symbol,
      @Nullable Node first,
      @Nullable Node last,
      @Nullable Node time,
      @Nullable Node bids,
      @Nullable Node asks,
      @Nullable Node changes)
      implements Route {}

  /** A sign of life. */
  record OfHeartbeat(Node symbol, @Nullable Node lastTrade) implements Route {}

  /** A message about subscriptions or the connection, rare enough to be read as a tree. */
  record OfControl(MessageRule rule, Pointer envelope) implements Route {}
}
