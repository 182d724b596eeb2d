package io.cryptofeed.connect.local.proxy;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The proxies that the tests rely on, as the JDK's own clients see them. */
class LocalProxyTest {

  private final LocalSocksProxy socks = new LocalSocksProxy();
  private final LocalHttpProxy http = new LocalHttpProxy();
  private final ServerSocket origin = listen();

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void closeAll() throws Exception {
    socks.close();
    http.close();
    origin.close();
  }

  private InetSocketAddress originAddress() {
    return new InetSocketAddress(origin.getInetAddress(), origin.getLocalPort());
  }

  private Socket tunnel(Proxy.Type type, LocalProxy<?> proxy, String host) throws IOException {
    Socket socket = new Socket(new Proxy(type, proxy.address()));
    socket.connect(InetSocketAddress.createUnresolved(host, 443));
    return socket;
  }

  @Test
  void leads_a_name_that_nobody_else_knows_to_the_origin() throws Exception {
    socks.withName("exchange.test", originAddress()).start();

    try (Socket client = tunnel(Proxy.Type.SOCKS, socks, "exchange.test");
        Socket accepted = origin.accept()) {
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      assertThat(accepted.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      accepted.getOutputStream().write("welcome".getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(7)).asString(US_ASCII).isEqualTo("welcome");
    }

    assertThat(socks.asked()).containsExactly(new Tunnel("exchange.test", 443));
    assertThat(socks.asked().get(0).isByName()).isTrue();
    assertThat(socks.bytesFromClients()).isEqualTo(5);
    assertThat(socks.bytesToClients()).isEqualTo(7);
  }

  @Test
  void a_name_may_lead_to_one_port_or_keep_the_port_that_was_asked_for() throws Exception {
    http.withName("exchange.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .withName("exchange.test:443", originAddress())
        .start();

    try (Socket client = tunnel(Proxy.Type.HTTP, http, "exchange.test")) {
      assertThat(client.isConnected()).isTrue();
      assertThat(http.tunnelsOpened()).isEqualTo(1);
    }
  }

  @Test
  void the_origin_can_tell_the_proxy_from_others_at_once() throws Exception {
    socks.withName("exchange.test", originAddress()).start();

    try (Socket proxied = tunnel(Proxy.Type.SOCKS, socks, "exchange.test");
        Socket accepted = origin.accept()) {
      assertThat(proxied.isConnected()).isTrue();
      assertThat(socks.owns((InetSocketAddress) accepted.getRemoteSocketAddress())).isTrue();
    }
    try (Socket direct = new Socket(origin.getInetAddress(), origin.getLocalPort());
        Socket accepted = origin.accept()) {
      assertThat(direct.isConnected()).isTrue();
      assertThat(socks.owns((InetSocketAddress) accepted.getRemoteSocketAddress())).isFalse();
    }
  }

  @Test
  void refuses_a_client_without_credentials() throws Exception {
    socks.withCredentials("alice", "secret").withName("exchange.test", originAddress()).start();

    assertThatThrownBy(() -> tunnel(Proxy.Type.SOCKS, socks, "exchange.test"))
        .isInstanceOf(IOException.class);
    assertThat(socks.asked()).isEmpty();
    assertThat(socks.accepted()).isEqualTo(1);
  }

  @Test
  void stopping_cuts_the_tunnels_and_starting_again_keeps_the_port() throws Exception {
    socks.withName("exchange.test", originAddress()).start();
    int port = socks.port();

    try (Socket client = tunnel(Proxy.Type.SOCKS, socks, "exchange.test")) {
      assertThat(socks.tunnelsOpen()).isEqualTo(1);
      socks.stop();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      assertThat(socks.tunnelsOpen()).isZero();
      assertThatThrownBy(() -> tunnel(Proxy.Type.SOCKS, socks, "exchange.test"))
          .isInstanceOf(IOException.class);
    }
    socks.start();

    assertThat(socks.port()).isEqualTo(port);
    try (Socket client = tunnel(Proxy.Type.SOCKS, socks, "exchange.test")) {
      assertThat(client.isConnected()).isTrue();
      assertThat(socks.tunnelsOpened()).isEqualTo(2);
    }
  }

  @Test
  void reads_no_faster_than_the_slow_side_takes() throws Exception {
    socks.withName("exchange.test", originAddress()).start();
    int size = 64 << 20;

    try (Socket client = tunnel(Proxy.Type.SOCKS, socks, "exchange.test");
        Socket accepted = origin.accept()) {
      CompletableFuture<Void> sending =
          CompletableFuture.runAsync(
              () -> {
                try {
                  accepted.getOutputStream().write(new byte[size]);
                  accepted.shutdownOutput();
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              });
      AtomicLong carried = new AtomicLong();
      await()
          .until(
              () ->
                  carried.getAndSet(socks.bytesToClients()) == socks.bytesToClients()
                      && carried.get() > 0);
      assertThat(socks.bytesToClients()).isLessThan(size);
      assertThat(sending).isNotDone();

      byte[] received = new byte[size];
      new DataInputStream(client.getInputStream()).readFully(received);
      assertThat(Arrays.equals(received, new byte[size])).isTrue();
      assertThat(client.getInputStream().read()).isEqualTo(-1);
      sending.join();
    }
  }
}
