package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.market.Instrument;
import java.util.List;
import java.util.Set;

/**
 * What an exchange lists.
 *
 * @param instruments all instruments that could be read
 * @param unreadable the exchange's symbols of listed instruments that could not be read
 * @param complete false if one of the exchange's lists is missing, so that an instrument which is
 *     absent here may be listed
 */
public record Listing(List<Instrument> instruments, Set<String> unreadable, boolean complete) {

  /** Copies the lists. */
  public Listing {
    instruments = List.copyOf(instruments);
    unreadable = Set.copyOf(unreadable);
  }

  /** All that an exchange lists. */
  public static Listing of(List<Instrument> instruments) {
    return new Listing(instruments, Set.of(), true);
  }

  /** Whether an instrument that is absent here is known not to be listed any more. */
  boolean excludes(Instrument absent) {
    return complete && !unreadable.contains(absent.exchangeSymbol());
  }
}
