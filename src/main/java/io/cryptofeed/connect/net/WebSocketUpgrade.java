package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxiedChannel;
import io.netty.buffer.AdaptiveByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.codec.http.websocketx.WebSocket13FrameDecoder;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketHandshakeException;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to turn an open channel into a WebSocket: TLS where the URL asks for it, the upgrade
 * request, and what the exchange answers. Owned by one event loop.
 */
final class WebSocketUpgrade extends ChannelInboundHandlerAdapter {

  /**
   * Frames are decoded into arrays, which the parser reads where they lie. Sockets are read into
   * direct memory whatever this says.
   */
  private static final ByteBufAllocator HEAP = new AdaptiveByteBufAllocator(false);

  private static final String FRAME_DECODER = "ws-decoder";
  private static final int EXCERPT_BYTES = 2 << 10;

  private final String exchange;
  private final Endpoint endpoint;
  private final WebSocketOptions options;
  private final WebSocketListener listener;
  private final OriginTls tls;
  private final Promise<WebSocketConnection> promise;
  private final WebSocketClientHandshaker handshaker;

  private @Nullable HttpResponse refusal;
  private final StringBuilder excerpt = new StringBuilder();
  private String stage = "the TLS handshake";
  private long requestNanos;
  private @Nullable ProxiedChannel passage;

  WebSocketUpgrade(
      String exchange,
      URI uri,
      Endpoint endpoint,
      WebSocketOptions options,
      WebSocketListener listener,
      OriginTls tls,
      Promise<WebSocketConnection> promise) {
    this.exchange = exchange;
    this.endpoint = endpoint;
    this.options = options;
    this.listener = listener;
    this.tls = tls;
    this.promise = promise;
    this.handshaker = handshaker(URI.create(uri.toASCIIString()));
  }

  private WebSocketClientHandshaker handshaker(URI uri) {
    HttpHeaders headers =
        new DefaultHttpHeaders()
            .set(HttpHeaderNames.HOST, endpoint.hostHeader())
            .set(HttpHeaderNames.USER_AGENT, UserAgent.VALUE);
    if (options.compression()) {
      headers.set(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, PerMessageDeflate.OFFER);
    }
    options.headers().forEach(headers::set);
    boolean withOrigin = false;
    return WebSocketClientHandshakerFactory.newHandshaker(
        uri,
        WebSocketVersion.V13,
        options.protocols(),
        true,
        headers,
        options.maxMessageBytes(),
        true,
        false,
        0,
        false,
        withOrigin);
  }

  /** Builds the pipeline on a channel whose way to the exchange is open, and begins. */
  void begin(ProxiedChannel open) {
    passage = open;
    Channel channel = open.channel();
    if (promise.isDone()) {
      OriginTls.closeAtOnce(channel);
      return;
    }
    Future<?> deadline =
        channel
            .eventLoop()
            .schedule(this::timedOut, options.handshakeTimeout().toNanos(), TimeUnit.NANOSECONDS);
    promise.addListener(
        done -> {
          deadline.cancel(false);
          if (!done.isSuccess()) {
            OriginTls.closeAtOnce(channel);
          }
        });
    channel.config().setAllocator(HEAP);
    io.netty.util.concurrent.Future<Channel> ready = tls.begin(channel, endpoint, open.egress());
    channel.pipeline().addLast(HttpCodec.client(), this);
    ready.addListener(
        done -> {
          if (done.isSuccess()) {
            request(channel);
          } else {
            promise.tryFailure(done.cause());
          }
        });
  }

  private ProxiedChannel passage() {
    return Objects.requireNonNull(passage);
  }

  private String egress() {
    return passage().egress();
  }

  private void timedOut() {
    if (refusal != null) {
      refused(refusal);
      return;
    }
    Duration timeout = options.handshakeTimeout();
    promise.tryFailure(
        new SocketTimeoutException(
            String.format(
                "%s at %s did not complete %s within %d ms via %s",
                exchange, endpoint, stage, timeout.toMillis(), egress())));
  }

