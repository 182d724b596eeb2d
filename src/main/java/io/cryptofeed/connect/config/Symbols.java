package io.cryptofeed.connect.config;

import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.NormalisedSymbol;
import io.cryptofeed.connect.market.SymbolPattern;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Normalised symbols as users write them: {@code BTC-USDT}, {@code BTC-USDT-PERP}. */
final class Symbols {

  private static final int LONGEST = 100;
  private static final int MAX_QUOTED = 20;

  private static final Pattern NORMALISED =
      Pattern.compile("[^\\s\\p{Cntrl}/:,;=-]+(?:-[^\\s\\p{Cntrl}/:,;=-]+)+");
  private static final Pattern OTHER_SEPARATOR = Pattern.compile("[/_:.]");

  /** CCXT's form of a contract: the pair, the asset it is settled in, and the day of its end. */
  private static final Pattern CCXT = Pattern.compile("([^/:]+)/([^/:]+):[^/:-]+(?:-([0-9]{6}))?");

  private static final Pattern DAY =
      Pattern.compile("(?:20)?([0-9]{2})(0[1-9]|1[0-2])([0-3][0-9])");
  private static final Pattern NAMED_DAY = Pattern.compile("([0-3]?[0-9])([A-Z]{3})([0-9]{2})");
  private static final List<String> MONTHS =
      List.of("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC");

  private static final Set<String> PERPETUAL =
      Set.of("PERP", "SWAP", "PERPETUAL", "PERPS", "SWAPS", "P");

  /** Bitcoin and Dogecoin as some exchanges name them, but this connector does not. */
  private static final Map<String, String> OLD_NAMES = Map.of("XBT", "BTC", "XDG", "DOGE");

  /** The usual quote assets, the longest first. */
  private static final List<String> QUOTES =
      List.of("FDUSD", "USDT", "USDC", "USD", "EUR", "GBP", "TRY", "BTC", "ETH", "BNB");

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
    if (symbol.length() > LONGEST) {
      return Optional.of(
          "'%s…' has %d characters, a symbol has at most %d"
              .formatted(symbol.substring(0, MAX_QUOTED), symbol.length(), LONGEST));
    }
    String meant = meant(symbol);
    String[] parts = meant.split("-", -1);
    if (parts.length == 2 && parts[0].indexOf('*') < 0 && !contract(parts[1]).isEmpty()) {
      return Optional.of(
          "'%s' is not a normalised symbol: it has no quote asset; write it as in %s-USDT-%s"
              .formatted(symbol, name(parts[0]), contract(parts[1])));
    }
    if (meant.equalsIgnoreCase(symbol)
        && (symbol.equals("*") || NORMALISED.matcher(symbol).matches())) {
      return Optional.empty();
    }
    if (NORMALISED.matcher(meant).matches() && isSeparated(symbol)) {
      return Optional.of("'%s' is written '%s' for every exchange".formatted(symbol, meant));
    }
    return Optional.of(
        "'%s' is not a normalised symbol: write base and quote with a dash, such as %s, for every exchange"
            .formatted(symbol, NORMALISED.matcher(meant).matches() ? meant : "BTC-USDT"));
  }

  private static boolean isSeparated(String symbol) {
    return symbol.indexOf('-') >= 0 || OTHER_SEPARATOR.matcher(symbol).find();
  }

  /** The normalised symbol that is probably meant; if that is not clear, the symbol itself. */
  private static String meant(String symbol) {
    String text = symbol.toUpperCase(Locale.ROOT);
    Matcher ccxt = CCXT.matcher(text);
    if (ccxt.matches()) {
      String day = ccxt.group(3);
      return contract(ccxt.group(1), ccxt.group(2), day == null ? "PERP" : day);
    }
    if (!NORMALISED.matcher(text).matches()) {
      String dashed = OTHER_SEPARATOR.matcher(text).replaceAll("-");
      text = NORMALISED.matcher(dashed).matches() ? dashed : text;
    }
    String[] parts = text.split("-", -1);
    String last = parts[parts.length - 1];
    boolean namesContract = parts.length > 1 && !contract(last).isEmpty();
    if (parts.length == 1 || (parts.length == 2 && namesContract)) {
      String pair = split(parts[0]);
      return pair.isEmpty() ? text : parts.length == 1 ? pair : pair + '-' + contract(last);
    }
    if (parts.length == 2) {
      return name(parts[0]) + '-' + name(parts[1]);
    }
    if (parts.length == 3 && last.equals("SPOT")) {
      return name(parts[0]) + '-' + name(parts[1]);
    }
    return parts.length == 3 && namesContract ? contract(parts[0], parts[1], last) : text;
  }

  private static String contract(String base, String quote, String contract) {
    String written = contract(contract);
    return name(base) + '-' + name(quote) + '-' + (written.isEmpty() ? contract : written);
  }

  /** The end of the symbol of a contract; empty if the text does not name one. */
  private static String contract(String text) {
    if (PERPETUAL.contains(text)) {
      return "PERP";
    }
    Matcher day = DAY.matcher(text);
    Matcher named = NAMED_DAY.matcher(text);
    if (day.matches()) {
      return date(day.group(1), Integer.parseInt(day.group(2)), day.group(3));
    }
    return named.matches() && MONTHS.contains(named.group(2))
        ? date(named.group(3), MONTHS.indexOf(named.group(2)) + 1, named.group(1))
        : "";
  }

  private static String date(String year, int month, String day) {
    try {
      LocalDate date = LocalDate.of(2000 + Integer.parseInt(year), month, Integer.parseInt(day));
      String symbol =
          NormalisedSymbol.of(
              MarketType.FUTURE, "B", "Q", date.atStartOfDay().toInstant(ZoneOffset.UTC));
      return symbol == null ? "" : symbol.substring("B-Q-".length());
    } catch (DateTimeException e) {
      return "";
    }
  }

  /** The pair of a text without a separator; empty if it does not end in a usual quote asset. */
  private static String split(String text) {
    return QUOTES.stream()
        .filter(quote -> text.endsWith(quote) && text.length() > quote.length() + 1)
        .findFirst()
        .map(quote -> name(text.substring(0, text.length() - quote.length())) + '-' + quote)
        .orElse("");
  }

  private static String name(String asset) {
    return OLD_NAMES.getOrDefault(asset, asset);
  }

  /** The market types of the instruments that a symbol or a pattern can name. */
  static Set<MarketType> marketTypes(String symbol) {
    String last = symbol.substring(symbol.lastIndexOf('-') + 1);
    return last.indexOf('*') >= 0
        ? EnumSet.allOf(MarketType.class)
        // A star may stand for a pair.
        : EnumSet.of(NormalisedSymbol.marketType(symbol.replace("*", "*-*")));
  }
}
