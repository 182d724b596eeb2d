package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.ConnectFailure.Stage;
import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

/** An HTTP proxy that others wrote understands us as well. */
class LittleProxyTest {

  private final HttpProxyServer proxy =
      DefaultHttpProxyServer.bootstrap()
          .withPort(0)
          .withProxyAuthenticator(
              new ProxyAuthenticator() {
                @Override
                public boolean authenticate(String user, String password) {
                  return user.equals("alice") && password.equals("p@ss:w/r%d");
                }

                @Override
                public String getRealm() {
                  return "local";
                }
              })
          .start();
  private final EchoOrigin origin = new EchoOrigin("127.0.0.1", peer -> true);
  private final Client client = new Client(new TestNames());

  @AfterEach
  void closeAll() {
    client.close();
    origin.close();
    proxy.abort();
  }

  private String url(String userInfo) {
    return "http://" + userInfo + "127.0.0.1:" + proxy.getListenAddress().getPort();
  }

  @Test
  void opens_a_tunnel_for_the_right_credentials() throws Exception {
    Channel channel =
        client
            .open(url("alice:p%40ss%3Aw%2Fr%25d@"), "127.0.0.1", origin.port())
            .get(20, TimeUnit.SECONDS).channel();
    client.exchangeWords(channel, "hello");

    assertThat(client.events()).containsExactly("origin pipeline", "active", "hello");
  }

  @Test
  void refuses_the_wrong_ones() throws Exception {
    ConnectFailure failure =
        Client.failureOf(client.open(url("alice:S3CRET@"), "127.0.0.1", origin.port()));

    assertThat(failure.stage()).isEqualTo(Stage.TUNNEL);
    assertThat(failure).hasMessageContaining("refused the user name or the password (407");
    assertThat(origin.accepted()).isEmpty();
  }
}
