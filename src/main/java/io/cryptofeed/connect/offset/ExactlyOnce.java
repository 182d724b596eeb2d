package io.cryptofeed.connect.offset;

import io.cryptofeed.connect.config.ConnectorConfig;
import io.cryptofeed.connect.config.ConnectorKeys;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.Provider;
import io.cryptofeed.connect.market.Channel;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;

/**
 * Whether a worker can have each record of a connector exactly once. It writes records and offsets
 * in one transaction; what it needs from here is that everything behind an offset can be read
 * again, each thing once. Trades can, where they are numbered one by one and the exchange gives
 * them again; books and quotes are gone with the connection. What is written to {@code feed_status}
 * tells what happened, which nothing repeats.
 */
public final class ExactlyOnce {

  private ExactlyOnce() {}

  /**
   * The first reason why it cannot.
   *
   * @return empty when it can
   */
  public static Optional<String> obstacle(Map<String, String> properties) {
    try {
      return obstacle(new ConnectorConfig(properties));
    } catch (ConfigException e) {
      return Optional.of("the configuration has errors: " + e.getMessage());
    }
  }

  private static Optional<String> obstacle(ConnectorConfig config) {
    if (!config.backfill().enabled()) {
      return Optional.of(ConnectorKeys.BACKFILL_ENABLED + " is false");
    }
    return config.exchanges().stream()
        .flatMap(exchange -> obstacle(exchange, config).stream())
        .findFirst();
  }

  private static Optional<String> obstacle(ExchangeConfig exchange, ConnectorConfig config) {
    for (Channel channel : new TreeSet<>(exchange.channels())) {
      if (channel != Channel.TRADES) {
        return Optional.of(
            "channel '%s' of exchange '%s' cannot be read again"
                .formatted(channel.code(), exchange.id()));
      }
    }
    if (exchange.provider() instanceof Provider.Ccxt) {
      return Optional.of(
          "exchange '%s' is served by CCXT, which does not say that trades can be read again from any place"
              .formatted(exchange.id()));
    }
    return RereadableTrades.of(config.venues(), exchange.id(), exchange.tradesMode())
        .obstacle()
        .map(why -> "exchange '%s' %s".formatted(exchange.id(), why));
  }
}
