package io.cryptofeed.connect.proxy.probe;

import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.HealthSettings.Target;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One request through a proxy, to see whether the answer has an expected status. Owned by one event
 * loop.
 */
final class HttpProbe extends ChannelInboundHandlerAdapter {

  private static final int FIRST_ERROR = 400;
  private static final int FIRST_SUCCESS = 200;

  private final Target target;
  private final HealthSettings settings;
  private final Promise<Channel> answered;

  HttpProbe(Target target, HealthSettings settings, Promise<Channel> answered) {
    this.target = target;
    this.settings = settings;
    this.answered = answered;
  }

  /** Builds the pipeline towards the target, and asks. */
  void begin(Channel channel, SslContext tls) {
    Future<?> deadline =
        channel
            .eventLoop()
            .schedule(
                () -> fail("did not answer within " + settings.timeout().toMillis() + " ms", null),
                settings.timeout().toNanos(),
                TimeUnit.NANOSECONDS);
    answered.addListener(
        done -> {
          deadline.cancel(false);
          if (!done.isSuccess()) {
            channel.close();
          }
        });
    if (target.secure()) {
      SslHandler handler = tls.newHandler(channel.alloc(), target.host(), target.port());
      channel.pipeline().addLast(handler);
      handler
          .handshakeFuture()
          .addListener(
              done -> {
                if (!done.isSuccess()) {
                  fail("failed the TLS handshake", done.cause());
                }
              });
    }
    channel.pipeline().addLast(new HttpClientCodec(), this);
    channel
        .writeAndFlush(request())
        .addListener(
            sent -> {
              if (!sent.isSuccess()) {
                fail("could not be asked", sent.cause());
              }
            });
  }

  private DefaultFullHttpRequest request() {
    DefaultFullHttpRequest get =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.GET, target.pathAndQuery(), Unpooled.EMPTY_BUFFER);
    boolean usualPort = target.port() == (target.secure() ? 443 : 80);
    // An IPv6 address stands in brackets (RFC 3986, 3.2.2).
    String host = target.host().indexOf(':') < 0 ? target.host() : "[" + target.host() + "]";
    get.headers()
        .set(HttpHeaderNames.HOST, usualPort ? host : host + ":" + target.port())
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    return get;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    try {
      if (message instanceof HttpResponse response) {
        int status = response.status().code();
        if (response.decoderResult().isFailure()) {
          fail("did not respond with HTTP", response.decoderResult().cause());
        } else if (isExpected(status)) {
          answered.trySuccess(context.channel());
        } else {
          fail("answered " + status, null);
        }
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private boolean isExpected(int status) {
    return settings.expectedStatuses().isEmpty()
        ? status >= FIRST_SUCCESS && status < FIRST_ERROR
        : settings.expectedStatuses().contains(status);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    fail("closed the connection without an answer", null);
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    fail("broke the connection", cause);
  }

  private void fail(String what, @Nullable Throwable cause) {
    answered.tryFailure(
        new IOException(
            target.host() + ":" + target.port() + target.pathAndQuery() + " " + what, cause));
  }
}
