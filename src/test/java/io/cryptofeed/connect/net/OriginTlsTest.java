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
  void sends_the_host_name_as_sni() {
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
  void adds_no_handler_without_tls() {
    EmbeddedChannel channel = new EmbeddedChannel();

    Future<Channel> ready =
        TestTls.platform().begin(channel, new Endpoint(false, "localhost", 8080), "direct");

    assertThat(ready.isSuccess()).isTrue();
    assertThat(channel.pipeline().names()).doesNotContain("origin-tls");
    channel.finishAndReleaseAll();
  }

  @Test
  void reports_a_host_that_closes_during_the_handshake() {
    EmbeddedChannel channel = new EmbeddedChannel();
    Future<Channel> ready =
        TestTls.platform().begin(channel, new Endpoint(true, "api.example.com", 443), "direct");

    channel.finishAndReleaseAll();

    assertThat(ready.cause())
        .hasMessage(
            "api.example.com:443 closed the connection during the TLS handshake via direct");
  }
}
