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
 * Whether the worker can write each record of a connector exactly once. The worker writes records
 * and offsets in one transaction. For that, the task must be able to read everything after an
 * offset again, each record once. That is possible for trades, if their ids are consecutive and the
 * exchange has a trade history. It is not possible for books and quotes, which exist only on the
 * connection. Records of {@code feed_status} are not read again: they report what happened.
 */
public final class ExactlyOnce {

  private ExactlyOnce() {}

  /**
   * The first reason why exactly once is not possible.
   *
   * @return empty if it is possible
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
            "channel '%s' of exchange '%s' cannot be read again after a restart"
                .formatted(channel.code(), exchange.id()));
      }
    }
    if (exchange.provider() instanceof Provider.Ccxt) {
      return Optional.of(
          "exchange '%s' is served by CCXT, which does not guarantee that trades can be read again from any offset"
              .formatted(exchange.id()));
    }
    return RereadableTrades.of(config.venues(), exchange.id(), exchange.tradesMode())
        .obstacle()
        .map(why -> "exchange '%s' %s".formatted(exchange.id(), why));
  }
}
