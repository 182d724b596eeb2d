package io.cryptofeed.connect.proxy;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Something on loopback that is no good proxy: it has one answer to whatever it is sent. */
final class ScriptedProxy implements AutoCloseable {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Channel server;

  private ScriptedProxy(@Nullable String answer) {
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accepted.incrementAndGet();
                    clients.add(client);
                    client.pipeline().addLast(new Answer(answer));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Accepts, and says nothing. */
  static ScriptedProxy silent() {
    return new ScriptedProxy(null);
  }

  /** Answers the first bytes it gets with this text, in one packet. */
  static ScriptedProxy answering(String text) {
    return new ScriptedProxy(text);
  }

  String url(String scheme) {
    return scheme + "://127.0.0.1:" + ((InetSocketAddress) server.localAddress()).getPort();
  }

  int accepted() {
    return accepted.get();
  }

  int open() {
    return clients.size();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Answer extends ChannelInboundHandlerAdapter {

    private @Nullable String answer;

    Answer(@Nullable String answer) {
      this.answer = answer;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ReferenceCountUtil.release(message);
      if (answer == null) {
        return;
      }
      String text = answer;
      answer = null;
      context
          .writeAndFlush(Unpooled.copiedBuffer(text, ISO_8859_1))
          .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.channel().close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }
}
