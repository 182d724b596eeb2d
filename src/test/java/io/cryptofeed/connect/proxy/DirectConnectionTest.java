package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.connect.Destination;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.netty.channel.Channel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are configured to be direct. */
class DirectConnectionTest {

  private static final Duration LONG = Duration.ofSeconds(30);

  private final TestNames names = new TestNames();
  private final Client client = new Client(names);
  private final EchoOrigin origin = new EchoOrigin("127.0.0.1", peer -> true);

  @AfterEach
  void closeAll() {
    client.close();
    origin.close();
  }

  @Test
  void reaches_a_name_that_this_machine_knows() throws Exception {
    names.with("exchange.test", "127.0.0.1");

    Channel channel =
        client
            .openDirectly(LONG, "exchange.test", origin.port())
            .get(20, TimeUnit.SECONDS)
            .channel();
    client.exchangeWords(channel, "hello");

    assertThat(client.events()).containsExactly("origin pipeline", "active", "hello");
    assertThat(channel.pipeline().toMap()).containsOnlyKeys("destination");
  }

  @Test
  void does_not_look_an_address_up() throws Exception {
    client.openDirectly(LONG, "127.0.0.1", origin.port()).get(20, TimeUnit.SECONDS);

    assertThat(names.askedFor()).isEmpty();
  }

  @Test
  void tries_every_address_of_a_name() throws Exception {
    // Nothing listens on the first two.
    names.with("exchange.test", "127.0.0.2", "127.0.0.3", "127.0.0.1");

    Channel channel =
        client
            .openDirectly(LONG, "exchange.test", origin.port())
            .get(20, TimeUnit.SECONDS)
            .channel();

    assertThat(((InetSocketAddress) channel.remoteAddress()).getHostString())
        .isEqualTo("127.0.0.1");
  }

  @Test
  void says_who_refused() throws Exception {
    int port = portWithoutListener();

    ConnectFailure failure = Client.failureOf(client.openDirectly(LONG, "127.0.0.1", port));

    assertThat(failure.stage()).isEqualTo(Stage.TCP);
    assertThat(failure.egress()).isEqualTo("direct");
    assertThat(failure).hasMessageStartingWith("cannot reach 127.0.0.1:" + port + " directly (");
  }

  @Test
  void says_which_name_nobody_knows() throws Exception {
    ConnectFailure failure =
        Client.failureOf(client.openDirectly(LONG, "nowhere.test", origin.port()));

    assertThat(failure.stage()).isEqualTo(Stage.DNS);
    assertThat(failure).hasMessage("no address found for 'nowhere.test'; check the name");
  }

  @Test
  void gives_up_at_the_deadline() throws Exception {
    names.silent();

    ConnectFailure failure =
        Client.failureOf(
            client.openDirectly(Duration.ofMillis(200), "exchange.test", origin.port()));

    assertThat(failure.stage()).isEqualTo(Stage.DNS);
    assertThat(failure).hasMessageContaining("within 200 ms");
  }

  @Test
  void disabled_proxies_mean_direct_for_every_exchange() throws Exception {
    ProxyInjector injector = new ProxyInjector(ProxySettings.disabled());
    List<ProxiedChannel> built = new CopyOnWriteArrayList<>();

    ProxiedChannel opened =
        injector
            .connect(
                client.loop(),
                new Destination("kraken", Transport.REST, "localhost", origin.port()),
                built::add)
            .get(20, TimeUnit.SECONDS);

    assertThat(built).containsExactly(opened);
    assertThat(injector.egress("kraken", Transport.REST)).isEqualTo("direct");
  }

  private static int portWithoutListener() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
