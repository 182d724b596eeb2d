package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.ProxyConfiguration;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * An injector that is made out of a connector's properties, as in production, but that looks names
 * up and trusts certificates as the test decides. It serves the exchange {@link #EXCHANGE}.
 */
public final class InjectorUnderTest implements AutoCloseable {

  /** The exchange whose connections it opens. */
  public static final String EXCHANGE = "test";

  private final ProxyInjector injector;

  /**
   * @param properties flat, as in a connector's JSON; a fault in them fails the test
   * @param names all that this machine knows of names
   * @param trusted who vouches for https proxies
   */
  public InjectorUnderTest(
      Map<String, String> properties, TestNames names, LocalCertificates trusted) {
    ProxySettings settings =
        ProxyConfiguration.parse(
            properties,
            Set.of(EXCHANGE),
            (key, message) -> {
              throw new AssertionError(key + ": " + message);
            });
    injector = Settings.injector(settings, trusted.client(), names);
  }

  /** For the clients of the exchange. */
  public ProxyInjector injector() {
    return injector;
  }

  /** Opens a connection for REST. */
  Future<ProxiedChannel> open(
      EventLoop loop, String host, int port, Consumer<ProxiedChannel> origin) {
    return injector.connect(loop, new Destination(EXCHANGE, Transport.REST, host, port), origin);
  }

  @Override
  public void close() {
    injector.close();
  }
}
