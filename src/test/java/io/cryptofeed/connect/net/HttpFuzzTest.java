package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.fuzz.ByteServer;
import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes of HTTP servers, changed by chance: every request ends, with an answer or a reason. */
@Tag("fuzz")
class HttpFuzzTest {

  private static final int LIMIT = 64 << 10;

  private static final List<String> ANSWERS =
      List.of(
          "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
          "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 20\r\n\r\n\u001f\u008b\b\0",
          "HTTP/1.1 429 Too Many Requests\r\nRetry-After: 7\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 302 Found\r\nLocation: http://elsewhere/\r\nContent-Length: 0\r\n\r\n",
          "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1",
          "HTTP/1.0 200 OK\r\n\r\nuntil the end",
          "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n");

  @Test
  void a_request_ends() throws Exception {
    try (ByteServer server = new ByteServer();
        Loopback loopback = new Loopback();
        HttpClient client = new HttpClient(Loopback.injector(), TestTls.platform())) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/");
      Fuzz.run(
          "http",
          10,
          random -> {
            Mutator mutator = new Mutator(random);
            server.reply(ByteServer.latin(mutator.mutated(mutator.pick(ANSWERS), ANSWERS)));
            Future<HttpAnswer> done =
                client.get(loopback.loop(), "binance", uri, 1, Duration.ofSeconds(20), LIMIT);
            Throwable failure = Loopback.failure(done);
            if (failure == null) {
              assertThat(done.getNow().body()).hasSizeLessThanOrEqualTo(LIMIT);
            } else {
              assertThat(failure).isInstanceOf(IOException.class);
              assertThat(failure.getMessage()).isNotBlank().matches("\\P{Cntrl}*");
            }
          });
    }
  }
}
