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
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Something on loopback that responds by a script, whatever it is sent. After its last reply it is
 * silent, or echoes like a tunnel to an origin that does.
 */
final class ScriptedProxy implements AutoCloseable {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final AtomicInteger accepted = new AtomicInteger();
  private final Channel server;

  private ScriptedProxy(List<String> replies, boolean echoes) {
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
                    client.pipeline().addLast(new Replies(replies, echoes));
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  /** Accepts, and says nothing. */
  static ScriptedProxy silent() {
    return new ScriptedProxy(List.of(), false);
  }

  /** Answers the first bytes it gets with this text, in one packet. */
  static ScriptedProxy answering(String text) {
    return new ScriptedProxy(List.of(text), false);
  }

  /** Answers each packet with the next of these replies, and then echoes. */
  static ScriptedProxy tunnelling(String... replies) {
    return new ScriptedProxy(List.of(replies), true);
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

  private static final class Replies extends ChannelInboundHandlerAdapter {

    private final Deque<String> replies;
    private final boolean echoes;

    Replies(List<String> replies, boolean echoes) {
      this.replies = new ArrayDeque<>(replies);
      this.echoes = echoes;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      String reply = replies.poll();
      if (reply != null) {
        ReferenceCountUtil.release(message);
        write(context, Unpooled.copiedBuffer(reply, ISO_8859_1));
      } else if (echoes) {
        write(context, message);
      } else {
        ReferenceCountUtil.release(message);
      }
    }

    private static void write(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.channel().close().addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
    }
  }
}
