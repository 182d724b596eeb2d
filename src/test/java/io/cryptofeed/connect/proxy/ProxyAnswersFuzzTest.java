package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.fuzz.ByteServer;
import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.netty.util.concurrent.Future;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers of proxies, changed by chance: a tunnel opens, or there is a failure that says why. */
@Tag("fuzz")
class ProxyAnswersFuzzTest {

  private static final String SECRET = "fuzz-canary-7731";

  private static final Map<String, List<String>> ANSWERS =
      Map.of(
          "http",
          List.of(
              "HTTP/1.1 200 Connection established\r\n\r\n",
              "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
              "HTTP/1.1 403 no tunnel for user:" + SECRET + "\r\nContent-Length: 3\r\n\r\nbye",
              "HTTP/1.1 502 Bad Gateway\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n"),
          "socks5",
          List.of(
              ByteServer.text(5, 2, 1, 0, 5, 0, 0, 1, 0, 0, 0, 0, 0, 0),
              ByteServer.text(5, 0, 5, 5, 0, 1, 0, 0, 0, 0, 0, 0),
              ByteServer.text(5, 0xff)),
          "socks4a",
          List.of(
              ByteServer.text(0, 90, 0, 0, 0, 0, 0, 0), ByteServer.text(0, 91, 0, 0, 0, 0, 0, 0)));

  @Test
  void an_answer_opens_a_tunnel_or_is_a_failure() throws Exception {
    try (ByteServer server = new ByteServer();
        Client client = new Client(new TestNames(), LocalCertificates.create())) {
      Fuzz.run(
          "proxy answers",
          5,
          random -> {
            Mutator mutator = new Mutator(random);
            String scheme = mutator.pick(List.copyOf(ANSWERS.keySet()));
            List<String> answers = ANSWERS.getOrDefault(scheme, List.of());
            server.reply(ByteServer.latin(mutator.mutated(mutator.pick(answers), answers)));
            String login = scheme.equals("socks4a") ? "user@" : "user:" + SECRET + "@";
            Future<ProxiedChannel> opening =
                client.open(
                    scheme + "://" + login + "127.0.0.1:" + server.port(),
                    Duration.ofSeconds(20),
                    "exchange.test",
                    443);
            assertThat(opening.await(30, TimeUnit.SECONDS)).isTrue();
            if (opening.isSuccess()) {
              opening.getNow().channel().close();
            } else {
              assertThat(opening.cause()).isInstanceOf(ConnectFailure.class);
              assertThat(opening.cause().getMessage())
                  .isNotBlank()
                  .doesNotContain(SECRET)
                  .matches("\\P{Cntrl}*");
            }
          });
    }
  }
}
