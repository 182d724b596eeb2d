package io.cryptofeed.connect;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.feed.ResumePoints;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.record.SourceOffset;
import io.cryptofeed.connect.record.SourcePartition;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.storage.OffsetStorageReader;

/** The last trade of each instrument whose offset Kafka holds. Immutable. */
final class CommittedTrades implements ResumePoints {

  private final Map<Map<String, String>, Long> sequences;

  private CommittedTrades(Map<Map<String, String>, Long> sequences) {
    this.sequences = Map.copyOf(sequences);
  }

  /** Asks once for all instruments that these exchanges may have under the configured symbols. */
  static CommittedTrades read(
      List<ExchangeConfig> exchanges, Venues venues, OffsetStorageReader reader) {
    Map<Map<String, String>, ExchangeConfig> partitions = new HashMap<>();
    for (ExchangeConfig exchange : exchanges) {
      if (exchange.channels().contains(Channel.TRADES)) {
        for (MarketType marketType : venues.marketTypes(exchange.id())) {
          for (String symbol : exchange.symbols()) {
            partitions.put(
                SourcePartition.of(exchange.id(), marketType, Channel.TRADES, symbol), exchange);
          }
        }
      }
    }
    Map<Map<String, String>, Long> sequences = new HashMap<>();
    if (!partitions.isEmpty()) {
      Map<Map<String, String>, Map<String, Object>> offsets = reader.offsets(partitions.keySet());
      partitions.forEach(
          (partition, exchange) -> {
            Map<String, Object> offset = offsets.get(partition);
            if (offset != null) {
              sequences.put(
                  partition, SourceOffset.tradeSequence(offset, exchange.options().tradesMode()));
            }
          });
    }
    return new CommittedTrades(sequences);
  }

  @Override
  public long lastTradeSequence(Instrument instrument) {
    return sequences.getOrDefault(
        SourcePartition.of(
            instrument.exchange(), instrument.marketType(), Channel.TRADES, instrument.symbol()),
        Trade.NO_SEQUENCE);
  }
}
