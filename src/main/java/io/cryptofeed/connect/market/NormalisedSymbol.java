package io.cryptofeed.connect.market;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Builds the symbol by which users know an instrument, the same for every exchange: {@code
 * BTC-USDT}, {@code BTC-USDT-PERP}, {@code BTC-USD-25H28}.
 */
public final class NormalisedSymbol {

  /** The letter of each month in the symbol of a future. */
  private static final String MONTHS = "FGHJKMNQUVXZ";

  private static final Pattern DATE = Pattern.compile("[0-9]{2}[" + MONTHS + "][0-9]{2}");

  private NormalisedSymbol() {}

  /**
   * The normalised symbol.
   *
   * @param base the base asset: {@code BTC}
   * @param quote the quote asset: {@code USDT}
   * @param expiry when a future expires, in UTC; null if that is unknown or it does not expire
   * @return null for a future of unknown expiry, and for an option
   */
  public static @Nullable String of(
      MarketType marketType, String base, String quote, @Nullable Instant expiry) {
    String pair = base + '-' + quote;
    return switch (marketType) {
      case SPOT -> pair;
      case PERPETUAL -> pair + "-PERP";
      case FUTURE -> expiry == null ? null : pair + '-' + date(expiry);
      case OPTION -> null;
    };
  }

  /** The market type of an instrument, by the form of its normalised symbol. */
  public static MarketType marketType(String symbol) {
    String[] parts = symbol.toUpperCase(Locale.ROOT).split("-", -1);
    String last = parts[parts.length - 1];
    if (parts.length < 3) {
      return MarketType.SPOT;
    }
    return last.equals("PERP")
        ? MarketType.PERPETUAL
        : DATE.matcher(last).matches() ? MarketType.FUTURE : MarketType.SPOT;
  }

  /**
   * An instrument of which only the normalised symbol is known, because the exchange does not list
   * it. Its exchange symbol is the normalised symbol.
   */
  public static Instrument unlisted(String exchange, String symbol) {
    String[] parts = symbol.split("-", 3);
    return new Instrument(
        exchange,
        marketType(symbol),
        symbol,
        symbol,
        parts[0],
        parts.length < 2 ? "" : parts[1],
        null,
        null,
        false);
  }

  /** Year, month letter and day: {@code 24Z27}. */
  private static String date(Instant expiry) {
    OffsetDateTime time = expiry.atOffset(ZoneOffset.UTC);
    return String.format(
        Locale.ROOT,
        "%02d%c%02d",
        time.getYear() % 100,
        MONTHS.charAt(time.getMonthValue() - 1),
        time.getDayOfMonth());
  }
}
