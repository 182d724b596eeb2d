package io.cryptofeed.connect.local.proxy;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.GlobalEventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.BindException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A proxy on 127.0.0.1 that can resolve names of its own, and that records the tunnels that clients
 * request. All methods may be called from any thread. Everything except the names must be
 * configured before the start.
 *
 * <p>An origin server can distinguish the proxy's connections from all others by {@link #owns}: the
 * proxy knows the local port of a connection before it connects.
 *
 * @param <P> the proxy itself
 */
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the channel
public abstract class LocalProxy<P extends LocalProxy<P>> implements ObservedProxy {

  private static final long BIND_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("local-proxy", true), NioIoHandler.newFactory());
  private final ChannelGroup clients = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final ChannelGroup exits = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);
  private final Map<String, InetSocketAddress> names = new ConcurrentHashMap<>();
  private final Set<Integer> exitPorts = ConcurrentHashMap.newKeySet();
  private final List<Tunnel> requested = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger opened = new AtomicInteger();
  private final LongAdder bytesFromClients = new LongAdder();
  private final LongAdder bytesToClients = new LongAdder();
  private int port;
  private @Nullable Channel server;
  private @Nullable Credentials credentials;

  /** The credentials that a client must send. */
  record Credentials(String user, String password) {}

  LocalProxy() {}

  /** Listens on this port instead of a free one. */
  public final P onPort(int port) {
    this.port = port;
    return self();
  }

  /** Serves only clients with these credentials. */
  public final P withCredentials(String user, String password) {
    this.credentials = new Credentials(user, password);
    return self();
  }

  /**
   * Resolves a destination to this address.
   *
   * @param destination {@code host}, or {@code host:port}, which takes precedence over {@code host}
   * @param address port 0 keeps the port that the client requested
   */
  public final P withName(String destination, InetSocketAddress address) {
    names.put(destination, address);
    return self();
  }

  /** Starts to listen; after a stop, on the same port. */
  public final synchronized P start() {
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(loops)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel client) {
                    accepted.incrementAndGet();
                    clients.add(client);
                    serve(client);
                  }
                });
    Channel listening = bind(bootstrap);
    server = listening;
    port = ((InetSocketAddress) listening.localAddress()).getPort();
    return self();
  }

  /** Retries, because a port becomes free only a moment after its channel was closed. */
  private Channel bind(ServerBootstrap bootstrap) {
    long deadline = System.nanoTime() + BIND_TIMEOUT_NANOS;
    while (true) {
      ChannelFuture bound =
          bootstrap.bind(InetAddress.getLoopbackAddress(), port).awaitUninterruptibly();
      if (!(bound.cause() instanceof BindException) || System.nanoTime() > deadline) {
        return bound.syncUninterruptibly().channel();
      }
    }
  }

  /** Stops to listen and closes every tunnel. The counters keep their values. */
  public final synchronized void stop() {
    if (server != null) {
      server.close().syncUninterruptibly();
      server = null;
    }
    clients.close().syncUninterruptibly();
    exits.close().syncUninterruptibly();
  }

  @Override
  public final void close() {
    stop();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  /** The port of a proxy that was started. */
  @Override
  public final int port() {
    return port;
  }

  /** The address of a proxy that was started. */
  public final InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  /** Every tunnel that a client with the right credentials requested, in order. */
  @Override
  public final List<Tunnel> tunnelsRequested() {
    return List.copyOf(requested);
  }

  /** How many clients have connected, with or without a request. */
  @Override
  public final int accepted() {
    return accepted.get();
  }

  /** How many clients are connected now. */
  public final int clientsConnected() {
    return clients.size();
  }

  /** How many tunnels have been opened. */
  public final int tunnelsOpened() {
    return opened.get();
  }

  /** How many connections to origins there are now. */
  public final int tunnelsOpen() {
    return exits.size();
  }

  /** Bytes carried from clients to origins. */
  public final long bytesFromClients() {
    return bytesFromClients.sum();
  }

  /** Bytes carried from origins to clients. */
  public final long bytesToClients() {
    return bytesToClients.sum();
  }

  /**
   * Whether a connection is, or was, the proxy's own.
   *
   * @param peer the remote address of a connection as the origin on this machine sees it
   */
  public final boolean owns(InetSocketAddress peer) {
    return exitPorts.contains(peer.getPort());
  }

  /** Builds the pipeline towards a client that has just connected. */
  abstract void serve(Channel client);

  abstract P self();

  final @Nullable Credentials credentials() {
    return credentials;
  }

  /**
   * Records the tunnel and connects to its destination. Runs on the client's loop.
   *
   * @return succeeds only while the client is still connected
   */
  final Future<Channel> open(Channel client, Tunnel tunnel) {
    requested.add(tunnel);
    Promise<Channel> promise = client.eventLoop().newPromise();
    resolve(tunnel)
        .addListener(
            (Future<InetSocketAddress> resolved) -> {
              if (resolved.isSuccess()) {
                client.eventLoop().execute(() -> connect(client, resolved.getNow(), promise));
              } else {
                promise.setFailure(resolved.cause());
              }
            });
    return promise;
  }

  /** Joins the two ends; the handlers of the proxy's protocol must have been removed before. */
  final void join(Channel client, Channel exit) {
    client.pipeline().addLast(new Relay(exit, bytesFromClients));
    exit.pipeline().addLast(new Relay(client, bytesToClients));
    exit.config().setAutoRead(true);
  }

  private Future<InetSocketAddress> resolve(Tunnel tunnel) {
    InetSocketAddress known = names.get(tunnel.toString());
    if (known == null) {
      known = names.get(tunnel.host());
    }
    if (known == null) {
      // The JVM's DNS lookup blocks, so it does not run on the tunnels' thread.
      return GlobalEventExecutor.INSTANCE.submit(
          () -> new InetSocketAddress(InetAddress.getByName(tunnel.host()), tunnel.port()));
    }
    if (known.isUnresolved()) {
      return GlobalEventExecutor.INSTANCE.newFailedFuture(
          new UnknownHostException(known.getHostString()));
    }
    return GlobalEventExecutor.INSTANCE.newSucceededFuture(
        known.getPort() == 0 ? new InetSocketAddress(known.getAddress(), tunnel.port()) : known);
  }

  /** Binds first, so that the port is known before the origin can see it. */
  private void connect(Channel client, InetSocketAddress to, Promise<Channel> promise) {
    Bootstrap bootstrap =
        new Bootstrap()
            .group(client.eventLoop())
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(ChannelOption.AUTO_READ, false)
            .handler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel exit) {}
                });
    ChannelFuture registered = bootstrap.register();
    Channel exit = registered.channel();
    exits.add(exit);
    registered.addListener(
        done -> {
          if (done.isSuccess()) {
            exit.bind(localAddressFor(to))
                .addListener(
                    bound -> connectFrom(client, exit, (ChannelFuture) bound, to, promise));
          } else {
            promise.setFailure(done.cause());
          }
        });
  }

  private void connectFrom(
      Channel client,
      Channel exit,
      ChannelFuture bound,
      InetSocketAddress to,
      Promise<Channel> promise) {
    if (!bound.isSuccess()) {
      exit.close();
      promise.setFailure(bound.cause());
      return;
    }
    exitPorts.add(((InetSocketAddress) exit.localAddress()).getPort());
    exit.connect(to)
        .addListener(
            connected -> {
              if (connected.isSuccess() && client.isActive()) {
                opened.incrementAndGet();
                promise.setSuccess(exit);
              } else {
                exit.close();
                promise.setFailure(
                    connected.isSuccess() ? new ClosedChannelException() : connected.cause());
              }
            });
  }

  private static InetSocketAddress localAddressFor(InetSocketAddress to) {
    InetAddress target = to.getAddress();
    if (target.isLoopbackAddress()) {
      return new InetSocketAddress(target, 0);
    }
    try {
      byte[] any = new byte[target instanceof Inet6Address ? 16 : 4];
      return new InetSocketAddress(InetAddress.getByAddress(any), 0);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
