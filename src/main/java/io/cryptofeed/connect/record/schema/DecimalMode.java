package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.DecimalLimits;
import java.util.Locale;
import java.util.Optional;

/** How prices and sizes are written: {@code decimal.mode}. */
public enum DecimalMode {
  /**
   * Connect's {@code Decimal} of scale 18 and precision 38: exact, and read by every SQL engine.
   */
  PRECISE(DecimalLimits.PRECISE),
  /** The exchange's own digits as text, trailing zeros kept. */
  STRING(new DecimalLimits(100, 100)),
  /** A 64-bit floating-point number: compact, and not exact. */
  DOUBLE(new DecimalLimits(308, 1_000));

  private final String code = name().toLowerCase(Locale.ROOT);
  private final DecimalLimits limits;

  DecimalMode(DecimalLimits limits) {
    this.limits = limits;
  }

  /** What a number may have to be written in this mode. */
  public DecimalLimits limits() {
    return limits;
  }

  /** The lower-case name used in the configuration. */
  public String code() {
    return code;
  }

  /** Finds a mode by its name in any case. */
  public static Optional<DecimalMode> parse(String text) {
    String wanted = text.trim().toLowerCase(Locale.ROOT);
    for (DecimalMode mode : values()) {
      if (mode.code.equals(wanted)) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
