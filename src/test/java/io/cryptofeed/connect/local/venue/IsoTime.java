package io.cryptofeed.connect.local.venue;

import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;

/** Writes times as {@code 2026-08-25T03:35:57.198335Z}; the text of each second is made once. */
public final class IsoTime {

  private static final DateTimeFormatter SECOND =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss");

  private long second = Long.MIN_VALUE;
  private byte[] prefix = {};

  public void put(JsonBytes json, long micros) {
    long whole = micros / 1_000_000;
    if (whole != second) {
      second = whole;
      JsonBytes text = new JsonBytes();
      text.put(SECOND.format(LocalDateTime.ofEpochSecond(whole, 0, ZoneOffset.UTC)));
      prefix = Arrays.copyOf(text.bytes(), text.length());
    }
    json.put(prefix).put('.').putPadded(micros % 1_000_000, 6).put('Z');
  }
}
