package io.cryptofeed.connect.local.venue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The venue's end of one WebSocket. Text is collected, already framed, in one buffer until {@link
 * #flush()}, so that a burst of messages costs one write; a client that negotiated compression gets
 * every message through the codec instead.
 *
 * <p>Owned by the venue's thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is a client that has left
public final class ClientSocket {

  private static final int TEXT = 1;
  private static final int BINARY = 2;
  private static final int CONTINUATION = 0;
  private static final int FINAL = 0x80;
  private static final int BATCH_BYTES = 128 << 10;
  private static final long CLOSE_TIMEOUT_MS = 1_000;

  private final Channel channel;
  private final boolean compressed;
  private final int fragmentBytes;
  private final int slowClientBytes;
  private final LongAdder framesSent;
  private @Nullable ByteBuf batch;
  private boolean dirty;
  private boolean closing;

  public ClientSocket(
      Channel channel, boolean compressed, SimulatorOptions options, LongAdder framesSent) {
    this.channel = channel;
    this.compressed = compressed;
    this.fragmentBytes = options.fragmentBytes();
    this.slowClientBytes = options.slowClientBytes();
    this.framesSent = framesSent;
  }

  public InetSocketAddress peer() {
    return (InetSocketAddress) channel.remoteAddress();
  }

  /** Whether the client reads as fast as the venue sends. */
  public boolean isWritable() {
    return channel.isWritable();
  }

  public boolean isOpen() {
    return channel.isActive() && !closing;
  }

  public void send(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    send(bytes, bytes.length, TEXT);
  }

  public void send(byte[] bytes, boolean binary) {
    send(bytes, bytes.length, binary ? BINARY : TEXT);
  }

  public void send(JsonBytes text) {
    send(text.bytes(), text.length(), TEXT);
  }

  private void send(byte[] bytes, int length, int opcode) {
    if (!isOpen()) {
      return;
    }
    int from = 0;
    do {
      int until = (int) Math.min(length, (long) from + fragmentBytes);
      writeFrame(bytes, from, until, from == 0 ? opcode : CONTINUATION, until == length);
      from = until;
    } while (from < length);
    dirty = true;
    framesSent.increment();
  }

  private void writeFrame(byte[] bytes, int from, int until, int opcode, boolean last) {
    if (compressed) {
      ByteBuf payload = Unpooled.copiedBuffer(bytes, from, until - from);
      WebSocketFrame frame =
          opcode == TEXT
              ? new TextWebSocketFrame(last, 0, payload)
              : new ContinuationWebSocketFrame(last, 0, payload);
      write(frame);
      return;
    }
    ByteBuf out = batch;
    if (out == null) {
      out = channel.alloc().buffer(4096);
      batch = out;
    }
    int length = until - from;
    out.writeByte(last ? FINAL | opcode : opcode);
    if (length < 126) {
      out.writeByte(length);
    } else if (length < 1 << 16) {
      out.writeByte(126).writeShort(length);
    } else {
      out.writeByte(127).writeLong(length);
    }
    out.writeBytes(bytes, from, length);
    if (out.readableBytes() >= BATCH_BYTES) {
      writeBatch();
    }
  }

  /** Sends the collected messages; disconnects a client that reads too slowly. */
  public void flush() {
    if (!dirty) {
      return;
    }
    dirty = false;
    writeBatch();
    channel.flush();
    // A channel that has just failed has no buffer, and reports an endless one.
    if (channel.isActive() && channel.bytesBeforeWritable() > slowClientBytes) {
      reset();
    }
  }

  public void ping(long payload) {
    writeBatch();
    write(new PingWebSocketFrame(Unpooled.copyLong(payload)));
    dirty = true;
  }

  public void pong(ByteBuf payload) {
    writeBatch();
    write(new PongWebSocketFrame(payload));
    dirty = true;
  }

  /** Closes as the WebSocket protocol requires: waits a moment for the client's close frame. */
  public void close(int code, String text) {
    if (!isOpen()) {
      return;
    }
    writeBatch();
    closing = true;
    write(new CloseWebSocketFrame(code, text));
    channel.flush();
    channel.eventLoop().schedule(() -> channel.close(), CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
  }

  /** Handles the client's close frame: responds to it, unless it is a response. */
  public void closeArrived(CloseWebSocketFrame frame) {
    if (closing) {
      channel.close();
      return;
    }
    writeBatch();
    closing = true;
    ChannelFuture answered = channel.writeAndFlush(new CloseWebSocketFrame(frame.statusCode(), ""));
    answered.addListener(ChannelFutureListener.CLOSE);
  }

  /**
   * Closes the connection with a TCP reset, without a close frame and without TLS's close_notify.
   */
  public void reset() {
    closing = true;
    reset(channel);
  }

  public static void reset(Channel channel) {
    channel.config().setOption(ChannelOption.SO_LINGER, 0);
    // Starts at the first handler, so that TLS sends no close_notify.
    channel.pipeline().firstContext().close();
  }

  /** Releases the messages that were not sent. */
  public void release() {
    closing = true;
    if (batch != null) {
      batch.release();
      batch = null;
    }
  }

  private void writeBatch() {
    ByteBuf full = batch;
    if (full != null) {
      batch = null;
      // Already framed: the frame encoder does not change buffers.
      channel.write(full, channel.voidPromise());
    }
  }

  private void write(WebSocketFrame frame) {
    channel.write(frame);
  }
}
