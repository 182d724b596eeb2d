package io.cryptofeed.connect.net;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An exchange's WebSocket endpoint whose every frame the test decides: it does not respond to pings
 * or close frames by itself.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the client shows whether it worked
final class WebSocketServer {

  private static final int LARGEST_FRAME = 64 << 20;

  private final Channel listening;
  private final @Nullable SslContext tls;
  private final HttpHeaders handshakeHeaders = new DefaultHttpHeaders();
  private final BlockingQueue<HttpHeaders> requests = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> targets = new LinkedBlockingQueue<>();
  private final BlockingQueue<WebSocketFrame> received = new LinkedBlockingQueue<>();
  private final CompletableFuture<Channel> connected = new CompletableFuture<>();
  private final CompletableFuture<Void> disconnected = new CompletableFuture<>();
  private volatile boolean silent;
  private volatile boolean compressing;
  private volatile @Nullable String greeting;
  private volatile @Nullable String rawAnswer;

  WebSocketServer(Loopback loopback) {
    this(loopback, null);
  }

  WebSocketServer(Loopback loopback, @Nullable SslContext tls) {
    this.tls = tls;
    this.listening = loopback.listen(this::build);
  }

  /** Accepts connections and sends nothing. */
  WebSocketServer staysSilent() {
    silent = true;
    return this;
  }

  /** Compresses with Netty's own implementation of permessage-deflate. */
  WebSocketServer compresses() {
    compressing = true;
    return this;
  }

  /** Adds a header to the handshake response. */
  WebSocketServer answersWith(CharSequence header, String value) {
    handshakeHeaders.set(header, value);
    return this;
  }

  /** Sends a frame in the same write as the handshake response. */
  WebSocketServer greets(String text) {
    greeting = text;
    return this;
  }

  /** Responds to the handshake with these bytes, then closes. */
  WebSocketServer answersRaw(String answer) {
    rawAnswer = answer;
    return this;
  }

  URI uri() {
    return URI.create((tls == null ? "ws" : "wss") + "://localhost:" + port() + "/stream");
  }

  int port() {
    return Loopback.port(listening);
  }

  /** The headers of the next handshake. */
  HttpHeaders request() throws InterruptedException {
    return requireNonNull(requests.poll(20, TimeUnit.SECONDS), "no handshake arrived");
  }

  /** Path and query of the next handshake. */
  String target() throws InterruptedException {
    return requireNonNull(targets.poll(20, TimeUnit.SECONDS), "no handshake arrived");
  }

  /** The next frame that the client sent. */
  WebSocketFrame received() throws InterruptedException {
    WebSocketFrame frame = received.poll(20, TimeUnit.SECONDS);
    return requireNonNull(frame, "no frame arrived");
  }

  void send(WebSocketFrame... frames) {
    Channel channel = Loopback.await(connected);
    for (WebSocketFrame frame : frames) {
      channel.write(frame);
    }
    channel.flush();
  }

  void sendRaw(ByteBuf bytes) {
    Channel channel = Loopback.await(connected);
    requireNonNull(channel.pipeline().firstContext()).writeAndFlush(bytes);
  }

  /** Closes the socket without a close frame. */
  void hangUp() {
    Loopback.await(connected).close();
  }

  /** Whether the client has closed the connection. */
  boolean isDeserted() {
    return disconnected.isDone();
  }

  private void build(Channel channel) {
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(1 << 16));
    if (compressing) {
      channel.pipeline().addLast(new WebSocketServerCompressionHandler(0));
    }
    channel.pipeline().addLast(new Conversation());
  }

  private final class Conversation extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      if (message instanceof FullHttpRequest request) {
        handshake(ctx.channel(), request);
        ReferenceCountUtil.release(message);
      } else {
        // Unpooled, so that a test may look at it at leisure.
        WebSocketFrame frame = (WebSocketFrame) message;
        received.add(frame.replace(Unpooled.copiedBuffer(frame.content())));
        frame.release();
      }
    }

    private void handshake(Channel channel, FullHttpRequest request) {
      requests.add(request.headers().copy());
      targets.add(request.uri());
      String raw = rawAnswer;
      if (raw != null) {
        ByteBuf bytes = Unpooled.copiedBuffer(raw, StandardCharsets.ISO_8859_1);
        requireNonNull(channel.pipeline().context(HttpServerCodec.class))
            .writeAndFlush(bytes)
            .addListener(done -> channel.close());
        return;
      }
      if (silent) {
        return;
      }
      requireNonNull(
              new WebSocketServerHandshakerFactory(uri().toString(), null, true, LARGEST_FRAME)
                  .newHandshaker(request))
          .handshake(channel, request, handshakeHeaders, channel.newPromise());
      String text = greeting;
      if (text != null) {
        channel.writeAndFlush(new TextWebSocketFrame(text));
      }
      connected.complete(channel);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      disconnected.complete(null);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** An HTTP response as text. */
  static String http(HttpResponseStatus status, String body, String... headers) {
    DefaultFullHttpResponse answer =
        new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status, Unpooled.EMPTY_BUFFER);
    StringBuilder text = new StringBuilder("HTTP/1.1 " + answer.status() + "\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    return text.append(HttpHeaderNames.CONTENT_LENGTH)
        .append(": ")
        .append(body.length())
        .append("\r\n\r\n")
        .append(body)
        .toString();
  }
}
