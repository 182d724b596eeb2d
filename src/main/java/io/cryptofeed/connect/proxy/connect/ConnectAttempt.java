package io.cryptofeed.connect.proxy.connect;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.ProxyEvents.Step;
import io.cryptofeed.connect.proxy.settings.ConnectSettings;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.HostName;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Scheme;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.proxy.HttpProxyHandler;
import io.netty.handler.proxy.ProxyHandler;
import io.netty.handler.proxy.Socks4ProxyHandler;
import io.netty.handler.proxy.Socks5ProxyHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.NoopAddressResolverGroup;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One attempt to open one connection, within one deadline for all of it: DNS lookup, TCP, TLS with
 * the proxy, tunnel. Everything happens on the channel's event loop.
 *
 * <pre>
 * head -> [quick-ack] -> [proxy-tls] -> [proxy] -> gate
 * </pre>
 *
 * The gate holds everything back while the tunnel is opened, and is then replaced by the pipeline
 * towards the destination. Netty's own timers are off: they start at different moments, and none of
 * them covers the whole.
 */
public final class ConnectAttempt {

  private static final String QUICK_ACK = "quick-ack";
  private static final String PROXY_TLS = "proxy-tls";
  private static final String PROXY = "proxy";
  private static final String PROXY_REPLIES = "proxy-replies";
  private static final String GATE = "gate";

  /** The handlers that stay in the pipeline after the tunnel is open. */
  private static final Set<String> LASTING = Set.of(QUICK_ACK, PROXY_TLS);

  private final EventLoop loop;
  private final Destination to;
  private final Hop hop;
  private final Tools tools;
  private final Opened origin;
  private final Promise<Channel> promise;
  private final FailureDiagnosis diagnosis;
  private final long deadlineNanos;
  private final Map<Step, Duration> steps = new EnumMap<>(Step.class);
  private Stage stage = Stage.DNS;
  private long stageNanos = System.nanoTime();
  private @Nullable Channel channel;

  /**
   * What attempts share.
   *
   * @param proxyTls how the certificate of an https proxy is checked
   * @param names resolves the names that the worker has to resolve
   * @param open keeps every open socket
   * @param settings of connections to proxies
   */
  public record Tools(
      ProxyTls proxyTls,
      AddressResolverGroup<InetSocketAddress> names,
      OpenChannels open,
      ConnectSettings settings) {}

  /** Builds the pipeline of an open connection. */
  public interface Opened {

    /**
     * @param steps how long each step took
     */
    void onOpen(Channel channel, Map<Step, Duration> steps);
  }

  public ConnectAttempt(
      EventLoop loop,
      Destination to,
      Hop hop,
      Tools tools,
      Opened origin,
      Promise<Channel> promise) {
    this.loop = loop;
    this.to = to;
    this.hop = hop;
    this.tools = tools;
    this.origin = origin;
    this.promise = promise;
    this.diagnosis = new FailureDiagnosis(hop, to);
    this.deadlineNanos = System.nanoTime() + hop.timeout().toNanos();
  }

  public void start() {
    Future<?> alarm =
        loop.schedule(() -> fail(diagnosis.tooSlow(stage)), nanosLeft(), TimeUnit.NANOSECONDS);
    promise.addListener(
        done -> {
          alarm.cancel(false);
          if (!done.isSuccess()) {
            abandon();
          }
        });
    Optional<InetSocketAddress> destination = HostName.address(to.host(), to.port());
    if (destination.isEmpty()) {
      fail(diagnosis.noHostName());
    } else if (hop.proxy() != null) {
      findProxy(hop.proxy(), destination.get());
    } else {
      resolve(destination.get(), found -> connect(new Path(null, destination.get(), found)));
    }
  }

  /**
   * The addresses of one attempt.
   *
   * @param proxy null for a direct connection
   * @param addresses the addresses of the proxy, or else of the destination, that are left to try
   */
  private record Path(
      @Nullable ProxyUrl proxy, InetSocketAddress destination, List<InetSocketAddress> addresses) {

    InetSocketAddress address() {
      return addresses.get(0);
    }

    Path withoutFirst() {
      return new Path(proxy, destination, addresses.subList(1, addresses.size()));
    }
  }

