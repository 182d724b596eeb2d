package io.cryptofeed.connect.ccxt;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/**
 * How an exchange compresses its binary messages. They are decompressed in Java because a script
 * takes four times as long.
 */
final class CompressedText {

  /** Not compressed. */
  static final CompressedText NONE = new CompressedText(false, 0);

  private final boolean gzip;
  private final int maxBytes;

  private CompressedText(boolean gzip, int maxBytes) {
    this.gzip = gzip;
    this.maxBytes = maxBytes;
  }

  /**
   * @param format {@code gzip}, {@code raw} (deflate without a header), or empty
   * @param maxBytes the longest message, decompressed
   */
  static CompressedText of(String format, int maxBytes) {
    return switch (format) {
      case "" -> NONE;
      case "gzip" -> new CompressedText(true, maxBytes);
      case "raw" -> new CompressedText(false, maxBytes);
      default ->
          throw new IllegalArgumentException(
              "unknown compression '" + format + "'; known are gzip and raw");
    };
  }

  /**
   * The text of a message.
   *
   * @throws IOException if it is not compressed in this format, or too long
   */
  String decompress(byte[] buffer, int offset, int length) throws IOException {
    InputStream compressed = new ByteArrayInputStream(buffer, offset, length);
    Inflater inflater = new Inflater(true);
    try (InputStream in =
        gzip ? new GZIPInputStream(compressed) : new InflaterInputStream(compressed, inflater)) {
      byte[] text = in.readNBytes(maxBytes + 1);
      if (text.length > maxBytes) {
        throw new IOException("it is longer than " + maxBytes + " bytes");
      }
      return StrictUtf8.decode(text, 0, text.length);
    } finally {
      inflater.end();
    }
  }
}
