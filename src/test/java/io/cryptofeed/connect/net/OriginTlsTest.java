package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.Future;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class OriginTlsTest {

  @Test
  void announces_the_name_of_the_host() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Endpoint endpoint = new Endpoint(true, "stream.example.com", 9443);

    Future<Channel> ready = TestTls.platform().begin(channel, endpoint, "direct");

    assertThat(ready.isDone()).isFalse();
    ByteBuf clientHello = channel.readOutbound();
    assertThat(clientHello.toString(StandardCharsets.ISO_8859_1)).contains("stream.example.com");
    clientHello.release();
    channel.finishAndReleaseAll();
  }

  @Test
  void adds_nothing_where_no_tls_is_spoken() {
    EmbeddedChannel channel = new EmbeddedChannel();

    Future<Channel> ready =
        TestTls.platform().begin(channel, new Endpoint(false, "localhost", 8080), "direct");

    assertThat(ready.isSuccess()).isTrue();
    assertThat(channel.pipeline().names()).doesNotContain("origin-tls");
    channel.finishAndReleaseAll();
  }

  @Test
  void says_so_when_the_host_hangs_up() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Future<Channel> ready =
        TestTls.platform().begin(channel, new Endpoint(true, "api.example.com", 443), "direct");

    channel.finishAndReleaseAll();

    assertThat(ready.cause())
        .hasMessage(
            "api.example.com:443 closed the connection during the TLS handshake via direct");
  }
}
