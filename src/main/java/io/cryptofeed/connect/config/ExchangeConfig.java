package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for one exchange.
 *
 * @param id the exchange's id
 * @param channels what to stream for each symbol, at least one
 * @param symbols normalised symbols, at least one
 * @param symbolsKey the property that names the symbols, as the user wrote it
 * @param provider who serves it
 */
public record ExchangeConfig(
    String id, Set<Channel> channels, List<String> symbols, String symbolsKey, Provider provider) {

  public ExchangeConfig {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
  }

  /** Whether the symbols are those of all exchanges, so that one may be missing here. */
  public boolean sharesSymbols() {
    return symbolsKey.equals(ConnectorKeys.SYMBOLS);
  }

  /** Whether CCXT serves it. */
  public boolean isCcxt() {
    return provider instanceof Provider.Ccxt;
  }

  /**
   * Hosts and streams of an exchange with a profile.
   *
   * @throws IllegalStateException when CCXT serves it
   */
  public VenueOptions options() {
    if (provider instanceof Provider.Native own) {
      return own.options();
    }
    throw new IllegalStateException("exchange '" + id + "' is served by CCXT");
  }

  /** Which of its trade streams is read; null where the exchange has only one. */
  @Nullable
  public String tradesMode() {
    return provider instanceof Provider.Native own ? own.options().tradesMode() : null;
  }

  /** The same exchange, with some of its symbols. */
  public ExchangeConfig withSymbols(List<String> some) {
    return new ExchangeConfig(id, channels, some, symbolsKey, provider);
  }
}
