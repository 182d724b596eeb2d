package io.cryptofeed.connect.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.zip.Deflater;

/** Compressed bytes, as servers send them. */
final class Deflated {

  private static final int MIB = 1 << 20;
  private static final int TAIL = 4;

  private Deflated() {}

  /** A message that does not refer to other messages. */
  static ByteBuf message(byte[] message) {
    return message(new Deflater(Deflater.BEST_COMPRESSION, true), message);
  }

  /** A message that may refer to those which the deflater has seen before (RFC 7692, 7.2.1). */
  static ByteBuf message(Deflater deflater, byte[] message) {
    ByteBuf flushed = flushed(deflater, message, Deflater.SYNC_FLUSH);
    return flushed.writerIndex(flushed.writerIndex() - TAIL);
  }

  /** A bomb: a stream that is a thousand times longer when it is decompressed. */
  static ByteBuf zeroMebibytes(int count) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    // After a full flush a stream does not depend on earlier data, so its parts can be repeated.
    ByteBuf mebibyte = flushed(deflater, new byte[MIB], Deflater.FULL_FLUSH);
    ByteBuf bomb = Unpooled.buffer(count * mebibyte.readableBytes());
    for (int i = 0; i < count; i++) {
      bomb.writeBytes(mebibyte.duplicate());
    }
    return bomb;
  }

  private static ByteBuf flushed(Deflater deflater, byte[] message, int flush) {
    deflater.setInput(message);
    ByteBuf compressed = Unpooled.buffer();
    byte[] out = new byte[64 << 10];
    int count = out.length;
    while (count == out.length) {
      count = deflater.deflate(out, 0, out.length, flush);
      compressed.writeBytes(out, 0, count);
    }
    return compressed;
  }
}
