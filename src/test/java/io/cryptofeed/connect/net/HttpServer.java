package io.cryptofeed.connect.net;

import static java.util.Objects.requireNonNull;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** An exchange's REST endpoint whose every byte the test decides. */
@SuppressWarnings("FutureReturnValueIgnored") // the client shows whether it worked
final class HttpServer {

  private final Channel listening;
  private final @Nullable SslContext tls;
  private final Behaviour behaviour;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger deserted = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private final BlockingQueue<HttpHeaders> headers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> targets = new LinkedBlockingQueue<>();

  HttpServer(Loopback loopback, Behaviour behaviour) {
    this(loopback, null, behaviour);
  }

  HttpServer(Loopback loopback, @Nullable SslContext tls, Behaviour behaviour) {
    this.tls = tls;
    this.behaviour = behaviour;
    this.listening = loopback.listen(this::build);
  }

  URI uri(String pathAndQuery) {
    return URI.create((tls == null ? "http" : "https") + "://localhost:" + port() + pathAndQuery);
  }

  int port() {
    return Loopback.port(listening);
  }

  /** How many connections were accepted. */
  int connections() {
    return connections.get();
  }

  /** How many connections the clients have closed. */
  int deserted() {
    return deserted.get();
  }

  int requests() {
    return requests.get();
  }

  HttpHeaders headers() throws InterruptedException {
    return requireNonNull(headers.poll(20, TimeUnit.SECONDS), "no request arrived");
  }

  String target() throws InterruptedException {
    return requireNonNull(targets.poll(20, TimeUnit.SECONDS), "no request arrived");
  }

  private void build(Channel channel) {
    connections.incrementAndGet();
    channel.closeFuture().addListener(closed -> deserted.incrementAndGet());
    if (tls != null) {
      channel.pipeline().addLast(tls.newHandler(channel.alloc()));
    }
    channel
        .pipeline()
        .addLast(new HttpRequestDecoder(), new HttpObjectAggregator(1 << 16), new Conversation());
  }

  private final class Conversation extends ChannelInboundHandlerAdapter {

    private int asked;

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
      FullHttpRequest request = (FullHttpRequest) message;
      headers.add(request.headers().copy());
      targets.add(request.uri());
      request.release();
      requests.incrementAndGet();
      asked++;
      behaviour.answer(new Turn(ctx.channel(), asked));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      ctx.close();
    }
  }

  /** What the server does with a request. */
  @FunctionalInterface
  interface Behaviour {
    void answer(Turn turn);
  }

  /**
   * A request that waits for what the server does with it.
   *
   * @param number 1 for the first on its connection
   */
  record Turn(Channel channel, int number) {

    void ok(String body, String... headers) {
      head("200 OK", headers);
      text("content-length: " + body.length() + "\r\n\r\n" + body);
    }

    void ok(byte[] body, String... headers) {
      head("200 OK", headers);
      text("content-length: " + body.length + "\r\n\r\n");
      bytes(Unpooled.wrappedBuffer(body));
    }

    void status(String status, String body, String... headers) {
      head(status, headers);
      text("content-length: " + body.length() + "\r\n\r\n" + body);
    }

    void head(String status, String... headers) {
      StringBuilder head = new StringBuilder("HTTP/1.1 " + status + "\r\n");
      for (String header : headers) {
        head.append(header).append("\r\n");
      }
      text(head.toString());
    }

    void text(String text) {
      bytes(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    void bytes(ByteBuf bytes) {
      channel.writeAndFlush(bytes);
    }

    void hangUp() {
      channel.close();
    }
  }
}
