package io.cryptofeed.connect.offset;

import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.KnownExchanges;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SymbolPattern;
import io.cryptofeed.connect.record.SourceOffset;
import io.cryptofeed.connect.record.SourcePartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.jspecify.annotations.Nullable;

/** The last trade of each instrument, by the committed offsets. Safe for use by many threads. */
public final class CommittedTrades implements ResumePoints {

  private final Map<String, ExchangeConfig> exchanges;
  private final OffsetStorageReader reader;
  private final Map<Map<String, String>, Optional<LastTrade>> trades = new ConcurrentHashMap<>();

  private CommittedTrades(List<ExchangeConfig> exchanges, OffsetStorageReader reader) {
    this.exchanges = exchanges.stream().collect(Collectors.toMap(ExchangeConfig::id, e -> e));
    this.reader = reader;
  }

  /**
   * Reads the offsets of all instruments that the configured symbols may stand for, with one
   * request.
   */
  public static CommittedTrades read(
      List<ExchangeConfig> exchanges, KnownExchanges known, OffsetStorageReader reader) {
    Map<Map<String, String>, ExchangeConfig> partitions = new HashMap<>();
    for (ExchangeConfig exchange : exchanges) {
      if (exchange.channels().contains(Channel.TRADES)) {
        for (MarketType marketType : known.exchange(exchange.id()).marketTypes()) {
          for (String symbol : exchange.symbols()) {
            if (!SymbolPattern.isPattern(symbol)) {
              partitions.put(
                  SourcePartition.of(exchange.id(), marketType, Channel.TRADES, symbol), exchange);
            }
          }
        }
      }
    }
    CommittedTrades trades = new CommittedTrades(exchanges, reader);
    trades.read(partitions);
    return trades;
  }

  private void read(Map<Map<String, String>, ExchangeConfig> partitions) {
    if (partitions.isEmpty()) {
      return;
    }
    Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions.keySet());
    partitions.forEach(
        (partition, exchange) -> {
          Map<String, Object> offset = offsets.get(partition);
          trades.put(
              partition,
              offset == null
                  ? Optional.empty()
                  : SourceOffset.lastTrade(offset, exchange.tradesMode()));
        });
  }

  /** Reads, with one request, the offsets of instruments that only a pattern stood for. */
  @Override
  public void prepare(Collection<Instrument> instruments) {
    Map<Map<String, String>, ExchangeConfig> unknown = new HashMap<>();
    for (Instrument instrument : instruments) {
      ExchangeConfig exchange = exchanges.get(instrument.exchange());
      Map<String, String> partition = partition(instrument);
      if (exchange != null
          && exchange.channels().contains(Channel.TRADES)
          && !trades.containsKey(partition)) {
        unknown.put(partition, exchange);
      }
    }
    read(unknown);
  }

  @Override
  public @Nullable LastTrade lastTrade(Instrument instrument) {
    return trades.getOrDefault(partition(instrument), Optional.empty()).orElse(null);
  }

  /** With one request: a channel that is not configured any more has offsets, too. */
  @Override
  public Set<Instrument> known(Collection<Instrument> candidates) {
    Map<Map<String, String>, Instrument> partitions = new HashMap<>();
    for (Instrument candidate : candidates) {
      for (Channel channel : Channels.BUILT_IN.all()) {
        // An instrument that was only reported about has not been streamed.
        if (channel != Channel.FEED_STATUS) {
          partitions.put(partition(candidate, channel), candidate);
        }
      }
    }
    Set<Instrument> known = new HashSet<>();
    reader
        .offsets(partitions.keySet())
        .forEach(
            (partition, offset) -> {
              Instrument candidate = partitions.get(partition);
              if (offset != null && candidate != null) {
                known.add(candidate);
              }
            });
    return known;
  }

  private static Map<String, String> partition(Instrument instrument) {
    return partition(instrument, Channel.TRADES);
  }

  private static Map<String, String> partition(Instrument instrument, Channel channel) {
    return SourcePartition.of(
        instrument.exchange(), instrument.marketType(), channel, instrument.symbol());
  }
}
