package io.cryptofeed.connect.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("FutureReturnValueIgnored") // what the servers schedule shows in the answers
class HttpClientTest {

  private static final int LIMIT = 1 << 20;
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final String DEPTH = "/api/v3/depth?symbol=BTCUSDT&limit=1000";

  private final Loopback loopback = new Loopback();
  private final HttpClient client = new HttpClient(Loopback.injector(), TestTls.platform());

  @AfterEach
  void tearDown() {
    client.close();
    loopback.close();
  }

  // ---- request and answer ----

  @Test
  void sends_the_headers_that_exchanges_expect() throws Exception {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));

    answer(server, DEPTH);

    assertThat(server.target()).isEqualTo(DEPTH);
    HttpHeaders headers = server.headers();
    assertThat(headers.get(HttpHeaderNames.HOST)).isEqualTo("localhost:" + server.port());
    assertThat(headers.get(HttpHeaderNames.USER_AGENT)).startsWith("cryptofeed-kafka-connect/");
    assertThat(headers.get(HttpHeaderNames.ACCEPT_ENCODING)).isEqualTo("gzip, deflate");
  }

  @ParameterizedTest
  @CsvSource({"'', /", "?a=b, /?a=b", "/币, /%E5%B8%81", "/a%2Fb?c=%20, /a%2Fb?c=%20"})
  void requests_path_and_query_of_the_url(String pathAndQuery, String target) throws Exception {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));

    answer(server, pathAndQuery);

    assertThat(server.target()).isEqualTo(target);
  }

  @Test
  void sends_a_post_with_its_body_and_headers_on_a_connection_of_its_own() throws Exception {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));
    answer(server, DEPTH);
    server.headers();
    HttpRequestParts post =
        new HttpRequestParts(
            "POST",
            server.uri("/token?a=b"),
            Map.of("X-Key", "k", "User-Agent", "own"),
            "body".getBytes(UTF_8));

    Loopback.await(client.send(loopback.loop(), "kucoin", post, 1, PATIENT, LIMIT));

    HttpHeaders headers = server.headers();
    assertThat(headers.get("X-Key")).isEqualTo("k");
    assertThat(headers.getAll(HttpHeaderNames.USER_AGENT)).containsExactly("own");
    assertThat(headers.get(HttpHeaderNames.CONTENT_LENGTH)).isEqualTo("4");
    assertThat(server.connections()).isEqualTo(2);
    assertThat(post.toString()).doesNotContain("a=b").doesNotContain("body");
  }

  @ParameterizedTest
  @CsvSource({"Host", "content-length", "Transfer-Encoding", "connection"})
  void rejects_headers_that_belong_to_the_connection(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                new HttpRequestParts(
                    "GET", URI.create("http://a/"), Map.of(name, "x"), new byte[0]))
        .withMessageContaining(name);
  }

  @Test
  void returns_status_headers_and_body() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn ->
                turn.ok(
                    "{\"lastUpdateId\":160}",
                    "X-MBX-USED-WEIGHT-1M: 250",
                    "Vary: Origin",
                    "vary: Accept"));

    long before = EpochClock.nowNs();
    HttpAnswer answer = answer(server, DEPTH);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.headers())
        .containsEntry("x-mbx-used-weight-1m", "250")
        .containsEntry("vary", "Origin, Accept");
    assertThat(text(answer)).isEqualTo("{\"lastUpdateId\":160}");
    assertThat(answer.receiveNs()).isBetween(before, EpochClock.nowNs());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "302 Found",
        "400 Bad Request",
        "418 I'm a teapot",
        "429 Too Many Requests",
        "451 Unavailable For Legal Reasons",
        "503 Service Unavailable"
      })
  void accepts_every_status(String status) {
    HttpServer server =
        new HttpServer(loopback, turn -> turn.status(status, "{\"code\":-1003}", "Retry-After: 7"));

    HttpAnswer answer = answer(server, DEPTH);

    assertThat(status).startsWith(String.valueOf(answer.status()));
    assertThat(text(answer)).isEqualTo("{\"code\":-1003}");
    assertThat(answer.retryAfter(0)).contains(Duration.ofSeconds(7));
  }

  @Test
  void waits_for_the_final_response_after_an_early_hint() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.text("HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n");
              turn.ok("real");
            });

    assertThat(text(answer(server, DEPTH))).isEqualTo("real");
  }

  @Test
  void reads_a_response_in_chunks() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.head("200 OK", "transfer-encoding: chunked");
              turn.text("\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
            });

    assertThat(text(answer(server, DEPTH))).isEqualTo("abcde");
  }

  @Test
  void reads_a_response_that_ends_with_its_connection() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.text("HTTP/1.1 200 OK\r\n\r\nto the end");
              turn.hangUp();
            });

    assertThat(text(answer(server, DEPTH))).isEqualTo("to the end");
  }

  /** Netty decodes these too where their libraries are on the class path. */
  @ParameterizedTest
  @ValueSource(strings = {"zstd", "snappy", "br", "gzip, zstd"})
  void an_encoding_that_was_not_asked_for_is_refused(String encoding) {
    HttpServer server =
        new HttpServer(loopback, turn -> turn.ok("{}", "content-encoding: " + encoding));

    assertThat(failure(server))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("encoding '" + encoding + "', which was not asked for");
  }

  @ParameterizedTest
  @ValueSource(strings = {"gzip", "deflate"})
  void decompresses(String encoding) {
    String body = "[\"0.0024\",\"10\"],".repeat(10_000);
    HttpServer server =
        new HttpServer(
            loopback, turn -> turn.ok(compressed(encoding, body), "content-encoding: " + encoding));

    assertThat(text(answer(server, DEPTH))).isEqualTo(body);
    assertThat(text(answer(server, DEPTH))).isEqualTo(body);
    assertThat(server.connections()).isEqualTo(1);
  }

  // ---- limits ----

  @Test
  void accepts_a_body_of_exactly_the_limit() {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("x".repeat(1000)));

    assertThat(Loopback.await(get(server.uri(DEPTH), PATIENT, 1000)).body()).hasSize(1000);
  }

  @Test
  void rejects_a_response_whose_announced_length_exceeds_the_limit() {
    HttpServer server =
        new HttpServer(loopback, turn -> turn.head("200 OK", "content-length: 1001", ""));

    Throwable failure = Loopback.failure(get(server.uri(DEPTH), PATIENT, 1000));

    assertThat(failure)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("binance GET localhost:" + server.port() + "/api/v3/depth")
        .hasMessageContaining("more than 1000 bytes");
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void rejects_a_response_that_exceeds_the_limit() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.head("200 OK", "transfer-encoding: chunked");
              turn.text("\r\n3e9\r\n" + "x".repeat(1001) + "\r\n0\r\n\r\n");
            });

    assertThat(Loopback.failure(get(server.uri(DEPTH), PATIENT, 1000)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than 1000 bytes");
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void survives_a_response_that_would_decompress_to_more_than_the_memory() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.head("200 OK", "content-encoding: deflate", "connection: close", "");
              turn.bytes(Deflated.zeroMebibytes(2_048));
            });

    assertThat(Loopback.failure(get(server.uri(DEPTH), PATIENT, LIMIT)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("more than " + LIMIT + " bytes");
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void fails_on_what_cannot_be_decompressed() {
    HttpServer server =
        new HttpServer(loopback, turn -> turn.ok("this is no gzip", "content-encoding: gzip"));

    assertThat(failure(server)).isInstanceOf(IOException.class).hasMessageContaining("via direct");
  }

  @Test
  void fails_on_what_is_not_http() {
    HttpServer server = new HttpServer(loopback, turn -> turn.text("SSH-2.0-OpenSSH_9.2\r\n\r\n"));

    assertThat(failure(server))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not valid HTTP");
  }

  @Test
  void gives_up_on_a_server_that_stays_silent() {
    HttpServer server = new HttpServer(loopback, turn -> {});

    Throwable failure = Loopback.failure(get(server.uri(DEPTH), Duration.ofSeconds(1), LIMIT));

    assertThat(failure)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("was not answered within 1000 ms via direct")
        .hasMessageNotContaining("BTCUSDT");
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void gives_up_on_a_response_that_does_not_end() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.head("200 OK", "content-length: 10", "");
              turn.text("half");
            });

    assertThat(Loopback.failure(get(server.uri(DEPTH), Duration.ofSeconds(2), LIMIT)))
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("was answered only in part within 2000 ms");
    await().until(() -> server.deserted() == 1);
  }

  // ---- connections ----

  @Test
  void reuses_its_connection() {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));

    for (int i = 0; i < 5; i++) {
      answer(server, DEPTH);
    }

    assertThat(server.requests()).isEqualTo(5);
    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void can_reuse_the_connection_as_soon_as_the_response_is_delivered() {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));
    CompletableFuture<Future<HttpAnswer>> second = new CompletableFuture<>();

    Future<HttpAnswer> first = get(server.uri(DEPTH), PATIENT, LIMIT);
    first.addListener(done -> second.complete(get(server.uri(DEPTH), PATIENT, LIMIT)));
    Loopback.await(Loopback.await(second));

    assertThat(server.connections()).isEqualTo(1);
  }

  @Test
  void never_sends_two_requests_at_once_on_a_connection() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn ->
                turn.channel()
                    .eventLoop()
                    .schedule(() -> turn.ok("{}"), 20, TimeUnit.MILLISECONDS));

    Future<HttpAnswer> one = get(server.uri(DEPTH), PATIENT, LIMIT);
    Future<HttpAnswer> other = get(server.uri(DEPTH), PATIENT, LIMIT);

    assertThat(Loopback.await(one).status()).isEqualTo(200);
    assertThat(Loopback.await(other).status()).isEqualTo(200);
    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void does_not_share_connections_between_exchanges() {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));

    answer(server, DEPTH);
    Loopback.await(client.get(loopback.loop(), "binance_us", server.uri(DEPTH), 1, PATIENT, LIMIT));

    assertThat(server.connections()).isEqualTo(2);
  }

  @Test
  void opens_a_new_connection_if_the_server_has_announced_a_close() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.ok("{}", "connection: close");
              turn.hangUp();
            });

    answer(server, DEPTH);
    answer(server, DEPTH);

    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void retries_a_request_whose_idle_connection_was_closed() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              if (turn.number() == 1) {
                turn.ok("{}");
              } else {
                turn.hangUp();
              }
            });
    answer(server, DEPTH);

    assertThat(answer(server, DEPTH).status()).isEqualTo(200);
    assertThat(server.connections()).isEqualTo(2);
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  void retries_a_request_only_once() {
    AtomicInteger seen = new AtomicInteger();
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              if (seen.incrementAndGet() == 1) {
                turn.ok("{}");
              } else {
                turn.hangUp();
              }
            });
    answer(server, DEPTH);

    assertThat(failure(server))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("got no whole answer via direct");
    assertThat(server.requests()).isEqualTo(3);
  }

  @Test
  void does_not_retry_a_request_on_a_new_connection() {
    HttpServer server = new HttpServer(loopback, HttpServer.Turn::hangUp);

    assertThat(failure(server)).hasMessageContaining("the connection was closed");
    assertThat(server.requests()).isEqualTo(1);
  }

  @Test
  void does_not_retry_a_request_with_a_partial_response() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              if (turn.number() == 1) {
                turn.ok("{}");
              } else {
                turn.head("200 OK", "content-length: 10", "");
                turn.text("half");
                turn.hangUp();
              }
            });
    answer(server, DEPTH);

    assertThat(failure(server)).isInstanceOf(IOException.class);
    assertThat(server.requests()).isEqualTo(2);
  }

  @Test
  void closes_a_connection_that_stays_idle() {
    HttpServer server = new HttpServer(loopback, turn -> turn.ok("{}"));
    try (HttpClient forgetful =
        new HttpClient(Loopback.injector(), TestTls.platform(), Duration.ofMillis(20))) {
      Loopback.await(
          forgetful.get(loopback.loop(), "binance", server.uri(DEPTH), 1, PATIENT, LIMIT));

      await().until(() -> server.deserted() == 1);
      Loopback.await(
          forgetful.get(loopback.loop(), "binance", server.uri(DEPTH), 1, PATIENT, LIMIT));
      assertThat(server.connections()).isEqualTo(2);
    }
  }

  @Test
  void does_not_use_an_unrequested_response_for_the_next_request() {
    HttpServer server =
        new HttpServer(
            loopback,
            turn -> {
              turn.ok("asked");
              turn.channel()
                  .eventLoop()
                  .schedule(
                      () -> turn.status("408 Request Timeout", ""), 20, TimeUnit.MILLISECONDS);
            });
    answer(server, DEPTH);
    await().until(() -> server.deserted() == 1);

    assertThat(text(answer(server, DEPTH))).isEqualTo("asked");
  }

  @Test
  void closes_the_connection_when_a_request_is_cancelled() {
    HttpServer server = new HttpServer(loopback, turn -> {});
    Future<HttpAnswer> asked = get(server.uri(DEPTH), PATIENT, LIMIT);
    await().until(() -> server.requests() == 1);

    asked.cancel(false);

    await().until(() -> server.deserted() == 1);
  }

  @Test
  void closes_everything_with_the_client() {
    HttpServer idle = new HttpServer(loopback, turn -> turn.ok("{}"));
    HttpServer silent = new HttpServer(loopback, turn -> {});
    answer(idle, DEPTH);
    Future<HttpAnswer> underWay = get(silent.uri(DEPTH), PATIENT, LIMIT);
    await().until(() -> silent.requests() == 1);

    client.close();

    assertThat(Loopback.failure(underWay))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("the client was closed");
    await().until(() -> idle.deserted() == 1 && silent.deserted() == 1);
    assertThat(failure(idle)).hasMessageContaining("the client is closed");
  }

  // ---- the way there ----

  @Test
  void sends_requests_over_tls_and_reuses_the_connection() throws Exception {
    X509Bundle certificate = Loopback.certificate("localhost");
    HttpServer server =
        new HttpServer(loopback, Loopback.serverTls(certificate), turn -> turn.ok("secret"));
    try (HttpClient trusting =
        new HttpClient(Loopback.injector(), Loopback.trusting(certificate))) {
      for (int i = 0; i < 2; i++) {
        Future<HttpAnswer> asked =
            trusting.get(loopback.loop(), "binance", server.uri(DEPTH), 1, PATIENT, LIMIT);
        assertThat(text(Loopback.await(asked))).isEqualTo("secret");
      }
    }
    assertThat(server.connections()).isEqualTo(1);
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void refuses_a_certificate_that_it_does_not_trust() throws Exception {
    HttpServer server =
        new HttpServer(
            loopback,
            Loopback.serverTls(Loopback.certificate("localhost")),
            turn -> turn.ok("secret"));

    assertThat(failure(server))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("was not trusted via direct");
    await().until(() -> server.deserted() == 1);
  }

  @Test
  void reports_why_the_connection_could_not_be_opened() {
    URI uri = URI.create("http://localhost:" + Loopback.deadPort() + DEPTH);

    assertThat(Loopback.failure(get(uri, PATIENT, LIMIT))).isInstanceOf(ConnectFailure.class);
  }

  @Test
  void fails_on_a_url_that_is_not_http() {
    assertThat(Loopback.failure(get(URI.create("ws://localhost/"), PATIENT, LIMIT)))
        .isInstanceOf(MalformedURLException.class)
        .hasMessageContaining("http://host or https://host");
  }

  // ---- helpers ----

  private Future<HttpAnswer> get(URI uri, Duration timeout, int maxBodyBytes) {
    return client.get(loopback.loop(), "binance", uri, 1, timeout, maxBodyBytes);
  }

  private HttpAnswer answer(HttpServer server, String pathAndQuery) {
    Future<HttpAnswer> asked = get(server.uri(pathAndQuery), PATIENT, LIMIT);
    HttpAnswer answer = Loopback.await(asked);
    assertThat(asked.cause()).isNull();
    return answer;
  }

  private Throwable failure(HttpServer server) {
    Throwable failure = Loopback.failure(get(server.uri(DEPTH), PATIENT, LIMIT));
    return requireNonNull(failure, "the request succeeded");
  }

  private static String text(HttpAnswer answer) {
    return new String(answer.body(), UTF_8);
  }

  private static byte[] compressed(String encoding, String text) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (OutputStream out =
        encoding.equals("gzip") ? new GZIPOutputStream(bytes) : new DeflaterOutputStream(bytes)) {
      out.write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return bytes.toByteArray();
  }
}
