package io.cryptofeed.connect.local.venue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** A buffer for JSON in UTF-8 that is written without allocation and reused for each message. */
public final class JsonBytes {

  private byte[] bytes = new byte[512];
  private int length;

  public JsonBytes clear() {
    length = 0;
    return this;
  }

  public byte[] bytes() {
    return bytes;
  }

  public int length() {
    return length;
  }

  public JsonBytes put(String text) {
    return put(text.getBytes(StandardCharsets.UTF_8));
  }

  public JsonBytes put(byte[] text) {
    return put(text, text.length);
  }

  public JsonBytes put(JsonBytes text) {
    return put(text.bytes, text.length);
  }

  public JsonBytes put(char ascii) {
    room(1);
    bytes[length++] = (byte) ascii;
    return this;
  }

  public JsonBytes putLong(long value) {
    if (value < 0) {
      put('-');
    }
    return putDigits(Math.abs(value), 1);
  }

  /** Writes {@code unscaled × 10^-scale} with exactly {@code scale} decimal places. */
  public JsonBytes putDecimal(long unscaled, int scale) {
    long unit = 1;
    for (int i = 0; i < scale; i++) {
      unit *= 10;
    }
    putDigits(unscaled / unit, 1);
    if (scale > 0) {
      put('.');
      putDigits(unscaled % unit, scale);
    }
    return this;
  }

  /** Writes {@code unscaled × 10^-scale} without trailing zeros. */
  public JsonBytes putShortDecimal(long unscaled, int scale) {
    long digits = unscaled;
    int places = scale;
    while (places > 0 && digits % 10 == 0) {
      digits /= 10;
      places--;
    }
    return putDecimal(digits, places);
  }

  /** Writes a number with leading zeros. */
  public JsonBytes putPadded(long value, int digits) {
    return putDigits(value, digits);
  }

  private JsonBytes putDigits(long value, int atLeast) {
    int digits = 1;
    for (long rest = value / 10; rest > 0; rest /= 10) {
      digits++;
    }
    digits = Math.max(digits, atLeast);
    room(digits);
    long rest = value;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  private JsonBytes put(byte[] text, int count) {
    room(count);
    System.arraycopy(text, 0, bytes, length, count);
    length += count;
    return this;
  }

  private void room(int more) {
    if (length + more > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + more));
    }
  }

  @Override
  public String toString() {
    return new String(bytes, 0, length, StandardCharsets.UTF_8);
  }
}
