package io.cryptofeed.connect.proxy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.Future;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Opens connections of the exchange {@code binance} through the injector. */
public final class Client implements AutoCloseable {

  static final String KEY = "proxy.default.websocket.url";

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = loops.next();
  private final LocalCertificates trusted;
  private final TestNames names;
  private final List<String> events = new CopyOnWriteArrayList<>();

  Client(TestNames names, LocalCertificates trusted) {
    this.names = names;
    this.trusted = trusted;
  }

  Client(TestNames names) {
    this(names, LocalCertificates.create());
  }

  /** Opens a connection through this proxy. */
  Future<ProxiedChannel> open(String proxyUrl, String host, int port) {
    return open(proxyUrl, Duration.ofSeconds(30), host, port);
  }

  Future<ProxiedChannel> open(String proxyUrl, Duration timeout, String host, int port) {
    return open(new Via.Proxy(ProxyUrl.parse(proxyUrl)), timeout, host, port);
  }

  Future<ProxiedChannel> openDirectly(Duration timeout, String host, int port) {
    return open(new Via.Direct(), timeout, host, port);
  }

  private Future<ProxiedChannel> open(Via via, Duration timeout, String host, int port) {
    return Settings.injector(Settings.of(via, KEY, timeout), trusted.client(), names)
        .connect(
            loop,
            new Destination("binance", Transport.WEBSOCKET, host, port),
            opened -> {
              Channel channel = opened.channel();
              events.add("origin pipeline");
              channel.pipeline().addLast("destination", new Recorder());
            });
  }

  EventLoop loop() {
    return loop;
  }

  /** All that the pipeline towards the destination was told, in order. */
  List<String> events() {
    return events;
  }

  /** Sends a word and waits for it to come back. */
  void exchangeWords(Channel channel, String word) {
    channel.writeAndFlush(Unpooled.copiedBuffer(word, UTF_8)).syncUninterruptibly();
    await().until(() -> String.join("", events).contains(word));
  }

  static ConnectFailure failureOf(Future<ProxiedChannel> opening) throws Exception {
    try {
      opening.get(20, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof ConnectFailure failure) {
        return failure;
      }
      throw e;
    }
    throw new AssertionError("the connection was opened");
  }

  /** All that a log would show of a failure. */
  public static String allTextOf(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Override
  public void close() {
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  private final class Recorder extends ChannelInboundHandlerAdapter {

    @Override
    public void channelActive(ChannelHandlerContext context) {
      events.add("active");
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      events.add("inactive");
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      ByteBuf bytes = (ByteBuf) message;
      events.add(bytes.toString(UTF_8));
      bytes.release();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      events.add("event " + event);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      events.add("exception " + cause);
    }
  }
}
