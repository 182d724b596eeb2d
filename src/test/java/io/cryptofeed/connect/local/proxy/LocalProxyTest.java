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

/** The proxies of the tests, used by the JDK's own clients. */
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
  void resolves_a_name_that_only_the_proxy_knows() throws Exception {
    socks.withName("exchange.test", originAddress()).start();

    try (Socket client = tunnel(Proxy.Type.SOCKS, socks, "exchange.test");
        Socket accepted = origin.accept()) {
      client.getOutputStream().write("hello".getBytes(US_ASCII));
      assertThat(accepted.getInputStream().readNBytes(5)).asString(US_ASCII).isEqualTo("hello");
      accepted.getOutputStream().write("welcome".getBytes(US_ASCII));
      assertThat(client.getInputStream().readNBytes(7)).asString(US_ASCII).isEqualTo("welcome");
    }

    assertThat(socks.tunnelsRequested()).containsExactly(new Tunnel("exchange.test", 443));
    assertThat(socks.tunnelsRequested().get(0).isByName()).isTrue();
    assertThat(socks.bytesFromClients()).isEqualTo(5);
    assertThat(socks.bytesToClients()).isEqualTo(7);
  }

  @Test
  void a_name_may_resolve_to_a_port_or_keep_the_requested_port() throws Exception {
    http.withName("exchange.test", new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .withName("exchange.test:443", originAddress())
        .start();

    try (Socket client = tunnel(Proxy.Type.HTTP, http, "exchange.test")) {
      assertThat(client.isConnected()).isTrue();
      assertThat(http.tunnelsOpened()).isEqualTo(1);
    }
  }

  @Test
  void the_origin_can_distinguish_the_proxy_from_others_at_once() throws Exception {
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
    assertThat(socks.tunnelsRequested()).isEmpty();
    assertThat(socks.accepted()).isEqualTo(1);
  }

  @Test
  void stopping_closes_the_tunnels_and_restarting_keeps_the_port() throws Exception {
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
  void reads_no_faster_than_the_slow_side_accepts() throws Exception {
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
