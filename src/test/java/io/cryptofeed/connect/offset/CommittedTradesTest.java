package io.cryptofeed.connect.offset;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.ccxt.PlainOptions;
import io.cryptofeed.connect.config.ExchangeConfig;
import io.cryptofeed.connect.config.KnownExchanges;
import io.cryptofeed.connect.config.Provider;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.connect.storage.OffsetStorageReader;
import org.junit.jupiter.api.Test;

class CommittedTradesTest {

  private final StoredOffsets stored = new StoredOffsets();

  @Test
  void resumes_each_instrument_from_its_own_trade() {
    stored.put(
        "BTC-USDT",
        Map.of("trade_id", "7", "trade_seq", 7, "trades_mode", "raw", "ts_event_ns", 5L));
    stored.put("ETH-USDT", Map.of("trade_id", "9", "trade_seq", 9L, "trades_mode", "raw"));

    CommittedTrades committed = read(binance(Channel.TRADES));

    assertThat(committed.lastTrade(instrument("BTC-USDT"))).isEqualTo(new LastTrade("7", 7, 5));
    assertThat(committed.lastTrade(instrument("ETH-USDT"))).isEqualTo(new LastTrade("9", 9, 0));
    assertThat(committed.lastTrade(instrument("XRP-USDT"))).isNull();
  }

  @Test
  void reads_the_offsets_of_all_instruments_at_once() {
    read(binance(Channel.TRADES, Channel.L2_BOOK));
    assertThat(stored.requests).containsExactly(3);
  }

  @Test
  void reads_nothing_if_no_trades_are_streamed() {
    read(binance(Channel.L2_BOOK));
    assertThat(stored.requests).isEmpty();
  }

  @Test
  void does_not_mix_the_ids_of_two_trade_streams() {
    stored.put(
        "BTC-USDT",
        Map.of("trade_id", "7", "trade_seq", 7, "trades_mode", "aggregate", "ts_event_ns", 5L));
    assertThat(read(binance(Channel.TRADES)).lastTrade(instrument("BTC-USDT")))
        .isEqualTo(new LastTrade("", Trade.NO_SEQUENCE, 5));
  }

  @Test
  void an_exchange_served_by_ccxt_resumes_another_trade_stream_only_by_time() {
    stored.put(
        "BTC-USDT",
        Map.of("trade_id", "7", "trade_seq", 7, "trades_mode", "raw", "ts_event_ns", 5L));
    stored.put("ETH-USDT", Map.of("trade_id", "9", "trade_seq", 9L, "ts_event_ns", 6L));

    CommittedTrades committed = read(byCcxt());

    assertThat(stored.requests).as("spot, perpetual and future").containsExactly(6);
    assertThat(committed.lastTrade(instrument("BTC-USDT")))
        .isEqualTo(new LastTrade("", Trade.NO_SEQUENCE, 5));
    assertThat(committed.lastTrade(instrument("ETH-USDT"))).isEqualTo(new LastTrade("9", 9, 6));
  }

  @Test
  void an_instrument_is_known_by_the_offset_of_any_of_its_channels_except_reports() {
    stored.put("trades", "BTC-USDT", Map.of("trade_seq", 7));
    stored.put("l2_book", "ETH-USDT", Map.of("sequence", 7));
    stored.put("quotes", "SOL-USDT", Map.of("ts_event_ns", 7));
    stored.put("feed_status", "XRP-USDT", Map.of("ts_event_ns", 7));
    CommittedTrades committed = read(binance(Channel.L2_BOOK));

    assertThat(
            committed.known(
                List.of(
                    instrument("BTC-USDT"),
                    instrument("ETH-USDT"),
                    instrument("SOL-USDT"),
                    instrument("XRP-USDT"),
                    instrument("NEW-USDT"))))
        .extracting(Instrument::symbol)
        .containsExactlyInAnyOrder("BTC-USDT", "ETH-USDT", "SOL-USDT");
    assertThat(stored.requests).as("one request").hasSize(1);
  }

  private static ExchangeConfig byCcxt() {
    return new ExchangeConfig(
        "binance",
        Set.of(Channel.TRADES),
        List.of("BTC-USDT", "ETH-USDT"),
        "symbols",
        UnlistedSymbols.FAIL,
        new Provider.Ccxt(PlainOptions.of("binance")));
  }

  private CommittedTrades read(ExchangeConfig exchange) {
    return CommittedTrades.read(
        List.of(exchange),
        KnownExchanges.of(
            Venues.builtIn(),
            Map.of(
                "exchange.binance.provider",
                exchange.provider() instanceof Provider.Ccxt ? "ccxt" : "native")),
        stored);
  }

  private static ExchangeConfig binance(Channel... channels) {
    return new ExchangeConfig(
        "binance",
        Set.of(channels),
        List.of("BTC-USDT", "ETH-USDT", "XRP-USDT"),
        "symbols",
        UnlistedSymbols.FAIL,
        new Provider.Native(new VenueOptions(false, null, null, "raw", null, 0)));
  }

  private static Instrument instrument(String symbol) {
    return new Instrument(
        "binance", MarketType.SPOT, symbol, symbol, "base", "quote", null, null, true);
  }

  /** Offsets as the worker hands them out: a partition without an offset has a null. */
  private static final class StoredOffsets implements OffsetStorageReader {

    private final Map<Map<String, ?>, Map<String, Object>> offsets = new HashMap<>();
    private final List<Integer> requests = new ArrayList<>();

    void put(String symbol, Map<String, Object> offset) {
      put("trades", symbol, offset);
    }

    void put(String channel, String symbol, Map<String, Object> offset) {
      offsets.put(
          Map.of(
              "exchange", "binance", "market_type", "spot", "channel", channel, "symbol", symbol),
          offset);
    }

    @Override
    public <T> Map<String, Object> offset(Map<String, T> partition) {
      throw new UnsupportedOperationException("each partition by itself is slow");
    }

    @Override
    @SuppressWarnings("NullAway") // The worker's map holds nulls too.
    public <T> Map<Map<String, T>, Map<String, Object>> offsets(
        Collection<Map<String, T>> partitions) {
      requests.add(partitions.size());
      Map<Map<String, T>, Map<String, Object>> found = new HashMap<>();
      partitions.forEach(partition -> found.put(partition, offsets.get(partition)));
      return found;
    }
  }
}
