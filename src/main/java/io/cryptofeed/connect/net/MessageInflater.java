package io.cryptofeed.connect.net;

import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Decompresses messages as their fragments arrive, into a buffer whose limit it observes: however
 * much a few bytes expand to, no more than the limit is ever written. Owned by one event loop.
 */
final class MessageInflater implements AutoCloseable {

  /** What the sender leaves off at the end of each message (RFC 7692, 7.2.1). */
  private static final byte[] TAIL = {0, 0, (byte) 0xff, (byte) 0xff};

  private final Inflater inflater = new Inflater(true);
  private final boolean freshContext;

  /**
   * @param freshContext whether each message is compressed on its own
   */
  MessageInflater(boolean freshContext) {
    this.freshContext = freshContext;
  }

  /** Decompresses a fragment. */
  void inflate(ByteBuffer compressed, MessageBuffer into)
      throws DataFormatException, MessageTooLargeException {
    inflater.setInput(compressed);
    while (true) {
      into.makeRoom();
      int room = into.room();
      int count = inflater.inflate(into.array(), into.length(), room);
      into.filled(count);
      if (inflater.finished()) {
        // A last block ends the stream of this message; the next block begins another one.
        inflater.reset();
        if (!compressed.hasRemaining()) {
          return;
        }
        inflater.setInput(compressed);
      } else if (count < room) {
        return;
      }
    }
  }

  /** Ends a message. */
  void finish(MessageBuffer into) throws DataFormatException, MessageTooLargeException {
    inflate(ByteBuffer.wrap(TAIL), into);
    if (freshContext) {
      inflater.reset();
    }
  }

  /** Gives back the native memory. */
  @Override
  public void close() {
    inflater.end();
  }
}
