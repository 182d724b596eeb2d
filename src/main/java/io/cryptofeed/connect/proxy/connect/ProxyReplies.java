package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.settings.Scheme;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.util.List;

/**
 * Stands before Netty's proxy handler and gives it each reply of a proxy in the one form that it
 * accepts. Proxies in use deviate from that form where the meaning is clear all the same. Bytes of
 * another protocol are passed on as they are, so that the diagnosis sees them. Used by one
 * connection, on its event loop.
 */
abstract class ProxyReplies extends ByteToMessageDecoder {

  /** Whether what follows is not a reply any more. */
  private boolean over;

  /** What stands before the handler of a scheme. */
  static ProxyReplies of(Scheme scheme) {
    if (scheme.isHttp()) {
      return new HttpReplies();
    }
    return scheme.isSocks5() ? new Socks5Replies() : new Socks4Replies();
  }

  @Override
  protected final void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
    if (over) {
      out.add(in.readRetainedSlice(in.readableBytes()));
    } else {
      read(in, out);
    }
  }

  /**
   * Takes a reply when it is complete, or as soon as its meaning is clear; adds it in Netty's form.
   */
  abstract void read(ByteBuf in, List<Object> out);

  /** The last reply was taken, or the bytes are not a reply of this protocol. */
  final void end() {
    over = true;
  }
}
