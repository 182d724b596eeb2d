package io.cryptofeed.connect.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.ssl.SslContext;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/**
 * An exchange with TLS that disconnects every peer except the allowed ones. It responds to a GET
 * with the path, and to a text message with the same text.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the client shows whether it worked
public final class GuardedExchange {

  public static final String STREAM = "/stream";

  private final SslContext tls;
  private final Predicate<InetSocketAddress> welcome;
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger refused = new AtomicInteger();
  private final Channel listening;

  public GuardedExchange(
      Loopback loopback,
      InetAddress address,
      SslContext tls,
      Predicate<InetSocketAddress> welcome) {
    this.tls = tls;
    this.welcome = welcome;
    this.listening = loopback.listen(address, this::build);
  }

  public int port() {
    return Loopback.port(listening);
  }

  /** How many connections were accepted. */
  public int accepted() {
    return accepted.get();
  }

  /** How many connections were disconnected. */
  int refused() {
    return refused.get();
  }

  private void build(Channel channel) {
    if (!welcome.test((InetSocketAddress) channel.remoteAddress())) {
      refused.incrementAndGet();
      channel.close();
      return;
    }
    accepted.incrementAndGet();
    channel
        .pipeline()
        .addLast(
            tls.newHandler(channel.alloc()),
            new HttpServerCodec(),
            new HttpObjectAggregator(1 << 16),
            new WebSocketServerProtocolHandler(STREAM),
            new Rest(),
            new Stream());
  }

  private static final class Rest extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      ByteBuf body = Unpooled.copiedBuffer(request.uri(), StandardCharsets.US_ASCII);
      DefaultFullHttpResponse answer =
          new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK, body);
      answer.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, body.readableBytes());
      context.writeAndFlush(answer);
    }
  }

  private static final class Stream extends SimpleChannelInboundHandler<TextWebSocketFrame> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, TextWebSocketFrame frame) {
      context.writeAndFlush(frame.retain());
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
