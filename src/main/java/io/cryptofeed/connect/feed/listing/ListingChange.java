package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.market.Instrument;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The difference between the instruments that are streamed and a new list of instruments.
 *
 * @param gone the instruments that are not to be streamed any more
 * @param added the instruments that are to be streamed from now on
 */
public record ListingChange(List<Gone> gone, List<Instrument> added) {

  /**
   * An instrument that is not to be streamed any more.
   *
   * @param reason for people
   */
  public record Gone(Instrument instrument, String reason) {}

  /**
   * @param found the instruments of the new list that the configured symbols name
   * @param streamed the instruments that are streamed
   */
  public static ListingChange of(Collection<Instrument> found, Collection<Instrument> streamed) {
    Map<String, Instrument> wanted = new LinkedHashMap<>();
    found.forEach(instrument -> wanted.put(instrument.key(), instrument));
    Set<String> kept = new HashSet<>();
    List<Gone> gone = new ArrayList<>();
    for (Instrument instrument : streamed) {
      Instrument now = wanted.get(instrument.key());
      boolean delisted = now == null || (instrument.active() && !now.active());
      if (now == null || delisted || !isSame(instrument, now)) {
        gone.add(
            new Gone(
                instrument,
                delisted
                    ? "the exchange does not list or trade it any more"
                    : "the exchange lists it under another symbol or with another contract"));
      } else {
        kept.add(instrument.key());
      }
    }
    List<Instrument> added =
        wanted.values().stream()
            .filter(instrument -> instrument.active() && !kept.contains(instrument.key()))
            .toList();
    return new ListingChange(List.copyOf(gone), added);
  }

  /** Whether a stream of one can go on with the other. */
  private static boolean isSame(Instrument one, Instrument other) {
    return one.exchangeSymbol().equals(other.exchangeSymbol())
        && one.sizeUnit() == other.sizeUnit()
        && Objects.equals(one.contractSize(), other.contractSize());
  }
}
