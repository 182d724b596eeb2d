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
 * Which trades of one exchange can be read again from its trade history.
 *
 * @param numbering how the trade ids of an instrument relate
 * @param marketTypes the market types of the exchange
 * @param histories the trade history of each market type that has one
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
   * The trades of an exchange.
   *
   * @param tradesMode the configured trade stream; null for the first, or if there is only one
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
   * Why the trades cannot be read again from any offset, each of them once. It does not matter how
   * far the history reaches back: older trades are reported as lost, and the others can be
   * distinguished from those that were delivered before.
   *
   * @return a phrase that follows the name of the exchange; empty if they can be read again
   */
  Optional<String> obstacle() {
    if (numbering != TradeNumbering.CONSECUTIVE) {
      return Optional.of("has no consecutive trade ids");
    }
    for (MarketType marketType : new TreeSet<>(marketTypes)) {
      TradeHistory history = histories.get(marketType);
      if (history == null) {
        return Optional.of("has no trade history of market type " + marketType.code());
      }
      if (history.paging() == Paging.NEWEST) {
        return Optional.of(
            "has only the newest trades in its trade history of market type " + marketType.code());
      }
    }
    return Optional.empty();
  }

  /** Whether the history is requested by time, so that an id alone does not find a trade. */
  boolean isByTime(MarketType marketType) {
    TradeHistory history = histories.get(marketType);
    return history != null && history.paging() == Paging.FROM_TIME;
  }
}
