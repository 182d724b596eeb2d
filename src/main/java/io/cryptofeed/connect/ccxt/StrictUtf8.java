package io.cryptofeed.connect.ccxt;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Text of the network for a script. Java replaces what is not UTF-8, which would change symbols.
 */
final class StrictUtf8 {

  private static final char REPLACEMENT = '\uFFFD';

  private StrictUtf8() {}

  /**
   * Decodes a part of a buffer.
   *
   * @throws CharacterCodingException if it is not valid UTF-8
   */
  static String decode(byte[] buffer, int offset, int length) throws CharacterCodingException {
    String text = new String(buffer, offset, length, StandardCharsets.UTF_8);
    return text.indexOf(REPLACEMENT) < 0
        ? text
        : StandardCharsets.UTF_8
            .newDecoder()
            .decode(ByteBuffer.wrap(buffer, offset, length))
            .toString();
  }
}
