package io.cryptofeed.connect.proxy.connect;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.List;

/** Replies of SOCKS5: the chosen method, the result of the login, and that of the request. */
final class Socks5Replies extends ProxyReplies {

  private static final int VERSION = 5;
  private static final int NO_LOGIN = 0;
  private static final int LOGIN = 2;
  private static final int LOGIN_VERSION = 1;
  private static final int GRANTED = 0;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  /** Version, code, a reserved byte, and the type of the address. */
  private static final int HEAD = 4;

  private enum Expected {
    METHOD,
    LOGIN_RESULT,
    RESULT
  }

  private Expected expected = Expected.METHOD;

  @Override
  void read(ByteBuf in, List<Object> out) {
    int version = in.getUnsignedByte(in.readerIndex());
    if (expected == Expected.METHOD ? version != VERSION : version > VERSION) {
      end();
      return;
    }
    if (in.readableBytes() < 2) {
      return;
    }
    int code = in.getUnsignedByte(in.readerIndex() + 1);
    switch (expected) {
      case METHOD -> {
        out.add(in.readRetainedSlice(2));
        if (code == LOGIN) {
          expected = Expected.LOGIN_RESULT;
        } else if (code == NO_LOGIN) {
          expected = Expected.RESULT;
        } else {
          end();
        }
      }
      case LOGIN_RESULT -> {
        // RFC 1929 has version 1; some proxies write that of SOCKS. The status is what counts.
        in.skipBytes(2);
        out.add(Unpooled.buffer(2).writeByte(LOGIN_VERSION).writeByte(code));
        expected = Expected.RESULT;
      }
      case RESULT -> {
        int length = code == GRANTED ? length(in) : in.readableBytes();
        if (in.readableBytes() < length) {
          return;
        }
        in.skipBytes(length);
        // The bound address is not used, and a proxy that refuses may leave it out.
        out.add(
            Unpooled.buffer(HEAD + 6)
                .writeByte(VERSION)
                .writeByte(code)
                .writeByte(0)
                .writeByte(IPV4)
                .writeZero(6));
        end();
      }
    }
  }

  /** The length of a positive result, as far as it is known now. */
  private static int length(ByteBuf in) {
    if (in.readableBytes() < HEAD + 1) {
      return HEAD + 1;
    }
    int type = in.getUnsignedByte(in.readerIndex() + HEAD - 1);
    int address =
        switch (type) {
          case NAME -> 1 + in.getUnsignedByte(in.readerIndex() + HEAD);
          case IPV6 -> 16;
          default -> 4;
        };
    return HEAD + address + 2;
  }
}
