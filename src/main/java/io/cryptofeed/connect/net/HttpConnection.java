package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxiedChannel;
import io.cryptofeed.connect.text.UntrustedText;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpContentDecompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A connection that serves one request after the other, and waits idle in between for a limited
 * time. Owned by one event loop.
 */
final class HttpConnection extends ChannelInboundHandlerAdapter {

  /** Of one piece of a compressed body: 8 KiB cannot expand to more than 8 MiB. */
  private static final Set<String> ASKED = Set.of("gzip", "x-gzip", "deflate", "x-deflate");

  private static final int LONGEST_ENCODING = 40;

  private static final int MAX_INFLATED_PIECE = 16 << 20;

  private final HttpClient client;
  private final HttpClient.Route route;
  private final ProxiedChannel passage;
  private final Channel channel;
  private final Duration keptIdle;

  private @Nullable PendingRequest request;
  private long sentNanos;
  private @Nullable HttpResponse head;
  private MessageBuffer body = new MessageBuffer(0);
  private @Nullable Throwable broken;
  private @Nullable Future<?> eviction;

  /**
   * @param keptIdle how long the connection waits for its next request
   * @param first the request for which the connection is opened
   */
  HttpConnection(
      HttpClient client,
      HttpClient.Route route,
      ProxiedChannel passage,
      Duration keptIdle,
      PendingRequest first) {
    this.client = client;
    this.route = route;
    this.passage = passage;
    this.channel = passage.channel();
    this.keptIdle = keptIdle;
    this.request = first;
    first.runsOn(this);
  }

  void addTo(ChannelPipeline pipeline) {
    pipeline.addLast(HttpCodec.client(), new AskedEncodings(), this);
  }

  /** Decodes what was asked for, and nothing else: Netty knows more formats than that. */
  private static final class AskedEncodings extends HttpContentDecompressor {

    AskedEncodings() {
      super(false, MAX_INFLATED_PIECE);
    }

    @Override
    protected @Nullable EmbeddedChannel newContentDecoder(String encoding) throws Exception {
      return ASKED.contains(encoding.toLowerCase(Locale.ROOT))
          ? super.newContentDecoder(encoding)
          : null;
    }
  }

  HttpClient.Route route() {
    return route;
  }

  ProxiedChannel passage() {
    return passage;
  }

  /** May be called by any thread. */
  void close() {
    OriginTls.closeAtOnce(channel);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of an idle connection
  private void evict() {
    client.forget(this);
    channel.close();
  }

  void send(PendingRequest next) {
    if (eviction != null) {
      eviction.cancel(false);
    }
    request = next;
    sentNanos = System.nanoTime();
    next.runsOn(this);
    head = null;
    body = new MessageBuffer(next.maxBodyBytes());
    channel
        .writeAndFlush(message(next))
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                broke(sent.cause());
              }
            });
  }

  private HttpRequest message(PendingRequest next) {
    HttpRequestParts parts = next.parts();
    byte[] content = parts.body();
    HttpRequest message =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1,
            HttpMethod.valueOf(parts.method()),
            next.target(),
            Unpooled.wrappedBuffer(content));
    HttpHeaders headers = message.headers();
    headers
        .set(HttpHeaderNames.HOST, route.endpoint().hostHeader())
        .set(HttpHeaderNames.USER_AGENT, UserAgent.VALUE)
        .set(HttpHeaderNames.ACCEPT, "*/*")
        .set(HttpHeaderNames.ACCEPT_ENCODING, "gzip, deflate");
    parts.headers().forEach(headers::set);
    if (!parts.isRepeatable()) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, content.length);
    }
    return message;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      PendingRequest asked = request;
      if (asked == null) {
        // Nobody asked: what comes now would be taken for the next answer.
        evict();
      } else if (message instanceof HttpObject part) {
        received(asked, part);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(PendingRequest asked, HttpObject message) {
    if (message.decoderResult().isFailure()) {
      refuse(asked, "is not valid HTTP", message.decoderResult().cause());
      return;
    }
    if (message instanceof HttpResponse response) {
      begun(asked, response);
    }
    if (message instanceof HttpContent content && head != null && request != null) {
      continued(asked, head, content);
    }
  }

  private void begun(PendingRequest asked, HttpResponse response) {
    asked.answered();
    if (response.status().equals(HttpResponseStatus.SWITCHING_PROTOCOLS)) {
      refuse(asked, "switches to a protocol that was not asked for", null);
    } else if (response.status().codeClass() != HttpStatusClass.INFORMATIONAL) {
      head = response;
      String encoding = response.headers().get(HttpHeaderNames.CONTENT_ENCODING);
      if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
        // What has been decoded has no such header any more.
        refuse(
            asked,
            "has the content encoding '"
                + UntrustedText.sanitised(encoding, LONGEST_ENCODING)
                + "', which was not asked for",
            null);
      } else if (HttpUtil.getContentLength(response, 0L) > asked.maxBodyBytes()) {
        refuse(asked, "has more than " + asked.maxBodyBytes() + " bytes", null);
      }
    }
  }

  private void continued(PendingRequest asked, HttpResponse response, HttpContent content) {
    try {
      body.append(content.content());
    } catch (MessageTooLargeException e) {
      refuse(asked, "has " + e.getMessage(), e);
      return;
    }
    if (content instanceof LastHttpContent) {
      finished(asked, response);
    }
  }

  private void finished(PendingRequest asked, HttpResponse response) {
    HttpAnswer answer =
        new HttpAnswer(
            response.status().code(),
            headers(response),
            Arrays.copyOf(body.array(), body.length()),
            EpochClock.nowNs());
    passage.read(body.length());
    passage.answered(
        answer.status(),
        answer.retryAfter(System.currentTimeMillis()).orElse(null),
        Duration.ofNanos(System.nanoTime() - sentNanos));
    request = null;
    head = null;
    body = new MessageBuffer(0);
    if (HttpUtil.isKeepAlive(response) && channel.isActive() && !client.isClosed()) {
      client.keepIdle(this);
      eviction =
          channel.eventLoop().schedule(this::evict, keptIdle.toNanos(), TimeUnit.NANOSECONDS);
    } else {
      close();
    }
    // Last, so that the one who gets the response finds the connection idle.
    asked.complete(answer);
  }

  private static Map<String, String> headers(HttpResponse response) {
    Map<String, String> headers = new HashMap<>();
    response
        .headers()
        .forEach(
            header ->
                headers.merge(
                    header.getKey().toLowerCase(Locale.ROOT),
                    header.getValue(),
                    (one, other) -> one + ", " + other));
    return Map.copyOf(headers);
  }

  private void refuse(PendingRequest asked, String why, @Nullable Throwable cause) {
    request = null;
    asked.fail(
        new IOException(
            String.format("the answer to %s via %s %s", asked, passage.egress(), why), cause));
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    broke(cause);
  }

  private void broke(Throwable cause) {
    broken = cause;
    close();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (eviction != null) {
      eviction.cancel(false);
    }
    client.forget(this);
    PendingRequest asked = request;
    if (asked != null) {
      request = null;
      asked.lost(broken);
    }
  }
}
