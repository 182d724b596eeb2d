package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The line between a client and a real proxy, on loopback. What the client says always arrives;
 * what the proxy answers suffers the trouble that the line is in when the client connects.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
final class BadLine implements AutoCloseable {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final LocalProxy<?> proxy;
  private final @Nullable SslContext tls;
  private final Channel server;
  private volatile Trouble trouble = none();

  /** What happens to the answers of the proxy. */
  @FunctionalInterface
  interface Trouble {
    void strike(Answers answers, ByteBuf answer);
  }

  /** All is well. */
  static Trouble none() {
    return (answers, answer) -> answers.client.writeAndFlush(answer);
  }

  /** No more than so many bytes come. */
  static Trouble silenceAfter(int bytes) {
    return (answers, answer) -> answers.carry(bytes, answer, () -> {});
  }

  /** After so many bytes the line is closed in good order. */
  static Trouble endAfter(int bytes) {
    return (answers, answer) -> answers.carry(bytes, answer, answers::end);
  }

  /** After so many bytes the line is reset. */
  static Trouble resetAfter(int bytes) {
    return (answers, answer) -> answers.carry(bytes, answer, answers::reset);
  }

  /** After so many bytes these come in place of the proxy's, and no others. */
  static Trouble forgeryAfter(int bytes, byte[] forged) {
    return (answers, answer) -> answers.carry(bytes, answer, () -> answers.say(forged));
  }

  /** After so many bytes these come in place of the proxy's, and then the end. */
  static Trouble lastWordsAfter(int bytes, byte[] forged) {
    return (answers, answer) ->
        answers.carry(
            bytes,
            answer,
            () -> {
              answers.say(forged);
              answers.end();
            });
  }

  /** This comes, and then that over and over. */
  static Trouble flood(byte[] first, byte[] again) {
    return (answers, answer) ->
        answers.carry(
            0,
            answer,
            () -> {
              answers.say(first);
              answers.flood(again);
            });
  }

  /** One byte comes at a time. */
  static Trouble drip(Duration pause) {
    return (answers, answer) -> answers.drip(answer, pause);
  }

  /**
   * Listens on a free port.
   *
   * @param tls ends the client's TLS here, so that the trouble happens within it; null to carry
   *     what the client and the proxy say as it is
   */
  BadLine(LocalProxy<?> proxy, @Nullable SslContext tls) {
    this.proxy = proxy;
    this.tls = tls;
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.AUTO_READ, false)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    clients.add(client);
                    carry(client);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), 0)
            .syncUninterruptibly()
            .channel();
  }

  int port() {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** From the next client on. */
  void gets(Trouble next) {
    trouble = next;
  }

  /** How many clients are connected now. */
  int clientsConnected() {
    return clients.size();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private void carry(Channel client) {
    if (tls != null) {
      client.pipeline().addLast(tls.newHandler(client.alloc()));
    }
    Answers answers = new Answers(client, trouble);
    new Bootstrap()
        .group(client.eventLoop())
        .channel(NioSocketChannel.class)
        .handler(answers)
        .connect(proxy.address())
        .addListener(
            (ChannelFutureListener)
                connected -> {
                  client.pipeline().addLast(new Questions(connected.channel()));
                  client.config().setAutoRead(true);
                });
  }

  private static final class Questions extends ChannelInboundHandlerAdapter {

    private final Channel proxy;

    Questions(Channel proxy) {
      this.proxy = proxy;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      proxy.writeAndFlush(message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      proxy.close();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.channel().close();
    }
  }

  /** What the proxy says on one connection. */
  static final class Answers extends ChannelInboundHandlerAdapter {

    private final Channel client;
    private final Trouble trouble;
    private final ByteBuf waiting = Unpooled.buffer();
    private int carried;
    private boolean struck;
    private boolean dripping;

    Answers(Channel client, Trouble trouble) {
      this.client = client;
      this.trouble = trouble;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      trouble.strike(this, (ByteBuf) message);
    }

    private void carry(int most, ByteBuf answer, Runnable then) {
      int good = Math.min(most - carried, answer.readableBytes());
      carried += good;
      client.writeAndFlush(answer.readRetainedSlice(good));
      answer.release();
      if (carried == most && !struck) {
        struck = true;
        then.run();
      }
    }

    private void say(byte[] words) {
      client.writeAndFlush(Unpooled.copiedBuffer(words));
    }

    private void end() {
      client.writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
    }

    /** Past TLS, which would say goodbye. */
    private void reset() {
      client.config().setOption(ChannelOption.SO_LINGER, 0);
      client.pipeline().firstContext().close();
    }

    private void flood(byte[] wave) {
      client
          .writeAndFlush(Unpooled.copiedBuffer(wave))
          .addListener(
              written -> {
                if (written.isSuccess()) {
                  client.eventLoop().execute(() -> flood(wave));
                }
              });
    }

    private void drip(ByteBuf answer, Duration pause) {
      waiting.writeBytes(answer);
      answer.release();
      if (!dripping) {
        dripping = true;
        drop(pause);
      }
    }

    private void drop(Duration pause) {
      if (!waiting.isReadable() || !client.isActive()) {
        dripping = false;
        return;
      }
      client.writeAndFlush(Unpooled.copiedBuffer(waiting.readSlice(1)));
      client.eventLoop().schedule(() -> drop(pause), pause.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      if (!dripping) {
        end();
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
