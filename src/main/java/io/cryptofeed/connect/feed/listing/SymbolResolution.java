package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.SymbolPattern;
import io.cryptofeed.connect.market.TradingState;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds the instruments that the configured symbols name.
 *
 * @param found the instruments, in the order of the symbols, except those that have ended
 * @param named the keys of those that are named by a symbol of their own, rather than by a pattern
 * @param missing the symbols that the exchange does not list, or lists as ended
 * @param listed all instruments of the exchange, by normalised symbol in upper case
 */
public record SymbolResolution(
    List<Instrument> found,
    Set<String> named,
    List<String> missing,
    Map<String, Instrument> listed) {

  /**
   * @param symbols normalised symbols in upper case, and patterns
   * @param instruments all instruments that the exchange lists
   */
  public static SymbolResolution of(List<String> symbols, List<Instrument> instruments) {
    Map<String, Instrument> listed = new HashMap<>();
    for (Instrument instrument : instruments) {
      listed.merge(
          instrument.symbol().toUpperCase(Locale.ROOT), instrument, SymbolResolution::meant);
    }
    Set<Instrument> found = new LinkedHashSet<>();
    Set<String> named = new HashSet<>();
    List<String> missing = new ArrayList<>();
    for (String symbol : symbols) {
      Instrument instrument = listed.get(symbol);
      if (SymbolPattern.isPattern(symbol)) {
        SymbolPattern pattern = SymbolPattern.parse(symbol);
        instruments.stream()
            .filter(each -> each.state() != TradingState.ENDED && pattern.takes(each.symbol()))
            .filter(each -> each.equals(listed.get(each.symbol().toUpperCase(Locale.ROOT))))
            .forEach(found::add);
      } else if (instrument == null || instrument.state() == TradingState.ENDED) {
        missing.add(symbol);
      } else {
        found.add(instrument);
        named.add(instrument.key());
      }
    }
    return new SymbolResolution(
        List.copyOf(found), Set.copyOf(named), List.copyOf(missing), listed);
  }

  /**
   * Which of two instruments with the same symbol is meant. Venues keep delisted instruments in
   * their lists; and the name of a share may be that of a crypto asset, which is meant.
   */
  private static Instrument meant(Instrument one, Instrument other) {
    int worse = one.state().compareTo(other.state());
    if (worse != 0) {
      return worse < 0 ? one : other;
    }
    return one.assetClass() != null && other.assetClass() == null ? other : one;
  }

  /**
   * Whether a symbol of its own names an instrument, so that it is streamed though it is halted.
   */
  boolean isNamed(Instrument instrument) {
    return named.contains(instrument.key());
  }

  /** The instrument as it is listed now, null if it is not. */
  @Nullable Instrument listedAs(Instrument instrument) {
    Instrument now = listed.get(instrument.symbol().toUpperCase(Locale.ROOT));
    return now == null || !now.key().equals(instrument.key()) ? null : now;
  }

  /** The same resolution with some of the missing symbols. */
  SymbolResolution withMissing(List<String> some) {
    return new SymbolResolution(found, named, List.copyOf(some), listed);
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
      text.append(i == 0 ? "" : "; ").append("exchange '").append(exchange);
      if (listed.containsKey(symbol)) {
        text.append("' lists '").append(symbol).append("' as delisted or expired");
        continue;
      }
      List<String> near = Nearest.to(symbol, listed.keySet(), 3);
      text.append("' does not list '")
          .append(symbol)
          .append('\'')
          .append(near.isEmpty() ? "" : " (nearest: " + String.join(", ", near) + ")");
    }
    return text.append(". Correct or remove the symbol.").toString();
  }
}
