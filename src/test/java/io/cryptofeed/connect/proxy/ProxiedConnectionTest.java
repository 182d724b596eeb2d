package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.proxy.LocalHttpProxy;
import io.cryptofeed.connect.local.proxy.LocalProxy;
import io.cryptofeed.connect.local.proxy.LocalSocksProxy;
import io.cryptofeed.connect.local.proxy.Tunnel;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.Scheme;
import io.netty.channel.Channel;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What a connection through a proxy is like, from the first byte to the last. The origin refuses
 * every peer but the proxy, and the name {@code exchange.test} is known to the proxy alone.
 */
class ProxiedConnectionTest {

  private static final LocalCertificates AUTHORITY = LocalCertificates.create();
  private static final Credentials NONE = new Credentials("", "");
  private static final Credentials PLAIN = new Credentials("alice", "S3CRET-word");

  private final TestNames names = new TestNames();
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Client client = new Client(names, AUTHORITY);

  @BeforeEach
  void knowTheProxy() throws Exception {
    names.with("proxy.test", "127.0.0.1");
  }

  @AfterEach
  void closeAll() throws Exception {
    client.close();
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
  }

  private LocalProxy<?> proxy(Scheme scheme, Credentials credentials) {
    LocalProxy<?> proxy =
        switch (scheme) {
          case HTTP -> new LocalHttpProxy();
          case HTTPS -> new LocalHttpProxy().overTls(AUTHORITY.server("proxy.test"));
          case SOCKS4, SOCKS4A, SOCKS5, SOCKS5H -> new LocalSocksProxy();
        };
    if (!credentials.equals(NONE)) {
      proxy.withCredentials(credentials.user(), credentials.password());
    }
    opened.add(proxy);
    return proxy.start();
  }

  private EchoOrigin originBehind(LocalProxy<?> proxy, String address) throws Exception {
    EchoOrigin origin = new EchoOrigin(address, proxy::owns);
    opened.add(origin);
    proxy.withName("exchange.test:443", origin.address());
    return origin;
  }

  private static String url(Scheme scheme, Credentials credentials, LocalProxy<?> proxy) {
    String userInfo = "";
    if (!credentials.equals(NONE)) {
      String password = scheme.isSocks4() ? "" : ":" + credentials.password();
      userInfo = credentials.user() + password + "@";
    }
    return scheme.code() + "://" + userInfo + "proxy.test:" + proxy.port();
  }

