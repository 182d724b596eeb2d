package io.cryptofeed.connect.local.proxy;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLEngine;
import org.jspecify.annotations.Nullable;
import org.littleshoot.proxy.ActivityTrackerAdapter;
import org.littleshoot.proxy.FlowContext;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.SslEngineSource;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;
import org.littleshoot.proxy.impl.ThreadPoolConfiguration;

/** LittleProxy, an independent HTTP proxy: our client is not tested only with our own proxy. */
public final class LocalLittleProxy implements ObservedProxy {

  private final Map<String, InetSocketAddress> names = new ConcurrentHashMap<>();
  private final List<Tunnel> requested = new CopyOnWriteArrayList<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger underWay = new AtomicInteger();
  private final HttpProxyServer server;

  /**
   * Starts it on a free port.
   *
   * @param tls null for a proxy that is reached over plain TCP
   * @param passwords by user name; empty for a proxy that requires none
   */
  public LocalLittleProxy(@Nullable SslContext tls, Map<String, String> passwords) {
    HttpProxyServerBootstrap bootstrap =
        DefaultHttpProxyServer.bootstrap()
            .withPort(0)
            .withThreadPoolConfiguration(
                new ThreadPoolConfiguration()
                    .withAcceptorThreads(1)
                    .withClientToProxyWorkerThreads(1)
                    .withProxyToServerWorkerThreads(1))
            .withServerResolver(this::resolve)
            .plusActivityTracker(new Clients());
    if (tls != null) {
      bootstrap.withSslEngineSource(new Tls(tls)).withAuthenticateSslClients(false);
    }
    if (!passwords.isEmpty()) {
      bootstrap.withProxyAuthenticator(new Passwords(Map.copyOf(passwords)));
    }
    server = bootstrap.start();
  }

  /** Resolves a host to this address. */
  public LocalLittleProxy withName(String host, InetSocketAddress address) {
    names.put(host, address);
    return this;
  }

  /**
   * Whether a connection that an origin sees can be the proxy's. Its port is not known in advance,
   * so the first connection after the proxy has started to connect counts as the proxy's.
   */
  public boolean arrives() {
    return underWay.getAndUpdate(count -> Math.max(0, count - 1)) > 0;
  }

  /** Whether the proxy is connecting to an origin. */
  public boolean isUnderWay() {
    return underWay.get() > 0;
  }

  @Override
  public int port() {
    return server.getListenAddress().getPort();
  }

  @Override
  public List<Tunnel> tunnelsRequested() {
    return List.copyOf(requested);
  }

  @Override
  public int accepted() {
    return accepted.get();
  }

  @Override
  public void close() {
    server.abort();
  }

  private InetSocketAddress resolve(String host, int port) throws UnknownHostException {
    requested.add(new Tunnel(host, port));
    InetSocketAddress known = names.get(host);
    if (known == null) {
      throw new UnknownHostException(host);
    }
    underWay.incrementAndGet();
    return new InetSocketAddress(known.getAddress(), port);
  }

  private final class Clients extends ActivityTrackerAdapter {
    @Override
    public void clientConnected(FlowContext flow) {
      accepted.incrementAndGet();
    }
  }

  private record Passwords(Map<String, String> byUser) implements ProxyAuthenticator {
    @Override
    public boolean authenticate(String user, String password) {
      return password.equals(byUser.get(user));
    }

    @Override
    public String getRealm() {
      return "local";
    }
  }

  private record Tls(SslContext context) implements SslEngineSource {
    @Override
    public SSLEngine newSslEngine() {
      return context.newEngine(ByteBufAllocator.DEFAULT);
    }

    @Override
    public SSLEngine newSslEngine(String peerHost, int peerPort) {
      return context.newEngine(ByteBufAllocator.DEFAULT, peerHost, peerPort);
    }
  }
}
