package io.cryptofeed.connect.proxy.connect;

import io.netty.channel.socket.nio.NioDatagramChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.InetNameResolver;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Resolves host names on the worker, without blocking an event loop. */
public final class NameResolution {

  private static final Path RESOLV_CONF = Path.of("/etc/resolv.conf");

  private NameResolution() {}

  /**
   * Asks the machine's name servers. Where the machine doesn't say which they are, Netty would ask
   * a public one on the internet, so the JVM's own lookup is used there.
   */
  public static AddressResolverGroup<InetSocketAddress> ofThisWorker() {
    return namesAServer(RESOLV_CONF)
        ? new DnsAddressResolverGroup(
            new DnsNameResolverBuilder()
                .datagramChannelType(NioDatagramChannel.class)
                .socketChannelType(NioSocketChannel.class))
        : new OfTheJvm();
  }

  static boolean namesAServer(Path resolvConf) {
    try (Stream<String> lines = Files.lines(resolvConf, StandardCharsets.ISO_8859_1)) {
      return lines.anyMatch(line -> line.strip().startsWith("nameserver"));
    } catch (IOException | UncheckedIOException e) {
      return false;
    }
  }

  /** The JVM's lookup, which blocks: each runs on a thread of its own. */
  static final class OfTheJvm extends AddressResolverGroup<InetSocketAddress> {

    @Override
    protected AddressResolver<InetSocketAddress> newResolver(EventExecutor executor) {
      return new InetNameResolver(executor) {
        @Override
        protected void doResolve(String name, Promise<InetAddress> promise) {
          inBackground(
              () -> {
                try {
                  promise.trySuccess(InetAddress.getByName(name));
                } catch (UnknownHostException e) {
                  promise.tryFailure(e);
                }
              });
        }

        @Override
        protected void doResolveAll(String name, Promise<List<InetAddress>> promise) {
          inBackground(
              () -> {
                try {
                  promise.trySuccess(List.of(InetAddress.getAllByName(name)));
                } catch (UnknownHostException e) {
                  promise.tryFailure(e);
                }
              });
        }
      }.asAddressResolver();
    }

    private static void inBackground(Runnable lookup) {
      Thread thread = new Thread(lookup, "dns");
      thread.setDaemon(true);
      thread.start();
    }
  }
}
