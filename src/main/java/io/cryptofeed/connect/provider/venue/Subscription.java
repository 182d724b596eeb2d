package io.cryptofeed.connect.provider.venue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.SymbolPattern;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What to stream from one exchange.
 *
 * @param exchange the exchange
 * @param channels what to stream for each symbol
 * @param symbols normalised symbols that this task streams, and patterns ({@link SymbolPattern})
 * @param symbolsKey the property that names the symbols, for error messages: {@code symbols} or
 *     {@code exchange.binance.symbols}
 * @param alternatives other exchanges to which the same {@code symbols} property applies: a symbol
 *     that is missing here is not an error if one of them lists it
 * @param unlisted what becomes of a symbol that no exchange has ever listed
 * @param refreshInterval how often the instruments are listed again, zero for never
 */
public record Subscription(
    Exchange exchange,
    Set<Channel> channels,
    List<String> symbols,
    String symbolsKey,
    List<Exchange> alternatives,
    UnlistedSymbols unlisted,
    Duration refreshInterval) {

  /** Copies the collections. */
  public Subscription {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
    alternatives = List.copyOf(alternatives);
  }
}
