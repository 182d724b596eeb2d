package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.DecimalText;
import java.math.BigDecimal;

/**
 * Prices and sizes of one side of a book, as text: {@code 64000.5,0.25,64001,0}. Immutable.
 *
 * <p>A number is the text that the exchange sent if CCXT kept it. If CCXT calculates with the
 * number, it is the shortest text of a double, with 15 to 17 digits.
 */
public final class CcxtLevels {

  private final String joined;

  /**
   * @param joined price and size in turn, separated by commas; empty for no level
   */
  public CcxtLevels(String joined) {
    this.joined = joined;
  }

  /** Takes one level. */
  public interface Taker {
    void level(BigDecimal price, BigDecimal size);
  }

  /**
   * Calls the taker for each level, in the order in which the levels changed.
   *
   * @throws NumberFormatException if a price or a size is not a number
   */
  public void forEach(Taker taker) {
    int start = 0;
    while (start < joined.length()) {
      int comma = joined.indexOf(',', start);
      int next = comma < 0 ? -1 : joined.indexOf(',', comma + 1);
      int end = next < 0 ? joined.length() : next;
      if (comma < 0) {
        throw new NumberFormatException("a level without a size: " + joined.substring(start));
      }
      taker.level(
          DecimalText.parse(joined.substring(start, comma)),
          DecimalText.parse(joined.substring(comma + 1, end)));
      start = end + 1;
    }
  }

  /** Whether there is no level. */
  public boolean isEmpty() {
    return joined.isEmpty();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CcxtLevels levels && levels.joined.equals(joined);
  }

  @Override
  public int hashCode() {
    return joined.hashCode();
  }

  /** The text that CCXT gave. */
  @Override
  public String toString() {
    return joined;
  }
}
