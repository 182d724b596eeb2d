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
 * What a new list of instruments means for those that are streamed.
 *
 * @param gone what is not to be streamed any more
 * @param added what is to be streamed from now on
 */
public record ListingChange(List<Gone> gone, List<Instrument> added) {

  /**
   * An instrument that is not to be streamed any more.
   *
   * @param reason for people
   */
  public record Gone(Instrument instrument, String reason) {}

  /**
   * @param found what the configured symbols name in the new list
   * @param streamed what is streamed
   */
  public static ListingChange of(Collection<Instrument> found, Collection<Instrument> streamed) {
    Map<String, Instrument> wanted = new LinkedHashMap<>();
    found.forEach(instrument -> wanted.put(instrument.key(), instrument));
    Set<String> kept = new HashSet<>();
    List<Gone> gone = new ArrayList<>();
    for (Instrument instrument : streamed) {
      Instrument now = wanted.get(instrument.key());
      boolean goes = now == null || (instrument.active() && !now.active());
      if (now == null || goes || !isSame(instrument, now)) {
        gone.add(
            new Gone(
                instrument,
                goes
                    ? "the exchange does not list it any more, or does not trade it"
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

  /** What a stream needs to know of its instrument is what it was. */
  private static boolean isSame(Instrument one, Instrument other) {
    return one.exchangeSymbol().equals(other.exchangeSymbol())
        && one.sizeUnit() == other.sizeUnit()
        && Objects.equals(one.contractSize(), other.contractSize());
  }
}
