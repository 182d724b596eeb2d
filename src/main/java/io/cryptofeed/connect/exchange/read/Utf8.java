package io.cryptofeed.connect.exchange.read;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Whether bytes are UTF-8 as RFC 3629 defines it: no overlong forms, no surrogates, nothing beyond
 * U+10FFFF. Most messages are ASCII, which is found eight bytes at a time.
 */
final class Utf8 {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

  private static final long NOT_ASCII = 0x8080808080808080L;

  private Utf8() {}

  /** Whether a part of a buffer is valid UTF-8, from its first byte to its last. */
  static boolean isValid(byte[] buffer, int offset, int length) {
    int end = offset + length;
    int at = offset;
    while (at + Long.BYTES <= end && ((long) LONGS.get(buffer, at) & NOT_ASCII) == 0) {
      at += Long.BYTES;
    }
    while (at < end) {
      int first = buffer[at];
      int bytes = first >= 0 ? 1 : characterBytes(buffer, at, end);
      if (bytes == 0) {
        return false;
      }
      at += bytes;
    }
    return true;
  }

  /** The length of the character of more than one byte that begins here; 0 if it is not valid. */
  private static int characterBytes(byte[] buffer, int at, int end) {
    int first = buffer[at] & 0xff;
    int bytes = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (bytes == 0 || at + bytes > end) {
      return 0;
    }
    int second = buffer[at + 1] & 0xff;
    int least = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    int most = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;
    if (second < least || second > most) {
      return 0;
    }
    for (int i = 2; i < bytes; i++) {
      if ((buffer[at + i] & 0xc0) != 0x80) {
        return 0;
      }
    }
    return bytes;
  }
}
