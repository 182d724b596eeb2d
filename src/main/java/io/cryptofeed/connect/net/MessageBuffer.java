package io.cryptofeed.connect.net;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/** A growing array in which a message is put together, up to a limit. Owned by one event loop. */
final class MessageBuffer {

  private static final int INITIAL_BYTES = 4 << 10;

  /** A snapshot of megabytes is rare: its array is not kept for the small messages that follow. */
  private static final int KEPT_BYTES = 1 << 20;

  private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

  private final int limit;
  private byte[] bytes = new byte[0];
  private int length;

  /**
   * @param limit the most bytes that a message may have
   */
  MessageBuffer(int limit) {
    this.limit = limit;
  }

  /** The array; the message begins at 0. */
  byte[] array() {
    return bytes;
  }

  /** How many bytes of the array are filled. */
  int length() {
    return length;
  }

  /** How many bytes fit behind the filled ones without growing. */
  int room() {
    return bytes.length - length;
  }

  void append(ByteBuf content) throws MessageTooLargeException {
    int added = content.readableBytes();
    if (added > limit - length) {
      throw new MessageTooLargeException(limit);
    }
    if (added > room()) {
      growTo(length + added);
    }
    content.readBytes(bytes, length, added);
    length += added;
  }

  /** Makes room for at least one byte more. */
  void makeRoom() throws MessageTooLargeException {
    if (room() > 0) {
      return;
    }
    if (length > limit) {
      throw new MessageTooLargeException(limit);
    }
    growTo(length + 1);
  }

  /** Counts bytes that were written behind the filled ones. */
  void filled(int count) throws MessageTooLargeException {
    length += count;
    if (length > limit) {
      throw new MessageTooLargeException(limit);
    }
  }

  void clear() {
    length = 0;
    if (bytes.length > KEPT_BYTES) {
      bytes = new byte[0];
    }
  }

  private void growTo(int needed) {
    // One byte beyond the limit, so that a full message is told from one that goes on.
    long most = Math.min(limit + 1L, LARGEST_ARRAY);
    long doubled = Math.max(INITIAL_BYTES, 2L * bytes.length);
    bytes = Arrays.copyOf(bytes, (int) Math.min(most, Math.max(needed, doubled)));
  }
}
