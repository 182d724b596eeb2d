package io.cryptofeed.connect.proxy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * A destination on loopback that sends back what it gets, and hangs up on peers it must not see.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
public final class EchoOrigin implements AutoCloseable {

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final List<InetSocketAddress> strangers = new CopyOnWriteArrayList<>();
  private final List<Channel> accepted = new CopyOnWriteArrayList<>();
  private final Channel server;

  /**
   * @param address to listen on, at a free port
   * @param welcome says of a remote address whether it may connect
   */
  public EchoOrigin(String address, Predicate<InetSocketAddress> welcome) {
    server =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel peer) {
                    if (welcome.test(peer.remoteAddress())) {
                      accepted.add(peer);
                      peer.pipeline().addLast(new Echo());
                    } else {
                      strangers.add(peer.remoteAddress());
                      peer.close();
                    }
                  }
                })
            .bind(NetUtil.createInetAddressFromIpAddressString(address), 0)
            .syncUninterruptibly()
            .channel();
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.localAddress();
  }

  int port() {
    return address().getPort();
  }

  /** Peers that were refused. */
  List<InetSocketAddress> strangers() {
    return strangers;
  }

  /** Every connection that was welcome, open or closed by now. */
  List<Channel> accepted() {
    return accepted;
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private static final class Echo extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      context.writeAndFlush(message);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
