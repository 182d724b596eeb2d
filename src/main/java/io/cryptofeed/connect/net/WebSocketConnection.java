package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxiedChannel;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketCloseStatus;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open WebSocket. Its methods may be called by any thread; what they do happens on the event
 * loop that owns the connection, which is also where the {@link WebSocketListener} is called.
 *
 * <p>Pings are answered and closing handshakes are completed without the listener's doing. However
 * a connection ends, {@link WebSocketListener#onClosed} says so once.
 */
public final class WebSocketConnection {

  private static final Logger LOG = LoggerFactory.getLogger(WebSocketConnection.class);

  private static final long CLOSING_MS = 1_000;

  /** A control frame carries 125 bytes; the code takes two. */
  private static final int LONGEST_CLOSE_TEXT = 123;

  private static final int NO_STATUS = 1005;
  private static final int ABNORMAL = 1006;

  private final Channel channel;
  private final ProxiedChannel passage;
  private final String egress;
  private final MessageReader reader;
  private final WebSocketListener listener;

  // Written on the event loop only.
  private volatile boolean closing;
  private @Nullable CloseReason reason;
  private @Nullable Future<?> deadline;

  /** When the ping was sent that has not been answered; 0 when there is none. */
  private long pingNanos;

  WebSocketConnection(ProxiedChannel passage, MessageReader reader, WebSocketListener listener) {
    this.passage = passage;
    this.channel = passage.channel();
    this.egress = passage.egress();
    this.reader = reader;
    this.listener = listener;
  }

  /** Sends a text message. Nothing happens when the connection is closing or closed. */
  public void send(String text) {
    onLoop(() -> write(new TextWebSocketFrame(text)));
  }

  /**
   * Sends a ping without content; the pong is reported by {@link WebSocketListener#onControlFrame}.
   */
  public void ping() {
    onLoop(
        () -> {
          pingNanos = System.nanoTime();
          write(new PingWebSocketFrame());
        });
  }

  /**
   * Stops or resumes reading from the socket, so that TCP slows the peer down. Messages that have
   * been read from the socket already are still delivered. While nothing is read, neither the
   * peer's pings nor its close are noticed.
   */
  public void setReading(boolean reading) {
    onLoop(
        () -> {
          if (!closing) {
            channel.config().setAutoRead(reading);
          }
        });
  }

  /** Whether the connection reads from its socket. */
  public boolean isReading() {
    return channel.config().isAutoRead();
  }

  /**
   * Closes the connection: a close frame, the peer's answer if it comes, and the socket within a
   * second whatever the peer does. Messages that arrive in between are not delivered. The first
   * reason counts: when the connection is closing already, nothing happens.
   *
   * @param code 1000 to 1003, 1007 to 1014, or 3000 to 4999: the codes that may be sent
   * @param text why, for the peer and for {@link CloseReason#text}; the peer gets as much of it as
   *     fits 123 bytes
   * @throws IllegalArgumentException when the code may not be sent
   */
  public void close(int code, String text) {
    if (!maySend(code)) {
      throw new IllegalArgumentException(
          "close code " + code + " may not be sent: use 1000 to 1003, 1007 to 1014, 3000 to 4999");
    }
    onLoop(() -> close(new CloseReason(code, text, null), text));
  }

  private static boolean maySend(int code) {
    return (code >= 1000 && code <= 1003)
        || (code >= 1007 && code <= 1014)
        || (code >= 3000 && code <= 4999);
  }

  /**
   * Closes a connection on which nothing arrives any more, though it should. The proxy may be the
   * reason, and is told so.
   *
   * @param text why, as for {@link #close}
   */
  public void giveUp(String text) {
    onLoop(passage::silent);
    close(WebSocketCloseStatus.NORMAL_CLOSURE.code(), text);
  }

  /** Whether messages can still be sent and received. */
  public boolean isOpen() {
    return channel.isActive() && !closing;
  }

  /** {@code direct}, or the proxy as {@code scheme://host:port}. */
  public String egress() {
    return egress;
  }

  /** The loop that owns the connection. */
  public EventLoop eventLoop() {
    return channel.eventLoop();
  }

  /** What stands at the end of the pipeline, behind the decoder of frames. */
  ChannelHandler handler() {
    return new Frames();
  }

  private void onLoop(Runnable action) {
    EventLoop loop = channel.eventLoop();
    if (loop.inEventLoop()) {
      action.run();
      return;
    }
    try {
      loop.execute(action);
    } catch (RejectedExecutionException ended) {
      // The loop has closed its channels before it ended: there is nothing left to act upon.
      LOG.debug("egress={} the event loop has ended", egress);
    }
  }

  private void write(WebSocketFrame frame) {
    if (closing) {
      frame.release();
      return;
    }
    passage.wrote(frame.content().readableBytes());
    channel
        .writeAndFlush(frame)
        .addListener(
            written -> {
              if (!written.isSuccess()) {
                lost(written.cause());
              }
            });
  }

  private void close(CloseReason why, String wireText) {
    if (closing) {
      return;
    }
    beginClosing(why);
    channel
        .writeAndFlush(new CloseWebSocketFrame(why.code(), fitting(wireText)))
        .addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // the listener gets the end
  private void closedByPeer(CloseWebSocketFrame frame) {
    if (!closing) {
      boolean hasStatus = frame.statusCode() >= 0;
      int code = hasStatus ? frame.statusCode() : NO_STATUS;
      beginClosing(new CloseReason(code, frame.reasonText(), null));
      CloseWebSocketFrame echo =
          hasStatus ? new CloseWebSocketFrame(code, "") : new CloseWebSocketFrame();
      channel.writeAndFlush(echo).addListener(ChannelFutureListener.CLOSE);
    } else {
      channel.close();
    }
  }

  /** From here on nothing is delivered or sent, and the socket has a second left. */
  private void beginClosing(CloseReason why) {
    closing = true;
    reason = why;
    deadline = channel.eventLoop().schedule(this::closeAtOnce, CLOSING_MS, TimeUnit.MILLISECONDS);
    // The peer's answer is behind what back-pressure has left unread.
    channel.config().setAutoRead(true);
  }

  private void closeAtOnce() {
    OriginTls.closeAtOnce(channel);
  }

  /** The connection broke. */
  private void lost(Throwable cause) {
    if (!closing) {
      beginClosing(
          new CloseReason(ABNORMAL, "the connection broke via " + egress + ": " + cause, cause));
    }
    closeAtOnce();
  }

  private void ended() {
    closing = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    reader.close();
    CloseReason why =
        reason != null
            ? reason
            : new CloseReason(
                ABNORMAL, "the connection ended without a close frame via " + egress, null);
    try {
      listener.onClosed(why);
    } catch (RuntimeException e) {
      LOG.error("egress={} the listener failed at the end of the connection: {}", egress, why, e);
    }
  }

  /** Cuts at a character, never within one. */
  private static String fitting(String text) {
    String cut = text;
    while (ByteBufUtil.utf8Bytes(cut) > LONGEST_CLOSE_TEXT) {
      int last = cut.codePointBefore(cut.length());
      cut = cut.substring(0, cut.length() - Character.charCount(last));
    }
    return cut;
  }

  /** What arrives. */
  private final class Frames extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      try {
        if (message instanceof CloseWebSocketFrame frame) {
          closedByPeer(frame);
        } else if (message instanceof WebSocketFrame frame && !closing) {
          received(frame);
        }
      } finally {
        ReferenceCountUtil.release(message);
      }
    }

    private void received(WebSocketFrame frame) {
      if (frame instanceof PingWebSocketFrame) {
        // A peer that does not read its pongs does not get to fill our memory with them.
        if (channel.isWritable()) {
          write(new PongWebSocketFrame(frame.content().retain()));
        }
        tell(listener::onControlFrame);
      } else if (frame instanceof PongWebSocketFrame) {
        if (pingNanos != 0) {
          passage.roundTrip(Duration.ofNanos(System.nanoTime() - pingNanos));
          pingNanos = 0;
        }
        tell(listener::onControlFrame);
      } else {
        data(frame);
      }
    }

    private void data(WebSocketFrame frame) {
      passage.read(frame.content().readableBytes());
      try {
        if (!reader.read(frame)) {
          return;
        }
      } catch (MessageTooLargeException | CorruptedWebSocketFrameException e) {
        violated(e);
        return;
      }
      try {
        if (reader.isBinary()) {
          listener.onBinary(reader.array(), reader.offset(), reader.length());
        } else {
          listener.onMessage(reader.array(), reader.offset(), reader.length());
        }
      } catch (RuntimeException | Error e) {
        listenerFailed(e);
      } finally {
        reader.release();
      }
    }

    private void tell(Runnable event) {
      try {
        event.run();
      } catch (RuntimeException | Error e) {
        listenerFailed(e);
      }
    }

    private void listenerFailed(Throwable e) {
      int code = WebSocketCloseStatus.INTERNAL_SERVER_ERROR.code();
      close(new CloseReason(code, "the listener failed on a message: " + e, e), "internal error");
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
      passage.readComplete();
      ctx.fireChannelReadComplete();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      if (cause instanceof CorruptedWebSocketFrameException) {
        violated(cause);
      } else {
        lost(cause);
      }
    }

    private void violated(Throwable cause) {
      WebSocketCloseStatus status =
          cause instanceof CorruptedWebSocketFrameException corrupted
              ? corrupted.closeStatus()
              : WebSocketCloseStatus.MESSAGE_TOO_BIG;
      String text = status.reasonText() + ": " + cause.getMessage();
      close(new CloseReason(status.code(), text, cause), text);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      ended();
    }
  }
}
