package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.SymbolPattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to stream from one exchange by CCXT.
 *
 * @param options which exchange, and how it is run
 * @param bundle an operator's own bundle of CCXT, null for that of the component
 * @param marketsTtl how old the list of markets may be that another task of the worker has read
 * @param channels what to stream for each symbol
 * @param symbols normalised symbols that this task streams, and patterns ({@link SymbolPattern})
 * @param symbolsKey the property that names the symbols, for messages: {@code symbols} or {@code
 *     exchange.bitrue.symbols}
 * @param sharesSymbols whether the same {@code symbols} property is for other exchanges too, so
 *     that a symbol which is missing here is no error
 * @param refreshInterval how often the markets are listed anew, zero for never
 */
public record CcxtSubscription(
    CcxtOptions options,
    @Nullable Path bundle,
    Duration marketsTtl,
    Set<Channel> channels,
    List<String> symbols,
    String symbolsKey,
    boolean sharesSymbols,
    Duration refreshInterval) {

  /** Copies the collections. */
  public CcxtSubscription {
    channels = Set.copyOf(channels);
    symbols = List.copyOf(symbols);
  }
}
