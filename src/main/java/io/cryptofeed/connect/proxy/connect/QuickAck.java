package io.cryptofeed.connect.proxy.connect;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.nio.NioChannelOption;
import java.io.IOException;
import java.net.SocketOption;
import java.nio.channels.SocketChannel;
import java.util.Optional;

/**
 * Acknowledges at once what a proxy sends. Some proxies leave Nagle's algorithm on: they hold a
 * small segment back until the one before it is acknowledged, which Linux would do 40 ms later.
 */
final class QuickAck extends ChannelInboundHandlerAdapter {

  private static final Optional<ChannelOption<Boolean>> OPTION = option();

  /** Whether the operating system supports it. */
  static boolean isSupported() {
    return OPTION.isPresent();
  }

  @Override
  public void channelActive(ChannelHandlerContext context) {
    acknowledgeAtOnce(context);
    context.fireChannelActive();
  }

  /** Linux goes back to delayed acknowledgements on its own. */
  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    acknowledgeAtOnce(context);
    context.fireChannelReadComplete();
  }

  private static void acknowledgeAtOnce(ChannelHandlerContext context) {
    if (context.channel().isActive()) {
      OPTION.ifPresent(option -> context.channel().config().setOption(option, true));
    }
  }

  /** By name, because the class that declares the option is not in every JVM. */
  @SuppressWarnings("unchecked")
  private static Optional<ChannelOption<Boolean>> option() {
    try (SocketChannel probe = SocketChannel.open()) {
      return probe.supportedOptions().stream()
          .filter(option -> option.name().equals("TCP_QUICKACK") && option.type() == Boolean.class)
          .map(option -> NioChannelOption.of((SocketOption<Boolean>) option))
          .findFirst();
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
