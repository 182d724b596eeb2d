package io.cryptofeed.connect.local.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.socksx.SocksVersion;
import io.netty.handler.codec.socksx.v4.DefaultSocks4CommandRequest;
import io.netty.handler.codec.socksx.v4.DefaultSocks4CommandResponse;
import io.netty.handler.codec.socksx.v4.Socks4CommandRequest;
import io.netty.handler.codec.socksx.v4.Socks4CommandStatus;
import io.netty.handler.codec.socksx.v4.Socks4CommandType;
import io.netty.handler.codec.socksx.v4.Socks4ServerEncoder;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5CommandType;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.handler.codec.socksx.v5.Socks5ServerEncoder;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.ConnectException;
import java.util.List;

/**
 * A SOCKS proxy with versions 4, 4a and 5 on one port. With credentials, SOCKS5 requires the user
 * name and the password, and SOCKS4 the user name as its user id.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
public final class LocalSocksProxy extends LocalProxy<LocalSocksProxy> {

  @Override
  LocalSocksProxy self() {
    return this;
  }

  @Override
  void serve(Channel client) {
    client.pipeline().addLast(new VersionSwitch());
  }

  /** Builds the rest of the pipeline when the first byte shows the version. */
  private final class VersionSwitch extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      byte version = bytes.getByte(bytes.readerIndex());
      if (version == SocksVersion.SOCKS4a.byteValue()) {
        context
            .pipeline()
            .addLast(Socks4ServerEncoder.INSTANCE, new Socks4RequestDecoder(), new Socks4Server());
      } else if (version == SocksVersion.SOCKS5.byteValue()) {
        context
            .pipeline()
            .addLast(
                Socks5ServerEncoder.DEFAULT, new Socks5InitialRequestDecoder(), new Socks5Server());
      } else {
        bytes.release();
        context.close();
        return;
      }
      context.fireChannelRead(bytes);
      context.pipeline().remove(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private final class Socks5Server extends SimpleChannelInboundHandler<Object> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, Object message) {
      if (message instanceof Socks5InitialRequest request) {
        greet(context, request);
      } else if (message instanceof Socks5PasswordAuthRequest request) {
        authenticate(context, request);
      } else if (message instanceof Socks5CommandRequest request
          && request.decoderResult().isSuccess()) {
        connect(context, request);
      } else {
        context.close();
      }
    }

    private void greet(ChannelHandlerContext context, Socks5InitialRequest request) {
      Socks5AuthMethod wanted =
          credentials() == null ? Socks5AuthMethod.NO_AUTH : Socks5AuthMethod.PASSWORD;
      if (!request.authMethods().contains(wanted)) {
        context
            .writeAndFlush(new DefaultSocks5InitialResponse(Socks5AuthMethod.UNACCEPTED))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
      expect(
          context,
          Socks5InitialRequestDecoder.class,
          credentials() == null ? new Socks5CommandRequestDecoder() : new PasswordRequestDecoder());
      context.writeAndFlush(new DefaultSocks5InitialResponse(wanted));
    }

    private void authenticate(ChannelHandlerContext context, Socks5PasswordAuthRequest request) {
      if (!new Credentials(request.username(), request.password()).equals(credentials())) {
        context
            .writeAndFlush(new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.FAILURE))
            .addListener(ChannelFutureListener.CLOSE);
        return;
      }
      expect(context, PasswordRequestDecoder.class, new Socks5CommandRequestDecoder());
      context.writeAndFlush(
          new DefaultSocks5PasswordAuthResponse(Socks5PasswordAuthStatus.SUCCESS));
    }

    private void connect(ChannelHandlerContext context, Socks5CommandRequest request) {
      if (!request.type().equals(Socks5CommandType.CONNECT)) {
        refuse(context, Socks5CommandStatus.COMMAND_UNSUPPORTED);
        return;
      }
      open(context.channel(), new Tunnel(request.dstAddr(), request.dstPort()))
          .addListener((Future<Channel> opened) -> opened(context, opened));
    }

    private void opened(ChannelHandlerContext context, Future<Channel> opened) {
      if (!opened.isSuccess()) {
        refuse(
            context,
            opened.cause() instanceof ConnectException
                ? Socks5CommandStatus.CONNECTION_REFUSED
                : Socks5CommandStatus.HOST_UNREACHABLE);
        return;
      }
      context.writeAndFlush(
          new DefaultSocks5CommandResponse(Socks5CommandStatus.SUCCESS, Socks5AddressType.IPv4));
      context.pipeline().remove(Socks5CommandRequestDecoder.class);
      context.pipeline().remove(Socks5ServerEncoder.class);
      context.pipeline().remove(this);
      join(context.channel(), opened.getNow());
    }

    private void refuse(ChannelHandlerContext context, Socks5CommandStatus status) {
      context
          .writeAndFlush(new DefaultSocks5CommandResponse(status, Socks5AddressType.IPv4))
          .addListener(ChannelFutureListener.CLOSE);
    }

    private void expect(
        ChannelHandlerContext context, Class<? extends ChannelHandler> before, ChannelHandler now) {
      context.pipeline().replace(before, null, now);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private final class Socks4Server extends SimpleChannelInboundHandler<Socks4CommandRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, Socks4CommandRequest request) {
      Credentials wanted = credentials();
      if (wanted != null && !wanted.user().equals(request.userId())) {
        refuse(context, Socks4CommandStatus.IDENTD_AUTH_FAILURE);
      } else if (!request.type().equals(Socks4CommandType.CONNECT)) {
        refuse(context, Socks4CommandStatus.REJECTED_OR_FAILED);
      } else {
        open(context.channel(), new Tunnel(request.dstAddr(), request.dstPort()))
            .addListener((Future<Channel> opened) -> opened(context, opened));
      }
    }

    private void opened(ChannelHandlerContext context, Future<Channel> opened) {
      if (!opened.isSuccess()) {
        refuse(context, Socks4CommandStatus.REJECTED_OR_FAILED);
        return;
      }
      context.writeAndFlush(new DefaultSocks4CommandResponse(Socks4CommandStatus.SUCCESS));
      context.pipeline().remove(Socks4RequestDecoder.class);
      context.pipeline().remove(Socks4ServerEncoder.class);
      context.pipeline().remove(this);
      join(context.channel(), opened.getNow());
    }

    private void refuse(ChannelHandlerContext context, Socks4CommandStatus status) {
      context
          .writeAndFlush(new DefaultSocks4CommandResponse(status))
          .addListener(ChannelFutureListener.CLOSE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** The request of SOCKS4 and 4a. Netty's own decoder reads the user id as ASCII. */
  private static final class Socks4RequestDecoder extends ByteToMessageDecoder {

    private static final int USER_ID = 8;

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int start = in.readerIndex();
      if (in.readableBytes() <= USER_ID) {
        return;
      }
      int userEnd = in.indexOf(start + USER_ID, in.writerIndex(), (byte) 0);
      if (userEnd < 0) {
        return;
      }
      int ip = in.getInt(start + 4);
      boolean byName = ip != 0 && (ip & 0xffffff00) == 0;
      int end = byName ? in.indexOf(userEnd + 1, in.writerIndex(), (byte) 0) : userEnd;
      if (end < 0) {
        return;
      }
      out.add(
          new DefaultSocks4CommandRequest(
              Socks4CommandType.valueOf(in.getByte(start + 1)),
              byName
                  ? in.toString(userEnd + 1, end - userEnd - 1, US_ASCII)
                  : NetUtil.intToIpAddress(ip),
              in.getUnsignedShort(start + 2),
              in.toString(start + USER_ID, userEnd - start - USER_ID, UTF_8)));
      in.readerIndex(end + 1);
    }
  }

  /** The request of RFC 1929. Netty's own decoder reads names and passwords as ASCII. */
  private static final class PasswordRequestDecoder extends ByteToMessageDecoder {

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) {
      int start = in.readerIndex();
      if (in.readableBytes() < 2) {
        return;
      }
      int userLength = in.getUnsignedByte(start + 1);
      if (in.readableBytes() < 3 + userLength) {
        return;
      }
      int passwordLength = in.getUnsignedByte(start + 2 + userLength);
      if (in.readableBytes() < 3 + userLength + passwordLength) {
        return;
      }
      out.add(
          new DefaultSocks5PasswordAuthRequest(
              in.toString(start + 2, userLength, UTF_8),
              in.toString(start + 3 + userLength, passwordLength, UTF_8)));
      in.skipBytes(3 + userLength + passwordLength);
    }
  }
}
