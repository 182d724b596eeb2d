package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is configured for one exchange.
 *
 * @param id the exchange's id
 * @param channels what to stream for each symbol, at least one
 * @param symbols normalised symbols, at least one
 * @param symbolsKey the property that names the symbols, as the user wrote it
 * @param unlisted what becomes of a symbol that the exchange has never listed
 * @param provider how it is served
 */
public record ExchangeConfig(
    String id,
    Set<Channel> channels,
    List<String> symbols,
    String symbolsKey,
    UnlistedSymbols unlisted,
    Provider provider) {

  public ExchangeConfig {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
  }

  /** Whether the symbols come from the common list, so that the exchange may lack one of them. */
  public boolean sharesSymbols() {
    return symbolsKey.equals(ConnectorKeys.SYMBOLS);
  }

  /** Hosts and streams of an exchange with a profile; empty when CCXT serves the exchange. */
  public Optional<VenueOptions> nativeOptions() {
    return provider instanceof Provider.Native own ? Optional.of(own.options()) : Optional.empty();
  }

  /** Which of its trade streams is read; null where the exchange has only one. */
  @Nullable
  public String tradesMode() {
    return nativeOptions().map(VenueOptions::tradesMode).orElse(null);
  }

  /** The same exchange, with some of its symbols. */
  public ExchangeConfig withSymbols(List<String> some) {
    return new ExchangeConfig(id, channels, some, symbolsKey, unlisted, provider);
  }
}
