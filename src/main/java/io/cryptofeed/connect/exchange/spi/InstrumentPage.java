package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of one of a venue's lists of instruments.
 *
 * @param instruments the instruments on the page
 * @param next the request for the next page, null on the last page
 */
public record InstrumentPage(List<Instrument> instruments, @Nullable InstrumentRequest next) {

  /** Copies the list. */
  public InstrumentPage {
    instruments = List.copyOf(instruments);
  }
}