  private void request(Channel channel) {
    stage = "the WebSocket handshake";
    requestNanos = System.nanoTime();
    handshaker
        .handshake(channel)
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                broken(sent.cause());
              }
            });
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpObject part && part.decoderResult().isFailure()) {
        unreadable(part.decoderResult().cause());
        return;
      }
      if (message instanceof HttpResponse response) {
        head(ctx, response);
      }
      if (message instanceof HttpContent content && refusal != null) {
        body(refusal, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void head(ChannelHandlerContext ctx, HttpResponse answer) {
    if (answer.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      accepted(ctx, answer.headers());
    } else if (answer.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      refusal = answer;
    }
  }

  private void body(HttpResponse refusal, HttpContent content) {
    ByteBuf body = content.content();
    int wanted = Math.min(body.readableBytes(), EXCERPT_BYTES - excerpt.length());
    excerpt.append(body.toString(body.readerIndex(), wanted, StandardCharsets.ISO_8859_1));
    if (content instanceof LastHttpContent || excerpt.length() >= EXCERPT_BYTES) {
      refused(refusal);
    }
  }

  private void accepted(ChannelHandlerContext ctx, HttpHeaders headers) {
    PerMessageDeflate deflate;
    try {
      handshaker.finishHandshake(ctx.channel(), switched(headers));
      deflate =
          PerMessageDeflate.agreed(
              options.compression(), headers.getAll(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS));
    } catch (WebSocketHandshakeException | IOException e) {
      promise.tryFailure(
          new IOException(
              String.format(
                  "%s at %s answered the WebSocket handshake wrongly via %s: %s",
                  exchange, endpoint, egress(), e.getMessage()),
              e));
      return;
    }
    if (!promise.setUncancellable()) {
      return;
    }
    passage().answered(HttpResponseStatus.SWITCHING_PROTOCOLS.code(), null, sinceRequest());
    MessageReader reader = new MessageReader(options.maxMessageBytes(), deflate);
    WebSocketConnection connection = new WebSocketConnection(passage(), reader, listener);
    ctx.pipeline().replace(FRAME_DECODER, FRAME_DECODER, new WebSocket13FrameDecoder(frames()));
    ctx.pipeline().replace(this, null, connection.handler());
    promise.setSuccess(connection);
  }

  private static DefaultFullHttpResponse switched(HttpHeaders headers) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1,
        HttpResponseStatus.SWITCHING_PROTOCOLS,
        Unpooled.EMPTY_BUFFER,
        headers,
        EmptyHttpHeaders.INSTANCE);
  }

  /**
   * The handshaker's own decoder would close the channel under its close frame. The extension's
   * bits are checked by {@link MessageReader}. Text is not checked to be UTF-8, frame by frame and
   * before decompression: the parser reads every byte of it anyhow, and refuses what is not.
   */
  private WebSocketDecoderConfig frames() {
    return WebSocketDecoderConfig.newBuilder()
        .expectMaskedFrames(false)
        .allowExtensions(true)
        .maxFramePayloadLength(options.maxMessageBytes())
        .closeOnProtocolViolation(false)
        .withUTF8Validator(false)
        .build();
  }

  private void refused(HttpResponse answer) {
    HttpHeaders headers = answer.headers();
    Duration wait =
        RetryAfter.parse(headers.get(HttpHeaderNames.RETRY_AFTER), System.currentTimeMillis())
            .orElse(null);
    if (promise.isDone()) {
      return;
    }
    passage().answered(answer.status().code(), wait, sinceRequest());
    promise.tryFailure(
        new HandshakeRefusedException(
            exchange,
            endpoint.toString(),
            egress(),
            answer.status().code(),
            wait,
            headers.get(HttpHeaderNames.LOCATION),
            excerpt.toString(),
            passage().hasAnother()));
  }

  private Duration sinceRequest() {
    return Duration.ofNanos(System.nanoTime() - requestNanos);
  }

  private void unreadable(Throwable cause) {
    promise.tryFailure(
        new IOException(
            String.format(
                "what %s at %s answers via %s is not HTTP: check the scheme and the port of the URL",
                exchange, endpoint, egress()),
            cause));
  }

  private void broken(Throwable cause) {
    promise.tryFailure(
        new IOException(
            String.format(
                "the connection to %s at %s broke during %s via %s: %s",
                exchange, endpoint, stage, egress(), cause),
            cause));
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (refusal != null) {
      refused(refusal);
    } else {
      promise.tryFailure(
          new IOException(
              String.format(
                  "%s at %s closed the connection during %s via %s",
                  exchange, endpoint, stage, egress())));
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broken(cause);
  }
}
