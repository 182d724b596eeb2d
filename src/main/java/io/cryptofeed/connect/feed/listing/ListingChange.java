package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.TradingState;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The difference between the instruments that are streamed and a new list of instruments.
 *
 * @param gone the instruments that are not to be streamed any more
 * @param added the instruments that are to be streamed from now on
 * @param halted the streamed instruments that are listed, but not traded now
 * @param trading the streamed instruments that are traded
 */
public record ListingChange(
    List<Gone> gone, List<Instrument> added, List<Instrument> halted, List<Instrument> trading) {

  /**
   * An instrument that is not to be streamed any more.
   *
   * @param reason for people
   */
  public record Gone(Instrument instrument, String reason) {}

  /**
   * @param listing the new list
   * @param resolution the instruments of the new list that the configured symbols name
   * @param streamed the instruments that are streamed
   */
  public static ListingChange of(
      Listing listing, SymbolResolution resolution, Collection<Instrument> streamed) {
    Map<String, Instrument> listed = new HashMap<>();
    listing.instruments().forEach(instrument -> listed.put(identity(instrument), instrument));
    Set<String> kept = new HashSet<>();
    List<Gone> gone = new ArrayList<>();
    List<Instrument> halted = new ArrayList<>();
    List<Instrument> trading = new ArrayList<>();
    for (Instrument instrument : streamed) {
      Instrument now = listed.get(identity(instrument));
      if (now == null || now.state() == TradingState.ENDED) {
        now = resolution.listedAs(instrument); // Another instrument may have its symbol now.
      }
      if (now == null && !listing.excludes(instrument)) {
        kept.add(instrument.key());
      } else if (now == null || now.state() == TradingState.ENDED) {
        gone.add(new Gone(instrument, "the exchange does not list or trade it any more"));
      } else if (!instrument.isStreamedAs(now)) {
        gone.add(
            new Gone(
                instrument, "the exchange lists it under another symbol or with another contract"));
      } else {
        kept.add(instrument.key());
        (now.state() == TradingState.HALTED ? halted : trading).add(instrument);
      }
    }
    List<Instrument> added =
        resolution.found().stream()
            .filter(instrument -> instrument.state() == TradingState.TRADING)
            .filter(instrument -> !kept.contains(instrument.key()))
            .toList();
    return new ListingChange(List.copyOf(gone), added, List.copyOf(halted), List.copyOf(trading));
  }

  private static String identity(Instrument instrument) {
    return instrument.key() + ' ' + instrument.exchangeSymbol();
  }
}
