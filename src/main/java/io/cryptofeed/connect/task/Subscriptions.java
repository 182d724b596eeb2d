package io.cryptofeed.connect.task;

import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.Provider;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.provider.ccxt.CcxtSubscription;
import io.cryptofeed.connect.provider.venue.Subscription;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the feeds of one task subscribe: the plan of the task, completed by what the configuration
 * says about all exchanges of the connector.
 */
final class Subscriptions {

  private final TaskPlan plan;
  private final ConnectorConfig config;

  Subscriptions(TaskPlan plan, ConnectorConfig config) {
    this.plan = plan;
    this.config = config;
  }

  /** A configured exchange and its protocol. */
  private record Venue(ExchangeConfig config, Exchange exchange) {}

  /** The configured trade stream, by id of the exchange; only exchanges that offer several. */
  Map<String, String> tradesModes() {
    Map<String, String> modes = new HashMap<>();
    for (ExchangeConfig exchange : plan.exchanges()) {
      String mode = exchange.tradesMode();
      if (mode != null) {
        modes.put(exchange.id(), mode);
      }
    }
    return modes;
  }

  /** The subscriptions of native exchanges. */
  List<Subscription> ofNative() {
    List<Venue> venues = new ArrayList<>();
    for (ExchangeConfig exchange : config.exchanges()) {
      if (exchange.provider() instanceof Provider.Native own) {
        venues.add(new Venue(exchange, config.venues().open(exchange.id(), own.options())));
      }
    }
    return plan.exchanges().stream()
        .filter(share -> share.provider() instanceof Provider.Native)
        .map(share -> ofNative(share, venues))
        .toList();
  }

  private Subscription ofNative(ExchangeConfig share, List<Venue> venues) {
    Exchange own =
        venues.stream()
            .filter(venue -> venue.config.id().equals(share.id()))
            .findFirst()
            .orElseThrow()
            .exchange();
    List<Exchange> alternatives =
        venues.stream()
            .filter(other -> share.sharesSymbols() && other.config.sharesSymbols())
            .filter(other -> !other.config.id().equals(share.id()))
            .map(Venue::exchange)
            .toList();
    return new Subscription(
        own,
        share.channels(),
        share.symbols(),
        share.symbolsKey(),
        alternatives,
        share.unlisted(),
        config.refreshInterval());
  }

  /** The subscriptions of exchanges served by CCXT. */
  List<CcxtSubscription> ofCcxt() {
    boolean shared = config.exchanges().stream().filter(ExchangeConfig::sharesSymbols).count() > 1;
    List<CcxtSubscription> subscriptions = new ArrayList<>();
    for (ExchangeConfig share : plan.exchanges()) {
      if (share.provider() instanceof Provider.Ccxt ccxt) {
        subscriptions.add(
            new CcxtSubscription(
                ccxt.options(),
                config.ccxtBundle(),
                config.ccxtMarketsTtl(),
                share.channels(),
                share.symbols(),
                share.symbolsKey(),
                shared && share.sharesSymbols(),
                share.unlisted(),
                config.refreshInterval()));
      }
    }
    return subscriptions;
  }
}
