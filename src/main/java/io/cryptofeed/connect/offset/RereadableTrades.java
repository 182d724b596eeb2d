package io.cryptofeed.connect.offset;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.MarketType;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What can be had again of the trades of one exchange.
 *
 * @param numbering how the ids of an instrument's trades relate
 * @param marketTypes the kinds of contract that the exchange lists
 * @param histories how past trades of each kind are had; without the kinds of which none are
 */
record RereadableTrades(
    TradeNumbering numbering,
    Set<MarketType> marketTypes,
    Map<MarketType, TradeHistory> histories) {

  RereadableTrades {
    marketTypes = Set.copyOf(marketTypes);
    histories = Map.copyOf(histories);
  }

  /**
   * What an exchange has.
   *
   * @param tradesMode which of its trade streams is read, null for the first and without a choice
   */
  static RereadableTrades of(Venues venues, String id, @Nullable String tradesMode) {
    Map<MarketType, TradeHistory> histories = new EnumMap<>(MarketType.class);
    for (MarketType marketType : venues.marketTypes(id)) {
      venues
          .tradeHistory(id, marketType, tradesMode)
          .ifPresent(history -> histories.put(marketType, history));
    }
    return new RereadableTrades(
        venues.tradeNumbering(id, tradesMode), venues.marketTypes(id), histories);
  }

  /**
   * Why the trades cannot be read again from any place, each of them once. How far back a history
   * reaches does not matter: what is older than that is gone, and reported as lost, but what is
   * left can be told from what was read already.
   *
   * @return words about the exchange, empty when they can
   */
  Optional<String> obstacle() {
    if (numbering != TradeNumbering.CONSECUTIVE) {
      return Optional.of("does not number its trades one by one");
    }
    for (MarketType marketType : new TreeSet<>(marketTypes)) {
      TradeHistory history = histories.get(marketType);
      if (history == null) {
        return Optional.of("has no history of its " + marketType.code() + " trades");
      }
      if (history.paging() == Paging.NEWEST) {
        return Optional.of("gives only the newest of its " + marketType.code() + " trades again");
      }
    }
    return Optional.empty();
  }

  /** Whether the number of a trade says where it is in the history only together with its time. */
  boolean isByTime(MarketType marketType) {
    TradeHistory history = histories.get(marketType);
    return history != null && history.paging() == Paging.FROM_TIME;
  }
}
