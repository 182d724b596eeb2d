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

  private static final int WINDOW_BYTES = 1 << 15;

  private final Inflater inflater = new Inflater(true);
  private final boolean freshContext;

  /**
   * The last bytes of the messages so far, as a ring: what the next message may refer to. The
   * inflater has them too, but loses them at a last block.
   */
  private final byte[] window;

  private long inWindow;

  /** How many bytes of the present message are in the window. */
  private int copied;

  /**
   * @param freshContext whether each message is compressed on its own
   */
  MessageInflater(boolean freshContext) {
    this.freshContext = freshContext;
    window = new byte[freshContext ? 0 : WINDOW_BYTES];
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
        // A last block ends a stream, but not the context: the next block may refer to it.
        inflater.reset();
        restoreContext(into);
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
    } else {
      copyToWindow(into);
    }
    copied = 0;
  }

  private void restoreContext(MessageBuffer message) {
    if (freshContext) {
      if (message.length() > 0) {
        inflater.setDictionary(message.array(), 0, message.length());
      }
      return;
    }
    copyToWindow(message);
    int begin = (int) (inWindow % WINDOW_BYTES);
    if (inWindow >= WINDOW_BYTES) {
      inflater.setDictionary(window, begin, WINDOW_BYTES - begin);
    }
    if (begin > 0) {
      inflater.setDictionary(window, 0, begin);
    }
  }

  private void copyToWindow(MessageBuffer message) {
    int from = Math.max(copied, message.length() - WINDOW_BYTES);
    copied = message.length();
    while (from < copied) {
      int at = (int) (inWindow % WINDOW_BYTES);
      int count = Math.min(copied - from, WINDOW_BYTES - at);
      System.arraycopy(message.array(), from, window, at, count);
      from += count;
      inWindow += count;
    }
  }

  /** Gives back the native memory. */
  @Override
  public void close() {
    inflater.end();
  }
}
