package io.cryptofeed.connect.proxy.connect;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * The sockets that are open, so that none outlives what opened it. Safe for use by many threads.
 */
public final class OpenChannels {

  private static final long CLOSE_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Set<Channel> open = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Notes a new socket; closes it when all are closed already. */
  void add(Channel channel) {
    open.add(channel);
    channel.closeFuture().addListener(done -> open.remove(channel));
    if (closed) {
      closeNow(channel);
    }
  }

  /** Closes every socket, and waits for it, for a second at most. Not for event loops. */
  public void close() {
    closed = true;
    long deadline = System.nanoTime() + CLOSE_TIMEOUT_NANOS;
    for (Channel channel : open) {
      channel.eventLoop().execute(() -> closeNow(channel));
    }
    for (Channel channel : open) {
      channel
          .closeFuture()
          .awaitUninterruptibly(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }
  }

  /** From the head of the pipeline: further back, TLS would first wait for its farewell. */
  @SuppressWarnings("FutureReturnValueIgnored") // Callers wait for the close future.
  private static void closeNow(Channel channel) {
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }
}
