package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.util.Arrays;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** Decompresses messages that are gzip files (RFC 1952) of one member. Used by one thread. */
public final class Gunzip implements AutoCloseable {

  private static final int MAX_BYTES = 16 << 20;
  private static final int HEADER_BYTES = 10;
  private static final int TRAILER_BYTES = 8;
  private static final int EXTRA = 4;
  private static final int NAME = 8;
  private static final int COMMENT = 16;
  private static final int HEADER_CRC = 2;

  private static final int INITIAL_BYTES = 8 << 10;
  private static final int KEPT_BYTES = 1 << 20;

  private final Inflater inflater = new Inflater(true);
  private final CRC32 crc = new CRC32();
  private byte[] output = new byte[INITIAL_BYTES];

  /** Whether the first bytes of a message are those of a gzip file. */
  public static boolean isCompressed(byte[] buffer, int offset, int length) {
    return length > 1 && buffer[offset] == (byte) 0x1f && buffer[offset + 1] == (byte) 0x8b;
  }

  /** The message that was decompressed last; bytes after its length are undefined. */
  public byte[] output() {
    return output;
  }

  /**
   * Decompresses a message into {@link #output()}.
   *
   * @return its length
   * @throws MalformedMessageException if it is damaged, incomplete, or larger than 16 MiB
   */
  public int inflate(byte[] buffer, int offset, int length) throws MalformedMessageException {
    int header = headerBytes(buffer, offset, length);
    inflater.reset();
    inflater.setInput(buffer, offset + header, length - header);
    int count = 0;
    try {
      while (!inflater.finished()) {
        if (count == output.length) {
          if (output.length >= MAX_BYTES) {
            throw new MalformedMessageException("a compressed message has more than 16 MiB");
          }
          output = Arrays.copyOf(output, output.length * 2);
        }
        int more = inflater.inflate(output, count, output.length - count);
        if (more == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new MalformedMessageException("a compressed message is incomplete");
        }
        count += more;
      }
    } catch (DataFormatException e) {
      throw new MalformedMessageException("a compressed message is damaged");
    }
    check(buffer, offset + length - inflater.getRemaining(), offset + length, count);
    return count;
  }

  /** Gives back the memory of an unusually large message. */
  public void release() {
    if (output.length > KEPT_BYTES) {
      output = new byte[INITIAL_BYTES];
    }
  }

  private void check(byte[] buffer, int trailer, int end, int count)
      throws MalformedMessageException {
    crc.reset();
    crc.update(output, 0, count);
    if (end - trailer != TRAILER_BYTES
        || littleEndian(buffer, trailer) != (int) crc.getValue()
        || littleEndian(buffer, trailer + 4) != count) {
      throw new MalformedMessageException("a compressed message is damaged");
    }
  }

  private static int headerBytes(byte[] buffer, int offset, int length)
      throws MalformedMessageException {
    int end = offset + length - TRAILER_BYTES;
    if (length < HEADER_BYTES + TRAILER_BYTES || buffer[offset + 2] != 8) {
      throw new MalformedMessageException("a compressed message is incomplete");
    }
    int flags = buffer[offset + 3];
    int at = offset + HEADER_BYTES;
    if ((flags & EXTRA) != 0) {
      at += 2 + (at + 1 < end ? (buffer[at] & 0xff) | (buffer[at + 1] & 0xff) << 8 : 0);
    }
    for (int text : new int[] {NAME, COMMENT}) {
      if ((flags & text) != 0) {
        while (at < end && buffer[at] != 0) {
          at++;
        }
        at++;
      }
    }
    if ((flags & HEADER_CRC) != 0) {
      at += 2;
    }
    if (at > end) {
      throw new MalformedMessageException("a compressed message is incomplete");
    }
    return at - offset;
  }

  private static int littleEndian(byte[] buffer, int at) {
    return (buffer[at] & 0xff)
        | (buffer[at + 1] & 0xff) << 8
        | (buffer[at + 2] & 0xff) << 16
        | (buffer[at + 3] & 0xff) << 24;
  }

  @Override
  public void close() {
    inflater.end();
  }
}
