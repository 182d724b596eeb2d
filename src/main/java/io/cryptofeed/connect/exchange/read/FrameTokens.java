package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.async.NonBlockingJsonParser;
import io.cryptofeed.connect.market.DecimalText;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * The JSON tokens of one frame after the other. Only this class knows the tokeniser: a scalar is
 * the position of its first byte in the buffer of the frame, never a text.
 *
 * <p>Jackson's non-blocking parser is used although whole frames are at hand, because it can be
 * kept from frame to frame: it allocates nothing, and it looks at every byte, those of skipped
 * values included.
 */
public final class FrameTokens {

  public static final JsonFactory JSON =
      JsonFactory.builder()
          // A remote host chooses the names: they must not fill a table of the whole process.
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // No limit for documents: a parser that is kept counts the bytes of all its frames.
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(64)
                  .maxNumberLength(DecimalText.MAX_LENGTH)
                  .maxStringLength(1 << 16)
                  .maxNameLength(1 << 10)
                  .build())
          .build();

  /** Frames after which the parser is replaced, because its table of field names never shrinks. */
  private static final int FRAMES_PER_PARSER = 1 << 16;

  private static final OutputStream NOWHERE = OutputStream.nullOutputStream();

  private NonBlockingJsonParser parser = newParser();
  private int frames;
  private long fed;
  private long shift;

  /**
   * Opens a frame, which must be an object or an array.
   *
   * @throws IOException if it is neither
   */
  public JsonToken open(byte[] buffer, int offset, int length) throws IOException {
    if (frames == FRAMES_PER_PARSER) {
      discard();
    }
    frames++;
    // The parser counts the bytes of all its frames, and points one after a token's first byte.
    int start = offset + markLength(buffer, offset, length);
    shift = start - fed - 1;
    int trimmed = trimmed(buffer, start, offset + length - start);
    fed += trimmed;
    parser.feedInput(buffer, start, start + trimmed);
    JsonToken token = next();
    if (!token.isStructStart()) {
      throw new JsonParseException(parser, "neither an object nor an array");
    }
    return token;
  }

  /** The length of a byte-order mark, which the parser would not count. */
  private static int markLength(byte[] buffer, int offset, int length) {
    boolean isMarked =
        length >= 3
            && buffer[offset] == (byte) 0xEF
            && buffer[offset + 1] == (byte) 0xBB
            && buffer[offset + 2] == (byte) 0xBF;
    return isMarked ? 3 : 0;
  }

  /** The length without the white space at the end, so that close() finds only what is wrong. */
  private static int trimmed(byte[] buffer, int offset, int length) {
    int trimmed = length;
    while (trimmed > 0 && isSpace(buffer[offset + trimmed - 1])) {
      trimmed--;
    }
    return trimmed;
  }

  private static boolean isSpace(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }

  /** The next token. */
  public JsonToken next() throws IOException {
    JsonToken token = parser.nextToken();
    // At the end of its input the parser returns NOT_AVAILABLE.
    if (token == null || token == JsonToken.NOT_AVAILABLE) {
      throw new JsonParseException(parser, "the message is incomplete");
    }
    return token;
  }

  /** The name of the next field, or null at the end of the object. */
  @Nullable
  public String nextName() throws IOException {
    JsonToken token = parser.nextToken();
    if (token == JsonToken.FIELD_NAME) {
      return parser.currentName();
    }
    if (token == JsonToken.END_OBJECT) {
      return null;
    }
    throw new JsonParseException(parser, "the message is incomplete");
  }

  /** Where the scalar that was read last starts in the buffer, its quote included. */
  public int position() {
    return (int) (parser.getTokenCharacterOffset() + shift);
  }

  /** Skips to the end of the object or array that has just begun. */
  public void skip() throws IOException {
    parser.skipChildren();
  }

  /**
   * Closes a frame.
   *
   * @throws IOException if something follows
   */
  public void close() throws IOException {
    // Not by the next token: an incomplete number or string after the message would not be one.
    if (parser.releaseBuffered(NOWHERE) > 0) {
      throw new JsonParseException(parser, "something follows the message");
    }
  }

  /** Discards the parser, whose state is undefined after an error. */
  public void discard() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    parser = newParser();
    frames = 0;
    fed = 0;
  }

  private static NonBlockingJsonParser newParser() {
    try {
      return (NonBlockingJsonParser) JSON.createNonBlockingByteArrayParser();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
