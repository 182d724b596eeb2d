package io.cryptofeed.connect.book;

import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.book.BookRules.ChecksumRule.Form;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.zip.CRC32;

/** Computes checksums of books without a text for each number. Used by one thread. */
final class BookChecksum {

  private static final int LONGEST_LONG = 20;

  private final ChecksumRule rule;
  private final CRC32 crc = new CRC32();
  private final byte[] digits = new byte[LONGEST_LONG];
  private byte[] text = new byte[1024];
  private int length;

  BookChecksum(ChecksumRule rule) {
    this.rule = rule;
  }

  /** Whether the venue's value, signed or unsigned, is the checksum of this book. */
  boolean matches(long value, BookSide bids, BookSide asks) {
    boolean fits = value >= Integer.MIN_VALUE && value <= 0xFFFF_FFFFL;
    return fits && (int) value == compute(bids, asks);
  }

  /** The checksum, as 32 bits. */
  int compute(BookSide bids, BookSide asks) {
    length = 0;
    if (rule.form() == Form.DIGITS) {
      for (int i = 0; i < Math.min(rule.levels(), asks.count()); i++) {
        level(asks, i);
      }
      for (int i = 0; i < Math.min(rule.levels(), bids.count()); i++) {
        level(bids, i);
      }
    } else {
      for (int i = 0; i < rule.levels(); i++) {
        if (i < bids.count()) {
          level(bids, i);
        }
        if (i < asks.count()) {
          level(asks, i);
        }
      }
      length = Math.max(0, length - 1);
    }
    crc.reset();
    crc.update(text, 0, length);
    return (int) crc.getValue();
  }

  private void level(BookSide side, int fromBest) {
    if (side.isPriceWide(fromBest)) {
      wide(side.price(fromBest));
    } else {
      number(side.unscaledPrice(fromBest), side.priceScale(fromBest));
    }
    if (side.isSizeWide(fromBest)) {
      wide(side.size(fromBest));
    } else {
      number(side.unscaledSize(fromBest), side.sizeScale(fromBest));
    }
  }

  private void number(long unscaled, int scale) {
    boolean plain = rule.form() == Form.INTERLEAVED;
    int from = LONGEST_LONG;
    long rest = unscaled;
    do {
      digits[--from] = (byte) ('0' + rest % 10);
      rest /= 10;
    } while (rest > 0);
    int count = LONGEST_LONG - from;
    if (length + count + scale + 3 > text.length) {
      text = Arrays.copyOf(text, text.length * 2);
    }
    if (!plain) {
      System.arraycopy(digits, from, text, length, count);
      length += count;
      return;
    }
    int whole = count - scale;
    if (whole <= 0) {
      text[length++] = '0';
    } else {
      System.arraycopy(digits, from, text, length, whole);
      length += whole;
    }
    if (scale > 0) {
      text[length++] = '.';
      for (int zeros = whole; zeros < 0; zeros++) {
        text[length++] = '0';
      }
      int fraction = Math.min(count, scale);
      System.arraycopy(digits, LONGEST_LONG - fraction, text, length, fraction);
      length += fraction;
    }
    text[length++] = ':';
  }

  private void wide(BigDecimal value) {
    String written =
        rule.form() == Form.DIGITS ? value.unscaledValue().toString() : value.toPlainString() + ':';
    if (length + written.length() > text.length) {
      text = Arrays.copyOf(text, text.length * 2 + written.length());
    }
    for (int i = 0; i < written.length(); i++) {
      text[length++] = (byte) written.charAt(i);
    }
  }
}
