package io.cryptofeed.connect.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.util.zip.DataFormatException;
import org.jspecify.annotations.Nullable;

/**
 * Makes whole messages of data frames: joins fragments, decompresses, and shows each message as a
 * slice of an array. An uncompressed message that came in one frame is shown where it lies, without
 * a copy. Owned by one event loop.
 */
final class MessageReader implements AutoCloseable {

  /** The first of the three reserved bits marks a compressed message. */
  private static final int COMPRESSED = 0b100;

  private static final byte[] NOTHING = {};

  private final MessageBuffer joined;
  private final @Nullable MessageInflater inflater;

  private boolean binary;
  private boolean compressed;
  private byte[] array = NOTHING;
  private int offset;
  private int length;

  /**
   * @param maxMessageBytes the longest message accepted, joined and decompressed
   */
  MessageReader(int maxMessageBytes, PerMessageDeflate deflate) {
    joined = new MessageBuffer(maxMessageBytes);
    inflater =
        deflate == PerMessageDeflate.OFF
            ? null
            : new MessageInflater(deflate == PerMessageDeflate.FRESH_CONTEXT);
  }

  /**
   * Takes a text, binary or continuation frame; that they come in a proper order has been checked.
   *
   * @return whether a message is complete; it is shown until {@link #release}, and no longer than
   *     the frame
   * @throws CorruptedWebSocketFrameException when the frame breaks the protocol
   * @throws MessageTooLargeException when the message is longer than accepted
   */
  boolean read(WebSocketFrame frame) throws MessageTooLargeException {
    ByteBuf content = frame.content();
    boolean whole = frame.isFinalFragment();
    boolean first = !(frame instanceof ContinuationWebSocketFrame);
    if (first) {
      binary = frame instanceof BinaryWebSocketFrame;
      compressed = inflater != null && frame.rsv() == COMPRESSED;
    }
    checkReservedBits(frame.rsv(), first && compressed ? COMPRESSED : 0);
    if (compressed) {
      inflate(content, whole);
    } else if (first && whole && content.hasArray()) {
      show(content.array(), content.arrayOffset() + content.readerIndex(), content.readableBytes());
      return true;
    } else {
      joined.append(content);
    }
    if (whole) {
      show(joined.array(), 0, joined.length());
    }
    return whole;
  }

  private static void checkReservedBits(int bits, int expected) {
    if (bits != expected) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.PROTOCOL_ERROR, "reserved bits " + bits + " without an extension");
    }
  }

  private void inflate(ByteBuf content, boolean whole) throws MessageTooLargeException {
    if (inflater == null) {
      throw new IllegalStateException("a compressed message without compression");
    }
    try {
      inflater.inflate(content.nioBuffer(), joined);
      if (whole) {
        inflater.finish(joined);
      }
    } catch (DataFormatException e) {
      throw new CorruptedWebSocketFrameException(
          WebSocketCloseStatus.INVALID_PAYLOAD_DATA, "a message cannot be decompressed", e);
    }
  }

  private void show(byte[] array, int offset, int length) {
    this.array = array;
    this.offset = offset;
    this.length = length;
  }

  /** Whether the message came as binary, not as text. */
  boolean isBinary() {
    return binary;
  }

  /** The array that holds the message. */
  byte[] array() {
    return array;
  }

  /** Where in {@link #array} the message begins. */
  int offset() {
    return offset;
  }

  /** How long the message is. */
  int length() {
    return length;
  }

  /** Lets go of the message. */
  void release() {
    array = NOTHING;
    joined.clear();
  }

  @Override
  public void close() {
    if (inflater != null) {
      inflater.close();
    }
  }
}
