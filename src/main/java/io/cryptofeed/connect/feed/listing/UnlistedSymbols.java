package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.feed.FatalFeedException;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.NormalisedSymbol;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a configured symbol that the exchange has never listed. */
public enum UnlistedSymbols {
  /** The task fails: the symbol is probably misspelt. */
  FAIL,
  /** It is reported as unlisted, and is streamed when it is listed; the other symbols go on. */
  SKIP;

  private static final Logger LOG = LoggerFactory.getLogger(UnlistedSymbols.class);

  /**
   * Deals with symbols that an exchange has never listed.
   *
   * @param exchange the id of the exchange
   * @param explanation which symbols, and which are near
   * @param report reports an instrument of the name of each symbol
   * @throws FatalFeedException with the explanation, for {@link #FAIL}
   */
  public void handle(
      String exchange, String explanation, List<String> symbols, Consumer<Instrument> report) {
    if (this == FAIL) {
      throw new FatalFeedException(explanation);
    }
    LOG.warn("exchange={} {}", exchange, explanation);
    symbols.forEach(symbol -> report.accept(NormalisedSymbol.unlisted(exchange, symbol)));
  }

  /** The lower-case name used in configurations. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }
}
