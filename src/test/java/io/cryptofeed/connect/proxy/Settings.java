package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.Compliance;
import io.cryptofeed.connect.proxy.settings.ConnectSettings;
import io.cryptofeed.connect.proxy.settings.FailoverSettings;
import io.cryptofeed.connect.proxy.settings.Fallback;
import io.cryptofeed.connect.proxy.settings.HealthSettings;
import io.cryptofeed.connect.proxy.settings.MonitoringSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.settings.Routing;
import io.cryptofeed.connect.proxy.settings.Scope;
import io.cryptofeed.connect.proxy.settings.Section;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.settings.Via;
import io.netty.handler.ssl.SslContext;
import io.netty.resolver.AddressResolverGroup;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Settings in which the WebSockets of every exchange go one way. */
final class Settings {

  private Settings() {}

  /** An injector that knows these names and trusts these authorities. */
  static ProxyInjector injector(
      ProxySettings settings, SslContext proxyTls, AddressResolverGroup<InetSocketAddress> names) {
    return new ProxyInjector(
        new ProxyLayer("test", settings, new ProxyTls(proxyTls), names, ProxyEvents.NONE));
  }

  static ProxySettings of(Via via, String key, Duration timeout) {
    return of(via, key, timeout, new Fallback.Fail(), FailoverSettings.DEFAULT);
  }

  static ProxySettings of(
      Via via,
      String key,
      Duration timeout,
      Fallback fallback,
      FailoverSettings failover,
      PoolSettings... pools) {
    return new ProxySettings(
        true,
        new Routing(
            Map.of(
                new Scope(null, Transport.WEBSOCKET),
                new Section(via, timeout, new Source(key, "a test"))),
            RegionalSettings.NONE,
            List.of(),
            null,
            fallback,
            Map.of()),
        Arrays.stream(pools).collect(Collectors.toMap(PoolSettings::name, Function.identity())),
        HealthSettings.DEFAULT,
        failover,
        CircuitSettings.DEFAULT,
        null,
        TlsSettings.DEFAULT,
        Compliance.NONE,
        MonitoringSettings.DEFAULT,
        ConnectSettings.DEFAULT);
  }
}
