package io.cryptofeed.connect.net;

import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.security.KeyStore;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Event loops, certificates and listening sockets for one test. */
public final class Loopback implements AutoCloseable {

  private static final long PATIENCE_S = 20;

  private final MultiThreadIoEventLoopGroup clients = group();
  private final MultiThreadIoEventLoopGroup servers = group();

  private static MultiThreadIoEventLoopGroup group() {
    return new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  }

  public EventLoop loop() {
    return clients.next();
  }

  static ProxyInjector injector() {
    return new ProxyInjector(ProxySettings.disabled());
  }

  /** Listens on a free port and builds the pipeline of each connection. */
  Channel listen(Consumer<Channel> pipeline) {
    return listen(InetAddress.getLoopbackAddress(), pipeline);
  }

  /** Listens on a free port of an address of this machine. */
  Channel listen(InetAddress address, Consumer<Channel> pipeline) {
    return new ServerBootstrap()
        .group(servers)
        .channel(NioServerSocketChannel.class)
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel channel) {
                pipeline.accept(channel);
              }
            })
        .bind(address, 0)
        .syncUninterruptibly()
        .channel();
  }

  static int port(Channel server) {
    return ((InetSocketAddress) server.localAddress()).getPort();
  }

  /** A port on which no server listens. */
  static int deadPort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new AssertionError("no port is free", e);
    }
  }

  static X509Bundle certificate(String dnsName) throws Exception {
    return new CertificateBuilder()
        .subject("CN=" + dnsName)
        .addSanDnsName(dnsName)
        .setIsCertificateAuthority(true)
        .buildSelfSigned();
  }

  static SslContext serverTls(X509Bundle certificate) throws Exception {
    return SslContextBuilder.forServer(certificate.toKeyManagerFactory()).build();
  }

  static OriginTls trusting(X509Bundle certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("exchange", certificate.getCertificate());
    return TestTls.trusting(store);
  }

  public static <T> T await(Future<T> future) {
    if (!future.awaitUninterruptibly(PATIENCE_S, TimeUnit.SECONDS)) {
      throw new AssertionError("nothing happened in " + PATIENCE_S + " s");
    }
    return future.getNow();
  }

  public static <T> T await(java.util.concurrent.Future<T> future) {
    try {
      return future.get(PATIENCE_S, TimeUnit.SECONDS);
    } catch (InterruptedException | ExecutionException | java.util.concurrent.TimeoutException e) {
      throw new AssertionError("nothing happened in " + PATIENCE_S + " s", e);
    }
  }

  public static @Nullable Throwable failure(Future<?> future) {
    await(future);
    return future.cause();
  }

  @Override
  public void close() {
    clients.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).syncUninterruptibly();
    servers.shutdownGracefully(0, PATIENCE_S, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
