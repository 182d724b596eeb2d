package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.SymbolPattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to stream from one exchange served by CCXT.
 *
 * @param options which exchange, and how it is run
 * @param bundle the configured bundle of CCXT, null for the bundle of the component
 * @param marketsTtl how old a list of markets may be that another task of the worker has requested
 * @param channels what to stream for each symbol
 * @param symbols normalised symbols that this task streams, and patterns ({@link SymbolPattern})
 * @param symbolsKey the property that names the symbols, for error messages: {@code symbols} or
 *     {@code exchange.bitrue.symbols}
 * @param sharesSymbols whether the same {@code symbols} property applies to other exchanges too:
 *     then a symbol that is missing here is not an error
 * @param unlisted what becomes of a symbol that the exchange has never listed
 * @param refreshInterval how often the markets are listed again, zero for never
 */
public record CcxtSubscription(
    CcxtOptions options,
    @Nullable Path bundle,
    Duration marketsTtl,
    Set<Channel> channels,
    List<String> symbols,
    String symbolsKey,
    boolean sharesSymbols,
    UnlistedSymbols unlisted,
    Duration refreshInterval) {

  /** Copies the collections. */
  public CcxtSubscription {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
  }
}