  private void findProxy(ProxyUrl proxy, InetSocketAddress destination) {
    boolean needsIpv4 = needsIpv4(proxy);
    if (needsIpv4 && destination.getAddress() instanceof Inet6Address) {
      fail(diagnosis.noIpv6OverSocks4());
    } else if (resolvesLocally(proxy)) {
      resolve(
          destination,
          found ->
              found.stream()
                  .filter(address -> !needsIpv4 || address.getAddress() instanceof Inet4Address)
                  .findFirst()
                  .ifPresentOrElse(
                      address -> reach(proxy, address), () -> fail(diagnosis.noIpv6OverSocks4())));
    } else {
      reach(proxy, destination);
    }
  }

  private static boolean needsIpv4(ProxyUrl proxy) {
    return proxy.scheme().isSocks4();
  }

  private boolean resolvesLocally(ProxyUrl proxy) {
    return tools.settings().dns().resolvesLocally(proxy.scheme());
  }

  private void reach(ProxyUrl proxy, InetSocketAddress destination) {
    InetSocketAddress address = HostName.address(proxy.host(), proxy.port()).orElseThrow();
    resolve(address, addresses -> connect(new Path(proxy, destination, addresses)));
  }

  /** Continues with at least one address. */
  private void resolve(InetSocketAddress address, Consumer<List<InetSocketAddress>> then) {
    if (!address.isUnresolved()) {
      then.accept(List.of(address));
      return;
    }
    tools
        .names()
        .getResolver(loop)
        .resolveAll(address)
        .addListener(
            (Future<List<InetSocketAddress>> found) -> {
              if (promise.isDone()) {
                return;
              }
              if (found.isSuccess() && !found.getNow().isEmpty()) {
                then.accept(found.getNow());
              } else {
                fail(diagnosis.noAddress(address.getHostString(), found.cause()));
              }
            });
  }

