package io.cryptofeed.connect.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.util.function.Consumer;

/**
 * The only way to open a socket: it routes each connection by exchange and transport, and hands
 * over a channel once the tunnel is up. Safe for use by many threads.
 */
public final class ProxyInjector {

  /** Routes by these settings. */
  public ProxyInjector(ProxySettings settings) {}

  /** {@code direct}, or the proxy of this route as {@code scheme://host:port}. */
  public String egress(String exchange, Transport transport) {
    return "direct";
  }

  /**
   * Opens a connection.
   *
   * @param loop runs the channel
   * @param origin builds the pipeline towards the destination, when and only when the way there is
   *     open; runs on {@code loop}
   * @return the open channel, or a {@link ConnectFailure}
   */
  public Future<Channel> connect(EventLoop loop, Destination to, Consumer<Channel> origin) {
    Promise<Channel> promise = loop.newPromise();
    ChannelHandler nothing =
        new ChannelInitializer<Channel>() {
          @Override
          protected void initChannel(Channel channel) {}
        };
    new Bootstrap()
        .group(loop)
        .channel(NioSocketChannel.class)
        .handler(nothing)
        .connect(to.host(), to.port())
        .addListener(
            done -> {
              Channel channel = ((ChannelFuture) done).channel();
              if (done.isSuccess()) {
                origin.accept(channel);
                channel.pipeline().fireChannelActive();
                promise.setSuccess(channel);
              } else {
                promise.setFailure(
                    new ConnectFailure(
                        ConnectFailure.Stage.TCP, "direct", "cannot connect", done.cause()));
              }
            });
    return promise;
  }
}
