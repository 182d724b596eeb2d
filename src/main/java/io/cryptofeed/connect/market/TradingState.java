package io.cryptofeed.connect.market;

import java.util.Locale;

/** Whether an instrument is traded now, from the best state to the worst. */
public enum TradingState {
  /** Trades happen, possibly with restrictions on new orders. */
  TRADING,
  /** No trades happen for now: it is interrupted, or has not begun yet. */
  HALTED,
  /** It was delisted, or has expired: no trade will happen any more. */
  ENDED;

  /** The lower-case name used in profiles. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The worse of two states. */
  public TradingState or(TradingState other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
