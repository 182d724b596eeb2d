package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.SymbolPattern;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Finds the instruments that the configured symbols name.
 *
 * @param found the instruments, in the order of the symbols; a pattern finds only those that are
 *     traded now
 * @param missing the symbols that the exchange does not list
 * @param listed all instruments of the exchange, by normalised symbol in upper case
 */
public record SymbolResolution(
    List<Instrument> found, List<String> missing, Map<String, Instrument> listed) {

  /**
   * @param symbols normalised symbols in upper case, and patterns
   * @param instruments all instruments that the exchange lists
   */
  public static SymbolResolution of(List<String> symbols, List<Instrument> instruments) {
    Map<String, Instrument> listed = new HashMap<>();
    for (Instrument instrument : instruments) {
      // Venues keep delisted instruments of the same symbol in their lists: the active one is
      // meant.
      listed.merge(
          instrument.symbol().toUpperCase(Locale.ROOT),
          instrument,
          (one, other) -> one.active() ? one : other);
    }
    Set<Instrument> found = new LinkedHashSet<>();
    List<String> missing = new ArrayList<>();
    for (String symbol : symbols) {
      Instrument instrument = listed.get(symbol);
      if (SymbolPattern.isPattern(symbol)) {
        SymbolPattern pattern = SymbolPattern.parse(symbol);
        instruments.stream()
            .filter(each -> each.active() && pattern.takes(each.symbol()))
            .filter(each -> each.equals(listed.get(each.symbol().toUpperCase(Locale.ROOT))))
            .forEach(found::add);
      } else if (instrument == null) {
        missing.add(symbol);
      } else {
        found.add(instrument);
      }
    }
    return new SymbolResolution(List.copyOf(found), List.copyOf(missing), listed);
  }

  /**
   * The error message for symbols that are not listed, with the nearest symbols that are.
   *
   * @param property the configuration property that names the symbols
   */
  public String explain(String exchange, String property, List<String> unknown) {
    StringBuilder text = new StringBuilder(property).append(": ");
    for (int i = 0; i < unknown.size(); i++) {
      String symbol = unknown.get(i);
      List<String> near = Nearest.to(symbol, listed.keySet(), 3);
      text.append(i == 0 ? "" : "; ")
          .append("exchange '")
          .append(exchange)
          .append("' does not list '")
          .append(symbol)
          .append('\'')
          .append(near.isEmpty() ? "" : " (nearest: " + String.join(", ", near) + ")");
    }
    return text.append(". Correct or remove the symbol.").toString();
  }
}
