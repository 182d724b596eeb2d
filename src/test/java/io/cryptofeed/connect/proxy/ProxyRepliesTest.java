package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Replies of proxies in use that no standard knows, or that few proxies send. */
class ProxyRepliesTest {

  /** No test waits so long: a clear reply is judged when it arrives. */
  private static final Duration LATE = Duration.ofSeconds(60);

  private static final String CHOOSES_LOGIN = "\5\2";
  private static final String LOGGED_IN = "\1\0";
  private static final String GRANTED = "\5\0\0\1\0\0\0\0\0\0";

  private final Client client = new Client(new TestNames(), LocalCertificates.create());
  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    client.close();
    for (AutoCloseable closeable : opened) {
      closeable.close();
    }
  }

  private String url(String scheme, String login, ScriptedProxy proxy) {
    opened.add(proxy);
    return proxy.url(scheme).replace("://", "://" + login);
  }

  static Stream<Arguments> tunnels() {
    return Stream.of(
        tunnel("http", "", "HTTP/1.1 200 Connection established\r\n\r\n"),
        tunnel("http", "", "HTTP/1.0 200\r\n\r\n"),
        tunnel("http", "", "HTTP/1.1 201 Created\r\n\r\n"),
        tunnel("http", "", "HTTP/1.1 204 No Content\r\n\r\n"),
        tunnel(
            "http", "", "HTTP/1.1 299 \r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n"),
        tunnel("http", "", "HTTP/1.1 200 OK\nVia: x\n\n"),
        tunnel("http", "", "\r\nHTTP/1.1 200 OK\r\n\r\n"),
        tunnel("http", "", "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        tunnel(
            "http",
            "",
            "HTTP/1.1 100 Continue\r\nA: b\r\n\r\nHTTP/1.1 103 x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"),
        tunnel("http", "", "HTTP/1.1 200 OK\r\nX-Long: " + "x".repeat(60_000) + "\r\n\r\n"),
        tunnel("socks5", "alice:S3CRET-word@", CHOOSES_LOGIN, "\5\0", GRANTED),
        tunnel("socks5", "alice:S3CRET-word@", CHOOSES_LOGIN, "\0\0", GRANTED),
        tunnel("socks5", "alice:S3CRET-word@", CHOOSES_LOGIN, LOGGED_IN, GRANTED),
        tunnel("socks5", "", "\5\0", "\5\0\7\1\1\2\3\4\5\6"),
        tunnel("socks5", "", "\5\0", "\1\0\0\1\0\0\0\0\0\0"),
        tunnel("socks5", "", "\5\0", "\5\0\0\0\0\0\0\0\0\0"),
        tunnel("socks5", "", "\5\0", "\5\0\0\3\0\0\0"),
        tunnel("socks5", "", "\5\0", "\5\0\0\3\5proxy\4\70"),
        tunnel("socks5", "", "\5\0", "\5\0\0\4" + "\0".repeat(16) + "\4\70"),
        tunnel("socks4a", "", "\0\132\0\0\0\0\0\0"),
        tunnel("socks4a", "", "\4\132\4\70\1\2\3\4"));
  }

  private static Arguments tunnel(String scheme, String login, String... replies) {
    return Arguments.of(scheme, login, replies);
  }

  @ParameterizedTest
  @MethodSource("tunnels")
  void a_reply_that_clearly_grants_opens_the_tunnel(String scheme, String login, String[] replies)
      throws Exception {
    String url = url(scheme, login, ScriptedProxy.tunnelling(replies));

    client.exchangeWords(client.open(url, LATE, "exchange.test", 443).get().channel(), "hello");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 407 Proxy Authentication Required\\nProxy-Authenticate: Basic realm=x\\n\\nsome html"
            + "|| requires a user name and a password (407 Proxy Authentication Required), it offers Basic; set them",
        "HTTP/1.1 407 No\\n\\n || requires a user name and a password (407 No); set them",
        "HTTP/1.1 407 No\\nProxy-Authenticate: Basic realm=\"a, b\"\\nContent-Length: 900\\n\\n"
            + "|alice:S3CRET-word@| rejected the credentials (407 No), it offers Basic; check",
        "HTTP/1.1 407 Proxy Authentication Required\\nProxy-Authenticate: Negotiate\\nProxy-Authenticate: NTLM"
            + "\\nContent-Length: 5\\nConnection: close\\n\\nhello"
            + "|alice:S3CRET-word@| requires authentication by Negotiate or NTLM (407 Proxy Authentication Required), and the connector can only use Basic",
        "HTTP/1.1 407 No\\nproxy-authenticate: Digest realm=\"x\", nonce=\"y\", Negotiate\\n\\n"
            + "|| requires authentication by Digest or Negotiate (407 No), and",
        "HTTP/1.1 407 No\\nProxy-Authenticate: Digest realm=\"x\", Basic realm=\"y\"\\n\\n"
            + "|alice:S3CRET-word@| rejected the credentials (407 No), it offers Digest, Basic; check",
        "HTTP/1.1 403 Forbidden\\nContent-Length: 900000\\n\\n || forbids a tunnel to exchange.test:443 (403 Forbidden)",
        "HTTP/1.1 502 Bad Gateway\\nTransfer-Encoding: chunked\\n\\n1 || could not reach exchange.test:443 (502 Bad Gateway)",
        "HTTP/1.1 302 Found\\nLocation: http://login/\\n\\n || did not open a tunnel to exchange.test:443 (302 Found)",
        "HTTP/1.1 101 Switching Protocols\\n\\n || did not open a tunnel to exchange.test:443 (101 Switching Protocols)",
        "HTTP/1.1 100 Continue\\n\\nHTTP/1.1 403 No\\n\\n || forbids a tunnel to exchange.test:443 (403 No)",
      })
  void an_http_refusal_is_judged_from_its_head_at_once(
      String reply, @org.jspecify.annotations.Nullable String login, String said) throws Exception {
    ScriptedProxy proxy = ScriptedProxy.answering(reply.replace("\\n", "\r\n"));
    String url = url("http", login == null ? "" : login, proxy);

    ConnectFailure failure = Client.failureOf(client.open(url, LATE, "exchange.test", 443));

    assertThat(failure).hasMessageContaining(said);
    assertThat(Client.allTextOf(failure)).doesNotContain("alice", "S3CRET-word");
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of("socks5", "\5\2", FailureKind.PROXY_DENIED, "forbids a tunnel"),
        Arguments.of("socks5", "\5\5\0", FailureKind.TARGET, "refused the connection"),
        Arguments.of("socks5", "\5\1\0\0", FailureKind.AMBIGUOUS, "could not reach"),
        Arguments.of("socks5", "\5\60\0\1\0\0\0\0\0\0", FailureKind.AMBIGUOUS, "(UNKNOWN 48)"),
        Arguments.of("socks4a", "\0\133", FailureKind.AMBIGUOUS, "rejected or could not reach"),
        Arguments.of("socks4a", "\4\135\0\0", FailureKind.PROXY_AUTH, "IDENTD"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void a_socks_refusal_keeps_its_code_and_is_judged_at_once(
      String scheme, String result, FailureKind kind, String said) throws Exception {
    ScriptedProxy proxy =
        scheme.equals("socks5")
            ? ScriptedProxy.tunnelling("\5\0", result)
            : ScriptedProxy.tunnelling(result);
    String url = url(scheme, "", proxy);

    ConnectFailure failure = Client.failureOf(client.open(url, LATE, "exchange.test", 443));

    assertThat(failure.kind()).isEqualTo(kind);
    assertThat(failure).hasMessageContaining(said);
  }

  @Test
  void a_login_that_is_refused_with_any_version_is_a_matter_of_credentials() throws Exception {
    String url =
        url("socks5", "alice:S3CRET-word@", ScriptedProxy.tunnelling(CHOOSES_LOGIN, "\5\1"));

    ConnectFailure failure = Client.failureOf(client.open(url, LATE, "exchange.test", 443));

    assertThat(failure.kind()).isEqualTo(FailureKind.PROXY_AUTH);
  }
}
