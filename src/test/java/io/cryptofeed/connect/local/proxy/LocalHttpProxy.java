package io.cryptofeed.connect.local.proxy;

import static io.netty.handler.codec.http.HttpHeaderNames.PROXY_AUTHENTICATE;
import static io.netty.handler.codec.http.HttpHeaderNames.PROXY_AUTHORIZATION;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_GATEWAY;
import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.METHOD_NOT_ALLOWED;
import static io.netty.handler.codec.http.HttpResponseStatus.OK;
import static io.netty.handler.codec.http.HttpResponseStatus.PROXY_AUTHENTICATION_REQUIRED;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.Future;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP proxy with CONNECT and Basic authentication, over plain TCP or TLS. It refuses every
 * other request.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
public final class LocalHttpProxy extends LocalProxy<LocalHttpProxy> {

  private @Nullable SslContext tls;
  private @Nullable HttpResponseStatus refusal;

  /** A proxy that is reached over TLS, as {@code https://}; null for one over plain TCP. */
  public LocalHttpProxy overTls(@Nullable SslContext tls) {
    this.tls = tls;
    return this;
  }

  /** Responds to every CONNECT with this status. */
  public LocalHttpProxy refusing(int status) {
    this.refusal = HttpResponseStatus.valueOf(status);
    return this;
  }

  @Override
  LocalHttpProxy self() {
    return this;
  }

  @Override
  void serve(Channel client) {
    if (tls != null) {
      client.pipeline().addLast(tls.newHandler(client.alloc()));
    }
    client.pipeline().addLast(new HttpServerCodec(), new Connect());
  }

  private final class Connect extends SimpleChannelInboundHandler<HttpObject> {

    private @Nullable HttpRequest request;

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message) {
      if (message instanceof HttpRequest head) {
        request = head;
      }
      if (message instanceof LastHttpContent && request != null) {
        answer(context, request);
      }
    }

    private void answer(ChannelHandlerContext context, HttpRequest request) {
      int colon = request.uri().lastIndexOf(':');
      if (!request.decoderResult().isSuccess()) {
        refuse(context, BAD_REQUEST);
      } else if (!request.method().equals(HttpMethod.CONNECT) || colon < 0) {
        refuse(context, METHOD_NOT_ALLOWED);
      } else if (!isAuthorized(request)) {
        refuse(context, PROXY_AUTHENTICATION_REQUIRED);
      } else if (refusal != null) {
        refuse(context, refusal);
      } else {
        String host = request.uri().substring(0, colon).replaceAll("[\\[\\]]", "");
        int port = Integer.parseInt(request.uri().substring(colon + 1));
        open(context.channel(), new Tunnel(host, port))
            .addListener((Future<Channel> opened) -> opened(context, opened));
      }
    }

    private boolean isAuthorized(HttpRequest request) {
      Credentials wanted = credentials();
      if (wanted == null) {
        return true;
      }
      String pair = wanted.user() + ":" + wanted.password();
      String basic = "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(UTF_8));
      return basic.equals(request.headers().get(PROXY_AUTHORIZATION));
    }

    private void opened(ChannelHandlerContext context, Future<Channel> opened) {
      if (!opened.isSuccess()) {
        refuse(context, BAD_GATEWAY);
        return;
      }
      context.writeAndFlush(response(OK));
      context.pipeline().remove(HttpServerCodec.class);
      context.pipeline().remove(this);
      join(context.channel(), opened.getNow());
    }

    private void refuse(ChannelHandlerContext context, HttpResponseStatus status) {
      FullHttpResponse response = response(status);
      response.headers().setInt(HttpHeaderNames.CONTENT_LENGTH, 0);
      if (status.equals(PROXY_AUTHENTICATION_REQUIRED)) {
        response.headers().set(PROXY_AUTHENTICATE, "Basic realm=\"local\"");
      }
      ChannelFuture written = context.writeAndFlush(response);
      written.addListener(ChannelFutureListener.CLOSE);
    }

    private FullHttpResponse response(HttpResponseStatus status) {
      return new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
