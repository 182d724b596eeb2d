package io.cryptofeed.connect.ops;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.cryptofeed.connect.metrics.PrometheusText;
import io.cryptofeed.connect.metrics.Sample;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.HttpVersion;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server of all endpoints with the same address. Its one thread waits for no client: a
 * connection has one request and one response, and is closed when both have not passed in time.
 */
final class PrometheusServer {

  private static final Logger LOG = LoggerFactory.getLogger(PrometheusServer.class);

  private static final String PATH = "/metrics";

  /** How long a connection may take to send its request and to read the response. */
  static final Duration CONNECTION_LIMIT = Duration.ofSeconds(10);

  /** Scrapers open one or two; more would only hold memory. */
  static final int MAX_CONNECTIONS = 64;

  /** The servers of this plugin's class loader; guarded by the class. */
  private static final Map<InetSocketAddress, PrometheusServer> RUNNING = new HashMap<>();

  private final List<PrometheusEndpoint> endpoints = new CopyOnWriteArrayList<>();
  private final EventLoopGroup thread;
  private final Channel listening;

  /** Used by the one thread. */
  private int connections;

  /**
   * @throws Exception if the address cannot be bound
   */
  private PrometheusServer(InetSocketAddress address) throws Exception {
    thread =
        new MultiThreadIoEventLoopGroup(
            1,
            work -> {
              Thread thread = new Thread(work, "cryptofeed-prometheus-" + address.getPort());
              thread.setDaemon(true);
              return thread;
            },
            NioIoHandler.newFactory());
    try {
      listening =
          new ServerBootstrap()
              .group(thread)
              .channel(NioServerSocketChannel.class)
              // The ports of closed connections do not keep the address.
              .option(ChannelOption.SO_REUSEADDR, true)
              .childHandler(
                  new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                      accept(accepted);
                    }
                  })
              .bind(address)
              .sync()
              .channel();
    } catch (Exception e) {
      stopThread();
      throw e;
    }
  }

  private void accept(Channel client) {
    if (connections == MAX_CONNECTIONS) {
      client.close();
      return;
    }
    connections++;
    var limit =
        client
            .eventLoop()
            .schedule(() -> client.close(), CONNECTION_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
    client
        .closeFuture()
        .addListener(
            closed -> {
              connections--;
              limit.cancel(false);
            });
    client.pipeline().addLast(new HttpServerCodec(), new Answers());
  }

  /** Answers the first request of a connection, and closes it. */
  private final class Answers extends SimpleChannelInboundHandler<HttpObject> {

    private boolean answered;

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
      if (!answered && message instanceof HttpRequest request) {
        answered = true;
        FullHttpResponse response = answer(request);
        response
            .headers()
            .set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes())
            .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        ctx.writeAndFlush(response).addListener(ChannelFutureListener.CLOSE);
      }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      LOG.debug("a client of the metrics is gone", cause);
      ctx.close();
    }
  }

  /**
   * Adds an endpoint, and starts the server for the first one.
   *
   * @throws IllegalArgumentException when the address cannot be bound
   */
  static synchronized void add(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server == null) {
      server = start(endpoint);
      RUNNING.put(endpoint.address(), server);
    }
    server.endpoints.add(endpoint);
  }

  /** Removes an endpoint, and stops the server after the last one. */
  static synchronized void remove(PrometheusEndpoint endpoint) {
    PrometheusServer server = RUNNING.get(endpoint.address());
    if (server != null && server.endpoints.remove(endpoint) && server.endpoints.isEmpty()) {
      RUNNING.remove(endpoint.address());
      server.stop();
    }
  }

  private static PrometheusServer start(PrometheusEndpoint endpoint) {
    InetSocketAddress address = endpoint.address();
    try {
      PrometheusServer server = new PrometheusServer(address);
      LOG.info("metrics for Prometheus are served at http:/{}{}", address, PATH);
      return server;
    } catch (Exception e) {
      throw new IllegalArgumentException(fault(endpoint, e), e);
    }
  }

  private static String fault(PrometheusEndpoint endpoint, Exception cause) {
    InetSocketAddress address = endpoint.address();
    String host = address.getAddress().getHostAddress();
    String hostKey = endpoint.configured().hostKey();
    String portKey = endpoint.configured().portKey();
    if (!isOfThisHost(address)) {
      return "%s: %s is not an address of the worker; set it to one, for example 127.0.0.1"
          .formatted(hostKey, host);
    }
    return RUNNING.entrySet().stream()
        .filter(other -> other.getKey().getPort() == address.getPort())
        .findFirst()
        .map(
            other ->
                "%s: port %d is in use by %s at %s; to share it, set the same %s"
                    .formatted(
                        portKey,
                        address.getPort(),
                        other.getValue().connectors(),
                        other.getKey().getAddress().getHostAddress(),
                        hostKey))
        .orElseGet(
            () ->
                "%s: port %d of %s is in use by another program, or cannot be bound (%s); set a free port, or 0 for no endpoint"
                    .formatted(portKey, address.getPort(), host, cause.getMessage()));
  }

  private static boolean isOfThisHost(InetSocketAddress address) {
    try {
      return address.getAddress().isAnyLocalAddress()
          || NetworkInterface.getByInetAddress(address.getAddress()) != null;
    } catch (SocketException e) {
      LOG.debug("cannot list the addresses of this host", e);
      return true;
    }
  }

  private String connectors() {
    return endpoints.stream()
        .flatMap(endpoint -> endpoint.sources().stream())
        .map(source -> source.labels().get("connector"))
        .distinct()
        .collect(Collectors.joining(", ", "connector ", ""));
  }

  private void stop() {
    listening.close().awaitUninterruptibly();
    stopThread();
  }

  /** Waits, because the address is free only after the selector has let go of the socket. */
  private void stopThread() {
    thread.shutdownGracefully(0, 0, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
  }

  private FullHttpResponse answer(HttpRequest request) {
    int query = request.uri().indexOf('?');
    String path = query < 0 ? request.uri() : request.uri().substring(0, query);
    if (!request.decoderResult().isSuccess()) {
      return response(HttpResponseStatus.BAD_REQUEST, "");
    }
    if (!path.equals(PATH)) {
      return response(HttpResponseStatus.NOT_FOUND, "");
    }
    if (!request.method().equals(HttpMethod.GET)) {
      FullHttpResponse refusal = response(HttpResponseStatus.METHOD_NOT_ALLOWED, "");
      refusal.headers().set(HttpHeaderNames.ALLOW, HttpMethod.GET);
      return refusal;
    }
    try {
      FullHttpResponse metrics = response(HttpResponseStatus.OK, PrometheusText.of(samples()));
      metrics.headers().set(HttpHeaderNames.CONTENT_TYPE, PrometheusText.CONTENT_TYPE);
      return metrics;
    } catch (RuntimeException e) {
      LOG.warn("cannot read the metrics of {}", connectors(), e);
      return response(HttpResponseStatus.INTERNAL_SERVER_ERROR, "");
    }
  }

  private static FullHttpResponse response(HttpResponseStatus status, String body) {
    return new DefaultFullHttpResponse(
        HttpVersion.HTTP_1_1, status, Unpooled.wrappedBuffer(body.getBytes(UTF_8)));
  }

  private List<Sample> samples() {
    Map<Map<String, String>, PrometheusEndpoint.Source> latest = new LinkedHashMap<>();
    for (PrometheusEndpoint endpoint : endpoints) {
      endpoint.sources().forEach(source -> latest.put(source.labels(), source));
    }
    return latest.values().stream().flatMap(source -> source.labelled().stream()).toList();
  }
}
