package io.cryptofeed.connect.exchange.spi;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One page of one of a venue's lists of instruments.
 *
 * @param instruments the instruments on the page
 * @param rows how many rows the page has, those of other kinds of instruments included
 * @param unusable the rows that should be instruments, but cannot be used
 * @param unknownStates the words for the state of an instrument that the profile does not know,
 *     each once; such an instrument counts as traded
 * @param next the request for the next page, null on the last page
 */
public record InstrumentPage(
    List<Instrument> instruments,
    int rows,
    List<UnusableRow> unusable,
    Set<String> unknownStates,
    @Nullable InstrumentRequest next) {

  /** Copies the lists. */
  public InstrumentPage {
    instruments = List.copyOf(instruments);
    unusable = List.copyOf(unusable);
    unknownStates = Set.copyOf(unknownStates);
  }

  /**
   * A row that cannot be used.
   *
   * @param symbol the venue's symbol, empty if that cannot be read either
   * @param row the beginning of the row
   * @param problem what is wrong: {@code has no base asset}
   */
  public record UnusableRow(String symbol, String row, String problem) {}
}