  private void connect(Path path) {
    enter(Stage.TCP);
    ChannelFuture connecting =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            // Otherwise Netty would resolve the destination before the proxy handler sees it.
            .resolver(NoopAddressResolverGroup.INSTANCE)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, millisFor(path.addresses().size()))
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel opening) {
                    tools.open().add(opening);
                    addHandlers(opening, path);
                  }
                })
            .connect(path.proxy() == null ? path.address() : path.destination());
    channel = connecting.channel();
    connecting.addListener(
        done -> {
          if (done.isSuccess() || promise.isDone()) {
            return;
          }
          if (path.addresses().size() > 1) {
            connect(path.withoutFirst());
          } else {
            fail(diagnosis.unreachable(done.cause()));
          }
        });
  }

  /** Ends the present step, records how long it took, and begins the next. */
  private void enter(Stage next) {
    long now = System.nanoTime();
    Duration took = Duration.ofNanos(now - stageNanos);
    Step ended =
        switch (stage) {
          case DNS, ROUTE -> Step.DNS;
          case TCP -> Step.TCP;
          case PROXY_TLS -> Step.PROXY_TLS;
          case TUNNEL -> Step.TUNNEL;
        };
    steps.merge(ended, took, Duration::plus);
    stage = next;
    stageNanos = now;
  }

  /** An address that does not respond leaves time for the others. */
  private int millisFor(int addresses) {
    return (int) Math.max(1, TimeUnit.NANOSECONDS.toMillis(nanosLeft()) / addresses);
  }

  private long nanosLeft() {
    return deadlineNanos - System.nanoTime();
  }

  private void addHandlers(Channel opening, Path path) {
    ChannelPipeline pipeline = opening.pipeline();
    ProxyUrl proxy = path.proxy();
    Gate gate = new Gate(proxy == null);
    if (proxy != null) {
      if (tools.settings().quickAck() && QuickAck.isSupported()) {
        pipeline.addLast(QUICK_ACK, new QuickAck());
      }
      if (proxy.scheme() == Scheme.HTTPS) {
        pipeline.addLast(
            PROXY_TLS, tools.proxyTls().newHandler(opening, proxy.host(), proxy.port()));
      }
      ProxyHandler handler = proxyHandler(proxy, path.address());
      handler.setConnectTimeoutMillis(0);
      pipeline.addLast(PROXY_REPLIES, ProxyReplies.of(proxy.scheme()));
      pipeline.addLast(PROXY, handler);
      handler
          .connectFuture()
          .addListener(
              done -> {
                if (done.isSuccess()) {
                  gate.open();
                } else if (opening == channel && stage != Stage.TCP) {
                  fail(diagnosis.refused(stage, done.cause()));
                }
              });
    }
    pipeline.addLast(GATE, gate);
  }

  private ProxyHandler proxyHandler(ProxyUrl proxy, InetSocketAddress address) {
    Credentials credentials = proxy.credentials();
    return switch (proxy.scheme()) {
      case HTTP, HTTPS ->
          credentials == null
              ? new HttpProxyHandler(address, connectHeaders())
              : new HttpProxyHandler(
                  address, credentials.user(), credentials.password(), connectHeaders());
      case SOCKS4, SOCKS4A ->
          new Socks4ProxyHandler(address, credentials == null ? null : bytes(credentials.user()));
      case SOCKS5, SOCKS5H ->
          credentials == null
              ? new Socks5ProxyHandler(address)
              : new Socks5ProxyHandler(
                  address, bytes(credentials.user()), bytes(credentials.password()));
    };
  }

  private HttpHeaders connectHeaders() {
    HttpHeaders headers = new DefaultHttpHeaders();
    tools.settings().headers().forEach(headers::set);
    return headers;
  }

  /** Netty's SOCKS handlers write one byte for each character: here, those of UTF-8. */
  private static String bytes(String text) {
    return new String(text.getBytes(UTF_8), ISO_8859_1);
  }

  private void fail(ConnectFailure failure) {
    promise.tryFailure(failure);
  }

  /** Bypasses the handlers: the proxy handler would hold back TLS's close_notify, and wait. */
  @SuppressWarnings("FutureReturnValueIgnored") // nobody waits for the end of a failed attempt
  private void abandon() {
    if (channel == null) {
      return;
    }
    ChannelHandlerContext first = channel.pipeline().firstContext();
    if (first == null) {
      channel.close();
    } else {
      first.close();
    }
  }

  /**
   * Holds back everything that must not reach the pipeline towards the destination before it
   * exists.
   */
  private final class Gate extends ChannelInboundHandlerAdapter {

    private final boolean opensWithTcp;
    private final List<Object> early = new ArrayList<>();
    private @Nullable ChannelHandlerContext context;

    Gate(boolean opensWithTcp) {
      this.opensWithTcp = opensWithTcp;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
      this.context = context;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
      if (opensWithTcp) {
        open();
      } else {
        enter(context.pipeline().get(PROXY_TLS) == null ? Stage.TUNNEL : Stage.PROXY_TLS);
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof SslHandshakeCompletionEvent handshake) {
        if (handshake.isSuccess()) {
          enter(Stage.TUNNEL);
        } else {
          fail(diagnosis.refused(stage, handshake.cause()));
        }
      }
      ReferenceCountUtil.release(event);
    }

    /** The first bytes of a destination may arrive in one packet with the proxy's response. */
    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
      early.add(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {}

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      fail(diagnosis.refused(stage, cause));
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext context) {
      early.forEach(ReferenceCountUtil::release);
      early.clear();
    }

    void open() {
      ChannelHandlerContext here = Objects.requireNonNull(context);
      ChannelPipeline pipeline = here.pipeline();
      if (!promise.setUncancellable()) {
        abandon();
        return;
      }
      pipeline.names().stream()
          .takeWhile(name -> !name.equals(GATE))
          .filter(name -> !LASTING.contains(name))
          .forEach(pipeline::remove);
      enter(stage);
      try {
        origin.onOpen(here.channel(), steps);
      } catch (RuntimeException | Error e) {
        promise.tryFailure(e);
        return;
      }
      here.fireChannelActive();
      if (!early.isEmpty()) {
        early.forEach(here::fireChannelRead);
        early.clear();
        here.fireChannelReadComplete();
      }
      pipeline.remove(this);
      promise.trySuccess(here.channel());
    }
  }
}
