package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * The key of an offset in Connect: one channel of one instrument. It does not depend on the number
 * of tasks, the URLs or the proxies, so that these can be changed without losing offsets.
 */
public final class SourcePartition {

  /** The key of the exchange's id. */
  public static final String EXCHANGE = "exchange";

  private static final String MARKET_TYPE = "market_type";
  private static final String CHANNEL = "channel";
  private static final String SYMBOL = "symbol";
  private static final Set<String> KEYS = Set.of(EXCHANGE, MARKET_TYPE, CHANNEL, SYMBOL);

  private SourcePartition() {}

  /**
   * The partition of one channel of one instrument.
   *
   * <p>Connect finds an offset by the bytes of the partition's JSON, whose fields are in the order
   * of the map. The order must be the same in every JVM, which is not so for {@link Map#of}, and
   * the same as in a partition that Connect has read, which is a {@link HashMap}.
   */
  public static Map<String, String> of(
      String exchange, MarketType marketType, Channel channel, String symbol) {
    Map<String, String> partition = new HashMap<>();
    partition.put(EXCHANGE, exchange);
    partition.put(MARKET_TYPE, marketType.code());
    partition.put(CHANNEL, channel.code());
    partition.put(SYMBOL, symbol);
    return Collections.unmodifiableMap(partition);
  }

  static Map<String, String> of(Instrument instrument, Channel channel) {
    return of(instrument.exchange(), instrument.marketType(), channel, instrument.symbol());
  }

  /**
   * The channel of a partition that an operator wrote.
   *
   * @return empty if there is no such channel
   */
  public static Optional<Channel> channel(Map<String, ?> partition) {
    return text(partition, CHANNEL).flatMap(SourcePartition::channelOf);
  }

  /**
   * The market type of a partition that an operator wrote.
   *
   * @return empty if there is no such market type
   */
  public static Optional<MarketType> marketType(Map<String, ?> partition) {
    return Arrays.stream(MarketType.values())
        .filter(marketType -> marketType.code().equals(partition.get(MARKET_TYPE)))
        .findFirst();
  }

  /**
   * The fault of a partition that an operator wrote.
   *
   * @return a phrase that follows the name of the partition; empty if the connector could have
   *     written it
   */
  public static Optional<String> fault(Map<String, ?> partition) {
    if (!partition.keySet().equals(KEYS)) {
      return Optional.of(
          "has the keys %s, but must have %s"
              .formatted(new TreeSet<>(partition.keySet()), new TreeSet<>(KEYS)));
    }
    for (String key : new TreeSet<>(KEYS)) {
      if (text(partition, key).isEmpty()) {
        return Optional.of("has no text for the key '" + key + "': set it");
      }
    }
    if (marketType(partition).isEmpty()) {
      return Optional.of(
          "has the unknown market_type '%s'; known are %s"
              .formatted(
                  partition.get(MARKET_TYPE),
                  Arrays.stream(MarketType.values()).map(MarketType::code).toList()));
    }
    if (channel(partition).isEmpty()) {
      return Optional.of(
          "has the unknown channel '%s'; known are %s"
              .formatted(
                  partition.get(CHANNEL),
                  Channels.BUILT_IN.all().stream().map(Channel::code).toList()));
    }
    return Optional.empty();
  }

  private static Optional<String> text(Map<String, ?> partition, String key) {
    return partition.get(key) instanceof String text && !text.isBlank()
        ? Optional.of(text)
        : Optional.empty();
  }

  private static Optional<Channel> channelOf(String code) {
    // Exactly as written: a partition that differs in case is another partition to Connect.
    return Channels.BUILT_IN.parse(code).filter(channel -> channel.code().equals(code));
  }
}
