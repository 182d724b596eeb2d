package io.cryptofeed.connect.market;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Builds the symbol by which users know an instrument, the same for every exchange: {@code
 * BTC-USDT}, {@code BTC-USDT-PERP}, {@code BTC-USD-25H28}.
 */
public final class NormalisedSymbol {

  /** The letter of each month in the symbol of a future. */
  private static final String MONTHS = "FGHJKMNQUVXZ";

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
