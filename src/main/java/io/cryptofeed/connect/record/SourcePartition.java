package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
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
 * What Connect keeps offsets by: one channel of one instrument. It stays the same whatever the
 * number of tasks, the URLs or the proxies are, so that those can be changed without losing the
 * place.
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
   * <p>Connect finds an offset by the bytes of the partition's JSON, whose fields come in the order
   * of the map. It must be the same in every JVM, which that of {@link Map#of} is not, and the same
   * as in a partition that Connect has read, which is a {@link HashMap}.
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
   * The channel of a partition that someone wrote by hand.
   *
   * @return empty when there is no such channel
   */
  public static Optional<Channel> channel(Map<String, ?> partition) {
    return text(partition, CHANNEL).flatMap(SourcePartition::channelOf);
  }

  /**
   * The kind of contract of a partition that someone wrote by hand.
   *
   * @return empty when there is no such kind
   */
  public static Optional<MarketType> marketType(Map<String, ?> partition) {
    return Arrays.stream(MarketType.values())
        .filter(marketType -> marketType.code().equals(partition.get(MARKET_TYPE)))
        .findFirst();
  }

  /**
   * What is wrong with a partition that someone wrote by hand.
   *
   * @return empty when it could be one of ours
   */
  public static Optional<String> fault(Map<String, ?> partition) {
    if (!partition.keySet().equals(KEYS)) {
      return Optional.of(
          "has the keys %s, and must have %s"
              .formatted(new TreeSet<>(partition.keySet()), new TreeSet<>(KEYS)));
    }
    for (String key : new TreeSet<>(KEYS)) {
      if (text(partition, key).isEmpty()) {
        return Optional.of("has no text for '" + key + "'");
      }
    }
    if (marketType(partition).isEmpty()) {
      return Optional.of(
          "has the market_type '%s', and must have one of %s"
              .formatted(
                  partition.get(MARKET_TYPE),
                  Arrays.stream(MarketType.values()).map(MarketType::code).toList()));
    }
    if (channel(partition).isEmpty()) {
      return Optional.of(
          "has the channel '%s', and must have one of %s"
              .formatted(
                  partition.get(CHANNEL),
                  Arrays.stream(Channel.values()).map(Channel::code).toList()));
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
    return Channel.parse(code).filter(channel -> channel.code().equals(code));
  }
}
