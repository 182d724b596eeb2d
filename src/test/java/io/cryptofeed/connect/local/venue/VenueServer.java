package io.cryptofeed.connect.local.venue;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpContentCompressor;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshaker;
import io.netty.handler.codec.http.websocketx.WebSocketServerHandshakerFactory;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A venue on the loopback interface: WebSocket and REST on one port, with faults that a test can
 * cause and counters of the clients' actions. One thread owns the venue; the public methods may be
 * called by any thread and take effect before they return.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails is a client that has left
public abstract class VenueServer implements AutoCloseable {

  private static final int MAX_CLIENT_MESSAGE = 1 << 20;
  private static final long TICK_MS = 5;
  private static final WriteBufferWaterMark WATER_MARK =
      new WriteBufferWaterMark(256 << 10, 1 << 20);

  private final SimulatorOptions options;
  private final MultiThreadIoEventLoopGroup group;
  private final EventLoop loop;

  private final LongAdder connectionsAccepted = new LongAdder();
  private final LongAdder connectionsRefused = new LongAdder();
  private final LongAdder webSocketsOpened = new LongAdder();
  private final LongAdder framesSent = new LongAdder();
  private final Map<String, LongAdder> requests = new ConcurrentHashMap<>();
  private final List<InetSocketAddress> peers = new CopyOnWriteArrayList<>();

  // Owned by the loop.
  private final Set<Channel> connections = new LinkedHashSet<>();
  private final Map<Channel, ClientHandler> clients = new LinkedHashMap<>();
  private @Nullable HttpReply handshakeRefusal;
  private @Nullable HttpReply restFailure;
  private int restFailures;
  private Duration restDelay = Duration.ZERO;
  private boolean stalled;

  private volatile int port;
  private volatile @Nullable Channel listening;
  private volatile boolean ticking;

