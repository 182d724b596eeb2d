package io.cryptofeed.connect.ccxt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * How an exchange compresses its binary messages. Done here because a script takes four times as
 * long for it.
 */
final class CompressedText {

  /** Not compressed. */
  static final CompressedText NONE = new CompressedText(false, 0);

  private final boolean gzip;
  private final int mostBytes;

  private CompressedText(boolean gzip, int mostBytes) {
    this.gzip = gzip;
    this.mostBytes = mostBytes;
  }

  /**
   * @param how {@code gzip}, {@code raw} (deflate without a head), or empty
   * @param mostBytes of a message, unpacked
   */
  static CompressedText of(String how, int mostBytes) {
    return switch (how) {
      case "" -> NONE;
      case "gzip" -> new CompressedText(true, mostBytes);
      case "raw" -> new CompressedText(false, mostBytes);
      default -> throw new IllegalArgumentException("no compression is named " + how);
    };
  }

  /**
   * The text of a message.
   *
   * @throws IOException when it is not compressed as agreed, or too long
   */
  String unpack(byte[] buffer, int offset, int length) throws IOException {
    InputStream packed = new ByteArrayInputStream(buffer, offset, length);
    Inflater inflater = new Inflater(true);
    try (InputStream in =
        gzip ? new GZIPInputStream(packed) : new InflaterInputStream(packed, inflater)) {
      byte[] text = in.readNBytes(mostBytes + 1);
      if (text.length > mostBytes) {
        throw new IOException("it has more than " + mostBytes + " bytes");
      }
      return new String(text, StandardCharsets.UTF_8);
    } finally {
      inflater.end();
    }
  }
}
