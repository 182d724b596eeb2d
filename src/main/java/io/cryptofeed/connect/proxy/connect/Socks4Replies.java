package io.cryptofeed.connect.proxy.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Replies of SOCKS4: a version, a code, and six bytes without a meaning. */
final class Socks4Replies extends ProxyReplies {

  private static final int LENGTH = 8;
  private static final int GRANTED = 90;

  @Override
  void read(ByteBuf in, List<Object> out) {
    int version = in.getUnsignedByte(in.readerIndex());
    if (version != 0 && version != 4) {
      end();
      return;
    }
    if (in.readableBytes() < 2) {
      return;
    }
    int code = in.getUnsignedByte(in.readerIndex() + 1);
    if (code == GRANTED && in.readableBytes() < LENGTH) {
      return;
    }
    in.skipBytes(Math.min(in.readableBytes(), LENGTH));
    out.add(Unpooled.buffer(LENGTH).writeByte(0).writeByte(code).writeZero(LENGTH - 2));
    end();
  }
}