  private static Channel opened(Future<ProxiedChannel> opening) throws Exception {
    return opening.get(20, TimeUnit.SECONDS).channel();
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP", "SOCKS5"})
  void takes_an_ipv6_address_in_brackets(Scheme scheme) throws Exception {
    assumeTrue(
        NetworkInterface.getByInetAddress(ipv6Loopback()) != null, "this machine has no ::1");
    LocalProxy<?> proxy = proxy(scheme, NONE);
    EchoOrigin origin = originBehind(proxy, "::1");

    Channel channel = opened(client.open(url(scheme, NONE, proxy), "[::1]", origin.port()));
    client.exchangeWords(channel, "hello");

    assertThat(proxy.tunnelsRequested())
        .singleElement()
        .satisfies(
            asked ->
                assertThat(NetUtil.createInetAddressFromIpAddressString(asked.host()))
                    .isEqualTo(ipv6Loopback()));
  }

  private static @Nullable InetAddress ipv6Loopback() {
    return NetUtil.createInetAddressFromIpAddressString("::1");
  }

  @Test
  void socks4_takes_the_ipv4_address_of_a_name_that_has_both() throws Exception {
    LocalProxy<?> proxy = proxy(Scheme.SOCKS4, NONE);
    EchoOrigin origin = originBehind(proxy, "127.0.0.1");
    names.with("both.test", "::1", "127.0.0.1");

    opened(client.open(url(Scheme.SOCKS4, NONE, proxy), "both.test", origin.port()));

    assertThat(proxy.tunnelsRequested()).containsExactly(new Tunnel("127.0.0.1", origin.port()));
  }

  @Test
  void sends_an_internationalised_name_in_ascii() throws Exception {
    LocalProxy<?> proxy = proxy(Scheme.SOCKS5, NONE);
    EchoOrigin origin = originBehind(proxy, "127.0.0.1");
    proxy.withName("xn--brse-5qa.test", origin.address());

    opened(client.open(url(Scheme.SOCKS5, NONE, proxy), "börse.test", 443));

    assertThat(proxy.tunnelsRequested()).containsExactly(new Tunnel("xn--brse-5qa.test", 443));
  }

  @ParameterizedTest
  @EnumSource
  void the_origin_pipeline_is_told_of_an_open_channel_and_of_nothing_else(Scheme scheme)
      throws Exception {
    LocalProxy<?> proxy = proxy(scheme, NONE);
    EchoOrigin origin = originBehind(proxy, "127.0.0.1");

    Channel channel = opened(client.open(url(scheme, NONE, proxy), "127.0.0.1", origin.port()));
    client.exchangeWords(channel, "hello");

    assertThat(client.events()).containsExactly("origin pipeline", "active", "hello");
  }

  @ParameterizedTest
  @EnumSource
  void only_the_tls_of_the_proxy_stays_when_the_tunnel_is_up(Scheme scheme) throws Exception {
    LocalProxy<?> proxy = proxy(scheme, PLAIN);
    EchoOrigin origin = originBehind(proxy, "127.0.0.1");

    Channel channel = opened(client.open(url(scheme, PLAIN, proxy), "127.0.0.1", origin.port()));

    List<String> expected = new ArrayList<>(List.of("destination"));
    if (scheme == Scheme.HTTPS) {
      expected.add(0, "proxy-tls");
    }
    assertThat(channel.pipeline().toMap().keySet())
        .filteredOn(name -> !name.equals("quick-ack"))
        .containsExactlyElementsOf(expected);
  }

  @Test
  void the_origin_pipeline_hears_that_the_proxy_cut_the_tunnel() throws Exception {
    LocalProxy<?> proxy = proxy(Scheme.SOCKS5, NONE);
    originBehind(proxy, "127.0.0.1");
    Channel channel = opened(client.open(url(Scheme.SOCKS5, NONE, proxy), "exchange.test", 443));

    proxy.stop();

    assertThat(channel.closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
    await().untilAsserted(() -> assertThat(client.events()).endsWith("inactive"));
  }

  @Test
  void closing_the_channel_closes_the_tunnel() throws Exception {
    LocalProxy<?> proxy = proxy(Scheme.HTTPS, NONE);
    EchoOrigin origin = originBehind(proxy, "127.0.0.1");
    Channel channel = opened(client.open(url(Scheme.HTTPS, NONE, proxy), "exchange.test", 443));
    client.exchangeWords(channel, "hello");

    channel.close().sync();

    assertThat(origin.accepted()).hasSize(1);
    assertThat(origin.accepted().get(0).closeFuture().await(20, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void tries_the_next_address_of_a_proxy_when_one_refuses() throws Exception {
    LocalProxy<?> proxy = proxy(Scheme.SOCKS5, NONE);
    originBehind(proxy, "127.0.0.1");
    // Nothing listens on 127.0.0.2.
    names.with("proxy.test", "127.0.0.2", "127.0.0.1");

    Channel channel = opened(client.open(url(Scheme.SOCKS5, NONE, proxy), "exchange.test", 443));

    assertThat(((InetSocketAddress) channel.remoteAddress()).getHostString())
        .isEqualTo("127.0.0.1");
  }

  @Test
  void a_destination_that_speaks_in_the_same_packet_as_the_proxy_is_heard() throws Exception {
    try (ScriptedProxy proxy = ScriptedProxy.answering("HTTP/1.1 200 OK\r\n\r\nwelcome")) {
      opened(client.open(proxy.url("http"), "exchange.test", 443));

      await()
          .untilAsserted(
              () ->
                  assertThat(client.events())
                      .containsExactly("origin pipeline", "active", "welcome"));
    }
  }
}