  public VenueServer(String name, SimulatorOptions options) {
    this.options = options;
    this.port = options.port();
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name, true), NioIoHandler.newFactory());
    loop = group.next();
  }

  /** Opens the venue's side of a WebSocket; null if the path has none. */
  public abstract @Nullable VenueSession openSession(HttpCall handshake, ClientSocket socket);

  /** The response to a REST call; null for no response at all. */
  public abstract @Nullable HttpReply answer(HttpCall call);

  /** The body of an error response that a test has asked for. */
  public abstract String errorBody(int status);

  /** Whether the venue accepts permessage-deflate. */
  public abstract boolean compresses();

  /** Called a few hundred times a second, unless the venue is stalled. */
  public void tick(long nanoTime) {}

  /** Called when a client can receive data again. */
  public void writable() {}

  public final SimulatorOptions options() {
    return options;
  }

  // ---- Start and stop ----

  /** Starts to listen; after a stop, on the same port. */
  public final synchronized void start() {
    if (listening != null) {
      return;
    }
    Channel bound =
        new ServerBootstrap()
            .group(group)
            .channel(NioServerSocketChannel.class)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.WRITE_BUFFER_WATER_MARK, WATER_MARK)
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel);
                  }
                })
            .bind(InetAddress.getLoopbackAddress(), port)
            .syncUninterruptibly()
            .channel();
    listening = bound;
    port = ((InetSocketAddress) bound.localAddress()).getPort();
    if (!ticking) {
      ticking = true;
      loop.scheduleAtFixedRate(this::tickAll, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }
  }

  /** Simulates an outage: no client can connect, and every connection is closed. */
  public final synchronized void stop() {
    Channel bound = listening;
    if (bound != null) {
      bound.close().syncUninterruptibly();
      listening = null;
    }
    dropConnections();
  }

  /** Stops for ever. */
  @Override
  public final void close() {
    if (group.isShuttingDown()) {
      return;
    }
    stop();
    group.shutdownGracefully(0, 2, TimeUnit.SECONDS).syncUninterruptibly();
  }

  // ---- Faults ----

  /** Closes every connection with a TCP reset. */
  public final void dropConnections() {
    run(() -> new ArrayList<>(connections).forEach(ClientSocket::reset));
  }

  /** Closes every WebSocket with a close frame. */
  public final void closeAll(int code, String text) {
    run(() -> new ArrayList<>(clients.values()).forEach(c -> c.socket.close(code, text)));
  }

  /**
   * Freezes like a process after SIGSTOP: connections stay open and the kernel accepts new ones,
   * but nothing is read or sent, and nothing happens in the market.
   */
  public final void stall() {
    run(
        () -> {
          stalled = true;
          connections.forEach(connection -> connection.config().setAutoRead(false));
        });
  }

  /**
   * Ends {@link #stall()}: requests that arrived meanwhile get responses, and the market continues.
   */
  public final void resume() {
    run(
        () -> {
          stalled = false;
          connections.forEach(connection -> connection.config().setAutoRead(true));
        });
  }

  /** Refuses WebSocket handshakes with this response, until {@link #acceptHandshakes()}. */
  public final void refuseHandshakes(int status, Map<String, String> headers, String body) {
    run(() -> handshakeRefusal = new HttpReply(status, Map.copyOf(headers), body));
  }

  /** Ends {@link #refuseHandshakes}. */
  public final void acceptHandshakes() {
    run(() -> handshakeRefusal = null);
  }

  /**
   * Responds to the next REST calls with an error.
   *
   * @param retryAfterSeconds null for no {@code Retry-After} header
   */
  public final void failRest(int status, @Nullable Integer retryAfterSeconds, int times) {
    HttpReply failure = HttpReply.json(status, errorBody(status));
    HttpReply answer =
        retryAfterSeconds == null
            ? failure
            : failure.with("Retry-After", String.valueOf(retryAfterSeconds));
    run(
        () -> {
          restFailure = answer;
          restFailures = times;
        });
  }

  /** Delays every REST response. */
  public final void delayRest(Duration delay) {
    run(() -> restDelay = delay);
  }

  /** Sends this text to every WebSocket, unchanged. */
  public final void sendRaw(String text) {
    run(() -> clients.values().forEach(client -> client.socket.send(text)));
  }

  // ---- Counters ----

  /** The port of WebSocket and REST; the same after a stop and a start. */
  public final int port() {
    return port;
  }

  /** The address of WebSocket and REST. */
  public final InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** How many TCP connections were accepted, REST and WebSocket. */
  public final long connectionsAccepted() {
    return connectionsAccepted.sum();
  }

  /** How many TCP connections were closed because of the peer's address. */
  public final long connectionsRefused() {
    return connectionsRefused.sum();
  }

  /** How many TCP connections are open now. */
  public final int currentConnections() {
    return call(connections::size);
  }

  /** How many WebSocket handshakes succeeded. */
  public final long webSocketsOpened() {
    return webSocketsOpened.sum();
  }

  /** How many WebSockets are open now. */
  public final int currentWebSockets() {
    return call(clients::size);
  }

  /** How many text messages were sent. */
  public final long framesSent() {
    return framesSent.sum();
  }

  /** How often each path was requested, WebSocket handshakes included. */
  public final Map<String, Long> requests() {
    Map<String, Long> counts = new TreeMap<>();
    requests.forEach((path, count) -> counts.put(path, count.sum()));
    return counts;
  }

  /** The peer of every accepted connection, in order. */
  public final List<InetSocketAddress> peers() {
    return List.copyOf(peers);
  }

  // ---- For the venues ----

  /** Runs on the venue's thread and waits for it. Messages sent by the task are flushed. */
  public final void run(Runnable task) {
    call(
        () -> {
          task.run();
          flushAll();
          return true;
        });
  }

  /** Evaluates on the venue's thread; after {@link #close()} on the caller's. */
  public final <T> T call(Callable<T> question) {
    try {
      if (loop.inEventLoop()) {
        return question.call();
      }
      if (group.isTerminated()) {
        return question.call();
      }
      return loop.submit(question).get(30, TimeUnit.SECONDS);
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof RuntimeException cause) {
        throw cause;
      }
      throw new IllegalStateException("the simulated venue failed", failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while asking a simulated venue", interrupted);
    } catch (Exception failed) {
      throw new IllegalStateException("the simulated venue failed", failed);
    }
  }

  /**
   * Runs soon on the venue's thread, after the loop has read its sockets. A task that submits
   * itself would otherwise prevent the loop from reading.
   */
  public final void soon(Runnable task) {
    loop.schedule(task, 0, TimeUnit.NANOSECONDS);
  }

  /** Whether there is a client, and every client reads as fast as the venue sends. */
  public final boolean clientsTakeMore() {
    return !clients.isEmpty()
        && clients.values().stream().allMatch(client -> client.socket.isWritable());
  }

  /** The open WebSockets. */
  public final List<VenueSession> sessions() {
    return clients.values().stream().map(client -> client.session).toList();
  }

  public final boolean isStalled() {
    return stalled;
  }

  public final void flushAll() {
    // A client that is disconnected during the flush leaves the map in a later event.
    clients.values().forEach(client -> client.socket.flush());
  }

  private void tickAll() {
    if (stalled) {
      return;
    }
    long now = System.nanoTime();
    tick(now);
    new ArrayList<>(clients.values()).forEach(client -> client.session.tick(now));
    flushAll();
  }

  // ---- Connections ----

  private void accept(SocketChannel channel) {
    if (!options.allowedPeer().test(channel.remoteAddress())) {
      connectionsRefused.increment();
      channel.config().setSoLinger(0);
      channel.close();
      return;
    }
    connectionsAccepted.increment();
    peers.add(channel.remoteAddress());
    connections.add(channel);
    channel.closeFuture().addListener(closed -> connections.remove(channel));
    if (stalled) {
      channel.config().setAutoRead(false);
    }
    ChannelPipeline pipeline = channel.pipeline();
    SslContext tls = options.tls();
    if (tls != null) {
      pipeline.addLast(tls.newHandler(channel.alloc()));
    }
    pipeline.addLast(new HttpServerCodec());
    pipeline.addLast(new HttpContentCompressor());
    pipeline.addLast(new HttpObjectAggregator(MAX_CLIENT_MESSAGE));
    if (compresses()) {
      pipeline.addLast(new WebSocketServerCompressionHandler(0));
    }
    pipeline.addLast(new HttpHandler());
  }

  private final class HttpHandler extends SimpleChannelInboundHandler<FullHttpRequest> {

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
      HttpCall call = HttpCall.of(request.uri(), request.headers());
      requests.computeIfAbsent(call.path(), path -> new LongAdder()).increment();
      boolean upgrade =
          request
              .headers()
              .containsValue(HttpHeaderNames.UPGRADE, HttpHeaderValues.WEBSOCKET, true);
      if (upgrade) {
        upgrade(context, request, call);
      } else {
        rest(context, request, call);
      }
    }

    private void upgrade(ChannelHandlerContext context, FullHttpRequest request, HttpCall call) {
      HttpReply refusal = handshakeRefusal;
      if (refusal != null) {
        write(context.channel(), refusal, false);
        return;
      }
      String extensions = request.headers().get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS);
      boolean compressed =
          compresses() && extensions != null && extensions.contains("permessage-deflate");
      ClientSocket socket = new ClientSocket(context.channel(), compressed, options, framesSent);
      VenueSession session = openSession(call, socket);
      if (session == null) {
        write(context.channel(), HttpReply.json(404, "{}"), false);
        return;
      }
      WebSocketServerHandshaker handshaker =
          new WebSocketServerHandshakerFactory(
                  request.uri(), null, compresses(), MAX_CLIENT_MESSAGE)
              .newHandshaker(request);
      if (handshaker == null) {
        WebSocketServerHandshakerFactory.sendUnsupportedVersionResponse(context.channel());
        return;
      }
      ClientHandler handler = new ClientHandler(socket, session);
      context
          .pipeline()
          .addLast(new WebSocketFrameAggregator(MAX_CLIENT_MESSAGE), handler)
          .remove(this);
      handshaker
          .handshake(context.channel(), request)
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  webSocketsOpened.increment();
                  clients.put(context.channel(), handler);
                  session.opened();
                  flushAll();
                } else {
                  context.channel().close();
                }
              });
    }

    private void rest(ChannelHandlerContext context, FullHttpRequest request, HttpCall call) {
      HttpReply reply;
      if (restFailures > 0 && restFailure != null) {
        restFailures--;
        reply = restFailure;
      } else {
        reply = answer(call);
      }
      if (reply == null) {
        return;
      }
      boolean keepAlive = HttpUtil.isKeepAlive(request);
      if (restDelay.isZero()) {
        write(context.channel(), reply, keepAlive);
      } else {
        writeAfter(restDelay, context.channel(), reply, keepAlive);
      }
    }

    private void writeAfter(Duration delay, Channel channel, HttpReply reply, boolean keepAlive) {
      loop.schedule(
          () -> {
            if (stalled) {
              writeAfter(Duration.ofMillis(TICK_MS), channel, reply, keepAlive);
            } else {
              write(channel, reply, keepAlive);
            }
          },
          delay.toNanos(),
          TimeUnit.NANOSECONDS);
    }

    private void write(Channel channel, HttpReply reply, boolean keepAlive) {
      DefaultFullHttpResponse response =
          new DefaultFullHttpResponse(
              HttpVersion.HTTP_1_1,
              HttpResponseStatus.valueOf(reply.status()),
              Unpooled.copiedBuffer(reply.body(), UTF_8));
      reply.headers().forEach((name, value) -> response.headers().set(name, value));
      HttpUtil.setContentLength(response, response.content().readableBytes());
      HttpUtil.setKeepAlive(response, keepAlive);
      channel
          .writeAndFlush(response)
          .addListener(
              written -> {
                if (!keepAlive) {
                  channel.close();
                }
              });
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  private final class ClientHandler extends SimpleChannelInboundHandler<WebSocketFrame> {
    private final ClientSocket socket;
    private final VenueSession session;

    public ClientHandler(ClientSocket socket, VenueSession session) {
      this.socket = socket;
      this.session = session;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
      if (frame instanceof CloseWebSocketFrame close) {
        socket.closeArrived(close);
        return;
      }
      session.frame();
      if (frame instanceof TextWebSocketFrame text) {
        session.text(text.text());
      } else if (frame instanceof PingWebSocketFrame) {
        socket.pong(ReferenceCountUtil.retain(frame.content()));
      } else if (frame instanceof PongWebSocketFrame) {
        session.pong();
      }
      socket.flush();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext context) {
      if (context.channel().isWritable()) {
        writable();
      }
      context.fireChannelWritabilityChanged();
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      clients.remove(context.channel());
      socket.release();
      session.closed();
      context.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }
}
