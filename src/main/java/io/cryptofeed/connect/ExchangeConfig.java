package io.cryptofeed.connect;

import io.cryptofeed.connect.exchange.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Set;

/**
 * What is configured for one exchange.
 *
 * @param id the exchange's id
 * @param channels what to stream for each symbol, at least one
 * @param symbols normalised symbols, at least one
 * @param symbolsKey the property that names the symbols, as the user wrote it
 * @param options hosts and trade stream
 */
record ExchangeConfig(
    String id,
    Set<Channel> channels,
    List<String> symbols,
    String symbolsKey,
    VenueOptions options) {

  ExchangeConfig {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
  }

  /** Whether the symbols are those of all exchanges, so that one may be missing here. */
  boolean sharesSymbols() {
    return symbolsKey.equals(ConnectorKeys.SYMBOLS);
  }

  /** The same exchange, with some of its symbols. */
  ExchangeConfig withSymbols(List<String> some) {
    return new ExchangeConfig(id, channels, some, symbolsKey, options);
  }
}
