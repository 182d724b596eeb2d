package io.cryptofeed.connect.config;

import io.cryptofeed.connect.market.SymbolPattern;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Normalised symbols as users write them: {@code BTC-USDT}, {@code BTC-USDT-PERP}. */
final class Symbols {

  private static final Pattern NORMALISED =
      Pattern.compile("[^\\s\\p{Cntrl}/:,;=-]+(?:-[^\\s\\p{Cntrl}/:,;=-]+)+");
  private static final Pattern OTHER_SEPARATOR = Pattern.compile("[/_:]");

  private Symbols() {}

  /**
   * Upper case, each once, in the order in which they are written; without those that match a
   * pattern among them, which would otherwise be streamed twice.
   */
  static List<String> normalise(Collection<String> written) {
    LinkedHashSet<String> symbols = new LinkedHashSet<>();
    for (String symbol : written) {
      symbols.add(symbol.toUpperCase(Locale.ROOT));
    }
    List<SymbolPattern> patterns =
        symbols.stream().filter(SymbolPattern::isPattern).map(SymbolPattern::parse).toList();
    symbols.removeIf(
        symbol ->
            !SymbolPattern.isPattern(symbol)
                && patterns.stream().anyMatch(pattern -> pattern.matches(symbol)));
    return List.copyOf(symbols);
  }

  /** What is wrong with a symbol; empty when it can be resolved. */
  static Optional<String> fault(String symbol) {
    if (symbol.isEmpty()) {
      return Optional.of("an empty value between two commas");
    }
    if (symbol.equals("*") || NORMALISED.matcher(symbol).matches()) {
      return Optional.empty();
    }
    String dashed = OTHER_SEPARATOR.matcher(symbol).replaceAll("-").toUpperCase(Locale.ROOT);
    return Optional.of(
        NORMALISED.matcher(dashed).matches()
            ? "'%s' is written '%s' for every exchange".formatted(symbol, dashed)
            : "'%s' is not a normalised symbol: write base and quote with a dash, such as BTC-USDT, for every exchange"
                .formatted(symbol));
  }
}
