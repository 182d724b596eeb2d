package io.cryptofeed.connect.net;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.ProxyLayer;
import io.cryptofeed.connect.proxy.connect.ConnectFailure;
import io.cryptofeed.connect.proxy.connect.NameResolution;
import io.cryptofeed.connect.proxy.connect.ProxyTls;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.cryptofeed.connect.proxy.settings.TlsSettings;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.KnownSecrets;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.pkitesting.X509Bundle;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.Deflater;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebSocketClientTest {

  private static final int MIB = 1 << 20;
  private static final Duration PATIENT = Duration.ofSeconds(20);
  private static final WebSocketOptions PLAIN = options(false, 16 * MIB);
  private static final WebSocketOptions COMPRESSED = options(true, 16 * MIB);

  private final Loopback loopback = new Loopback();
  private final RecordingListener listener = new RecordingListener();

  @AfterEach
  void tearDown() {
    loopback.close();
  }

  // ---- the handshake ----

  @Test
  void the_handshake_has_a_user_agent_and_no_origin() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    HttpHeaders request = server.request();
    assertThat(request.get(HttpHeaderNames.HOST)).isEqualTo("localhost:" + server.port());
    assertThat(request.get(HttpHeaderNames.USER_AGENT)).startsWith("cryptofeed-kafka-connect/");
    assertThat(request.contains(HttpHeaderNames.ORIGIN)).isFalse();
    assertThat(request.contains(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS)).isFalse();
  }

  @Test
  void sends_path_and_query_with_names_beyond_ascii_encoded() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    URI uri = URI.create("ws://localhost:" + server.port() + "/stream?streams=币安usdt@trade");
    Loopback.await(connect(uri, PLAIN, TestTls.platform()));

    assertThat(server.target()).isEqualTo("/stream?streams=%E5%B8%81%E5%AE%89usdt@trade");
  }

  @Test
  void sends_the_headers_and_subprotocols_that_it_is_given() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketOptions options =
        new WebSocketOptions(
            false, MIB, Duration.ofSeconds(20), Map.of("X-Key", "k", "User-Agent", "own"), "a,b");
    URI uri = URI.create("ws://localhost:" + server.port() + "/");

    connect(uri, options, TestTls.platform()).awaitUninterruptibly();

    HttpHeaders request = server.request();
    assertThat(request.get("X-Key")).isEqualTo("k");
    assertThat(request.getAll(HttpHeaderNames.USER_AGENT)).containsExactly("own");
    assertThat(request.get(HttpHeaderNames.SEC_WEBSOCKET_PROTOCOL)).isEqualTo("a,b");
  }

  @Test
  void knows_its_egress_and_its_event_loop() {
    WebSocketConnection connection = open(new WebSocketServer(loopback), PLAIN);

    assertThat(connection.egress()).isEqualTo("direct");
    assertThat(connection.eventLoop()).isSameAs(loopback.loop());
    assertThat(connection.isOpen()).isTrue();
    assertThat(connection.isReading()).isTrue();
  }

  @Test
  void delivers_a_message_that_arrives_with_the_handshake_response() throws Exception {
    open(new WebSocketServer(loopback).greets("{\"event\":\"info\"}"), PLAIN);

    assertThat(listener.text()).isEqualTo("{\"event\":\"info\"}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "451|does not serve the restricted location|proxy.exchanges.binance.websocket.url",
        "403|a firewall of the exchange, or of the proxy|proxy.exchanges.binance.websocket.url",
        "429|too many requests|open fewer connections",
        "401|credentials|exchange.binance.websocket.url",
        "404|the path is not a WebSocket|exchange.binance.websocket.url",
        "503|maintenance|out of order",
        "200|not that of a WebSocket server|exchange.binance.websocket.url",
      })
  void explains_a_refused_handshake(int status, String meaning, String cure) {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw(WebSocketServer.http(HttpResponseStatus.valueOf(status), ""));

    HandshakeRefusedException refusal = refusal(server);

    assertThat(refusal.status()).isEqualTo(status);
    assertThat(refusal.retryAfter()).isEmpty();
    assertThat(refusal)
        .hasMessageContaining("binance at localhost:" + server.port())
        .hasMessageContaining("via direct with HTTP " + status)
        .hasMessageContaining(meaning)
        .hasMessageContaining(cure);
  }

  @ParameterizedTest
  @ValueSource(ints = {429, 418, 503})
  void reports_the_wait_that_the_exchange_asks_for(int status) {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw(
                WebSocketServer.http(HttpResponseStatus.valueOf(status), "", "Retry-After: 120"));

    assertThat(refusal(server).retryAfter()).contains(Duration.ofMinutes(2));
  }

  /** A token of the URL comes back in the target of a redirect, or in the page of an error. */
  @ParameterizedTest
  @ValueSource(strings = {"token=redirect-canary-1", "token%3Dredirect-canary-1"})
  void shows_no_token_that_comes_back(String echoed) {
    KnownSecrets.addQuery("token=redirect-canary-1");
    WebSocketServer redirect =
        new WebSocketServer(loopback)
            .answersRaw(
                WebSocketServer.http(
                    HttpResponseStatus.FOUND, "", "Location: wss://elsewhere/ws?" + echoed));
    WebSocketServer missing =
        new WebSocketServer(loopback)
            .answersRaw(
                WebSocketServer.http(HttpResponseStatus.NOT_FOUND, "no /ws?" + echoed + " here"));

    assertThat(refusal(redirect)).hasMessageContaining("wss://elsewhere/ws?");
    assertThat(refusal(redirect).getMessage()).doesNotContain("canary");
    assertThat(refusal(missing)).hasMessageContaining("no /ws?");
    assertThat(refusal(missing).getMessage()).doesNotContain("canary");
  }

  @Test
  void treats_a_redirect_as_a_refusal_and_names_its_target() {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw(
                WebSocketServer.http(
                    HttpResponseStatus.MOVED_PERMANENTLY, "", "Location: wss://elsewhere/ws"));

    assertThat(refusal(server))
        .hasMessageContaining("redirects are not followed")
        .hasMessageContaining("wss://elsewhere/ws");
  }

  @Test
  void quotes_a_printable_line_of_the_refusal() {
    String body = "{\n  \"msg\": \"restricted\u0007 \u001b[31mlocation\"}" + "x".repeat(5_000);
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw(WebSocketServer.http(HttpResponseStatus.valueOf(451), body));

    String message = requireNonNull(refusal(server).getMessage());

    assertThat(message)
        .contains("it says: { \"msg\": \"restricted\\u0007 \\u001b[31mlocation\"}xxx");
    assertThat(message).matches("\\P{Cntrl}*");
    assertThat(message.substring(message.indexOf("it says: ") + 9)).hasSize(200);
  }

  @Test
  void reports_a_refusal_whose_body_never_ends() {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw("HTTP/1.1 451 \r\ncontent-length: 500\r\n\r\nrestricted");

    assertThat(refusal(server)).hasMessageContaining("it says: restricted");
  }

  @Test
  void gives_up_on_a_server_that_accepts_and_stays_silent() {
    WebSocketServer server = new WebSocketServer(loopback).staysSilent();
    WebSocketOptions hurried = new WebSocketOptions(false, MIB, Duration.ofMillis(100));

    Throwable failure = Loopback.failure(connect(server.uri(), hurried, TestTls.platform()));

    assertThat(failure)
        .isInstanceOf(SocketTimeoutException.class)
        .hasMessageContaining("did not complete the WebSocket handshake within 100 ms via direct");
    await().until(server::isDeserted);
  }

  @Test
  void names_tls_if_its_handshake_does_not_complete() {
    int mute = Loopback.port(loopback.listen(channel -> {}));
    WebSocketOptions hurried = new WebSocketOptions(false, MIB, Duration.ofMillis(100));

    assertThat(
            Loopback.failure(
                connect(URI.create("wss://localhost:" + mute), hurried, TestTls.platform())))
        .hasMessageContaining("did not complete the TLS handshake within 100 ms");
  }

  @Test
  void reports_a_server_that_closes_during_the_handshake() {
    WebSocketServer server = new WebSocketServer(loopback).answersRaw("");

    assertThat(Loopback.failure(connect(server.uri(), PLAIN, TestTls.platform())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("closed the connection during the WebSocket handshake via direct");
  }

  @Test
  void reports_a_response_that_is_not_http() {
    WebSocketServer server =
        new WebSocketServer(loopback).answersRaw("SSH-2.0-OpenSSH_9.2\r\n\r\n");

    assertThat(Loopback.failure(connect(server.uri(), PLAIN, TestTls.platform())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is not HTTP");
  }

  @Test
  void rejects_a_handshake_response_with_a_wrong_key() {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersRaw(
                WebSocketServer.http(
                    HttpResponseStatus.SWITCHING_PROTOCOLS,
                    "",
                    "upgrade: websocket",
                    "connection: upgrade",
                    "sec-websocket-accept: bm90IHlvdXIga2V5"));

    assertThat(Loopback.failure(connect(server.uri(), PLAIN, TestTls.platform())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("answered the WebSocket handshake wrongly via direct");
  }

  @ParameterizedTest
  @CsvSource({
    "false, permessage-deflate",
    "true, permessage-bzip2",
    "true, permessage-deflate; server_max_window_bits=16",
    "true, 'permessage-deflate, permessage-deflate'",
  })
  void rejects_an_extension_that_was_not_offered(boolean offered, String extension)
      throws Exception {
    WebSocketServer server =
        new WebSocketServer(loopback)
            .answersWith(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, extension);

    assertThat(Loopback.failure(connect(server.uri(), options(offered, MIB), TestTls.platform())))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("which was not offered");
  }

  @Test
  void reports_why_the_connection_could_not_be_opened() {
    URI uri = URI.create("ws://localhost:" + Loopback.deadPort());

    assertThat(Loopback.failure(connect(uri, PLAIN, TestTls.platform())))
        .isInstanceOf(ConnectFailure.class);
  }

  @Test
  void fails_on_a_url_that_is_not_a_websocket_url() {
    URI uri = URI.create("https://localhost/");

    assertThat(Loopback.failure(connect(uri, PLAIN, TestTls.platform())))
        .isInstanceOf(MalformedURLException.class)
        .hasMessageContaining("ws://host or wss://host");
  }

  @Test
  void closes_the_connection_when_the_attempt_is_cancelled() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback).staysSilent();
    Future<WebSocketConnection> attempt = connect(server.uri(), PLAIN, TestTls.platform());
    server.request();

    attempt.cancel(false);

    await().until(server::isDeserted);
    assertThat(listener.closedAgain()).isZero();
  }

  // ---- TLS ----

  @Test
  void uses_tls_with_a_host_that_it_trusts() throws Exception {
    X509Bundle certificate = Loopback.certificate("localhost");
    WebSocketServer server =
        new WebSocketServer(loopback, Loopback.serverTls(certificate)).greets("hello");

    WebSocketConnection connection =
        Loopback.await(connect(server.uri(), PLAIN, Loopback.trusting(certificate)));

    assertThat(listener.text()).isEqualTo("hello");
    connection.send("subscribe");
    assertThat(server.received()).isInstanceOf(TextWebSocketFrame.class);
    connection.close(1000, "done");
    assertThat(server.received()).isInstanceOf(CloseWebSocketFrame.class);
    server.send(new CloseWebSocketFrame(1000, ""));
    assertThat(listener.closed()).isEqualTo(new CloseReason(1000, "done", null));
  }

  @Test
  void refuses_a_certificate_for_another_host() throws Exception {
    X509Bundle certificate = Loopback.certificate("stream.example.com");
    WebSocketServer server = new WebSocketServer(loopback, Loopback.serverTls(certificate));

    assertThat(Loopback.failure(connect(server.uri(), PLAIN, Loopback.trusting(certificate))))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("certificate of localhost:" + server.port() + " via direct")
        .hasMessageContaining("is not for this host");
  }

  @Test
  void refuses_a_certificate_of_an_unknown_authority() throws Exception {
    WebSocketServer server =
        new WebSocketServer(loopback, Loopback.serverTls(Loopback.certificate("localhost")));

    assertThat(Loopback.failure(connect(server.uri(), PLAIN, TestTls.platform())))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining(
            "certificate of localhost:" + server.port() + " was not trusted via direct")
        .hasMessageContaining("trust store of the JVM");
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // the failure shows that the banner was sent
  void reports_a_port_without_tls() {
    ByteBuf banner = bytes("HTTP/1.1 400 Bad Request\r\n\r\n");
    int port =
        Loopback.port(
            loopback.listen(
                channel ->
                    channel
                        .eventLoop()
                        .execute(() -> channel.writeAndFlush(banner.retainedDuplicate()))));
    URI uri = URI.create("wss://localhost:" + port);

    assertThat(Loopback.failure(connect(uri, PLAIN, TestTls.platform())))
        .isInstanceOf(SSLException.class)
        .hasMessageContaining("localhost:" + port + " via direct does not use TLS");
  }

  // ---- messages ----

  @Test
  void delivers_text_and_binary_alike() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.send(
        new TextWebSocketFrame("grüße"),
        new BinaryWebSocketFrame(bytes("binary")),
        new TextWebSocketFrame(""));

    assertThat(listener.text()).isEqualTo("grüße");
    assertThat(listener.text()).isEqualTo("binary");
    assertThat(listener.text()).isEmpty();
  }

  @Test
  void joins_fragments_with_a_ping_between_them() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.send(
        new TextWebSocketFrame(false, 0, "one "),
        new ContinuationWebSocketFrame(false, 0, ""),
        new PingWebSocketFrame(),
        new ContinuationWebSocketFrame(false, 0, "two "),
        new ContinuationWebSocketFrame(true, 0, "three"),
        new TextWebSocketFrame("next"));

    assertThat(listener.text()).isEqualTo("one two three");
    assertThat(listener.text()).isEqualTo("next");
    assertThat(listener.controlFrames()).isEqualTo(1);
  }

  @Test
  void counts_bytes_when_they_are_read_and_not_only_at_the_end() throws Exception {
    AtomicLong read = new AtomicLong();
    ProxyEvents counting =
        new ProxyEvents() {
          @Override
          public void transferred(
              String exchange, Transport transport, Exit exit, long bytesRead, long bytesWritten) {
            read.addAndGet(bytesRead);
          }
        };
    ProxyLayer layer =
        new ProxyLayer(
            "test",
            ProxySettings.disabled(),
            ProxyTls.of(TlsSettings.DEFAULT, mismatch -> {}),
            NameResolution.ofThisWorker(),
            counting);
    WebSocketServer server = new WebSocketServer(loopback);
    try (ProxyInjector injector = new ProxyInjector(layer)) {
      WebSocketConnection connection =
          Loopback.await(
              new WebSocketClient(injector, TestTls.platform())
                  .connect(loopback.loop(), "binance", "a session", server.uri(), PLAIN, listener));
      for (int messages = 1; messages <= 3; messages++) {
        server.send(new TextWebSocketFrame("0123456789"));
        listener.text();
        long expected = messages * 10L;
        await().untilAsserted(() -> assertThat(read).hasValue(expected));
      }
      assertThat(connection.isOpen()).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {125, 126, 65_535, 65_536, 5 * MIB, 16 * MIB})
  void delivers_messages_of_every_size(int size) throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);
    byte[] message = noise(size);

    server.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));

    assertThat(Arrays.equals(listener.message(), message)).isTrue();
  }

  @Test
  void delivers_a_fragmented_message_of_the_full_size_and_small_ones_after_it() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);
    byte[] message = noise(16 * MIB);
    int half = message.length / 2;

    server.send(
        new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(message, 0, half)),
        new ContinuationWebSocketFrame(true, 0, Unpooled.wrappedBuffer(message, half, half)),
        new TextWebSocketFrame(false, 0, "sm"),
        new ContinuationWebSocketFrame(true, 0, "all"));

    assertThat(Arrays.equals(listener.message(), message)).isTrue();
    assertThat(listener.text()).isEqualTo("small");
  }

  @Test
  void ends_on_a_frame_that_is_too_large() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, options(false, 1000));

    server.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(noise(1001))));

    assertClosesWith(server, 1009, "1000");
    assertThat(listener.messagesWaiting()).isZero();
  }

  @Test
  void ends_on_fragments_that_are_too_large_together() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, options(false, 1000));

    server.send(
        new BinaryWebSocketFrame(false, 0, Unpooled.wrappedBuffer(noise(600))),
        new ContinuationWebSocketFrame(false, 0, Unpooled.wrappedBuffer(noise(401))));

    assertClosesWith(server, 1009, "more than 1000 bytes");
    assertThat(listener.messagesWaiting()).isZero();
  }

  @Test
  void ends_on_a_frame_that_breaks_the_protocol() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.send(new ContinuationWebSocketFrame(true, 0, "of nothing"));

    assertClosesWith(server, 1002, "");
  }

  @Test
  void ends_on_a_compressed_frame_if_compression_was_not_negotiated() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, COMPRESSED);

    server.send(new BinaryWebSocketFrame(true, 4, Deflated.message(noise(10))));

    assertClosesWith(server, 1002, "reserved bits 4");
  }

  // ---- compression ----

  @Test
  void decompresses_what_an_independent_implementation_compressed() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback).compresses();
    open(server, COMPRESSED);
    String message = "{\"bids\":[[\"0.35130000\",\"6195.00000000\"]]}".repeat(1_000);

    for (int i = 0; i < 3; i++) {
      server.send(new TextWebSocketFrame(message + i));
    }

    assertThat(server.request().get(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS))
        .contains("permessage-deflate");
    for (int i = 0; i < 3; i++) {
      assertThat(listener.text()).isEqualTo(message + i);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "permessage-deflate",
        "permessage-deflate; server_max_window_bits=15; client_max_window_bits=10",
        "Permessage-Deflate; client_no_context_takeover",
      })
  void lets_messages_refer_to_earlier_ones(String agreement) throws Exception {
    WebSocketServer server = compressing(agreement);
    open(server, COMPRESSED);
    Deflater deflater = new Deflater(9, true);
    byte[] message = noise(5_000);

    ByteBuf first = Deflated.message(deflater, message);
    ByteBuf second = Deflated.message(deflater, message);
    assertThat(second.readableBytes()).isLessThan(100);
    server.send(
        new BinaryWebSocketFrame(true, 4, first), new BinaryWebSocketFrame(true, 4, second));

    assertThat(listener.message()).isEqualTo(message);
    assertThat(listener.message()).isEqualTo(message);
  }

  @Test
  void forgets_earlier_messages_when_that_was_agreed() throws Exception {
    WebSocketServer server = compressing("permessage-deflate; server_no_context_takeover");
    open(server, COMPRESSED);
    byte[] message = noise(5_000);

    server.send(
        new BinaryWebSocketFrame(true, 4, Deflated.message(message)),
        new TextWebSocketFrame("not compressed"),
        new BinaryWebSocketFrame(true, 4, Deflated.message(message)));

    assertThat(listener.message()).isEqualTo(message);
    assertThat(listener.text()).isEqualTo("not compressed");
    assertThat(listener.message()).isEqualTo(message);
  }

  @Test
  void decompresses_across_fragments() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, COMPRESSED);
    byte[] message = noise(100_000);
    ByteBuf compressed = Deflated.message(message);

    server.send(
        new BinaryWebSocketFrame(false, 4, compressed.readRetainedSlice(1)),
        new ContinuationWebSocketFrame(false, 0, compressed.readRetainedSlice(50_000)),
        new ContinuationWebSocketFrame(true, 0, compressed));

    assertThat(listener.message()).isEqualTo(message);
  }

  @Test
  void decompresses_a_message_that_ends_its_stream() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, COMPRESSED);
    // The example of RFC 7692, 7.2.3.4: "Hello" in a block with the final bit, twice.
    byte[] hello = {(byte) 0xf3, 0x48, (byte) 0xcd, (byte) 0xc9, (byte) 0xc9, 0x07, 0x00, 0x00};

    server.send(
        new TextWebSocketFrame(true, 4, Unpooled.wrappedBuffer(hello)),
        new TextWebSocketFrame(true, 4, Unpooled.wrappedBuffer(hello)));

    assertThat(listener.text()).isEqualTo("Hello");
    assertThat(listener.text()).isEqualTo("Hello");
  }

  @Test
  void delivers_a_compressed_message_of_exactly_the_limit() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, options(true, 100_000));

    server.send(new BinaryWebSocketFrame(true, 4, Deflated.message(new byte[100_000])));

    assertThat(listener.message()).hasSize(100_000);
  }

  @Test
  void ends_on_a_compressed_message_one_byte_over_the_limit() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, options(true, 100_000));

    server.send(new BinaryWebSocketFrame(true, 4, Deflated.message(new byte[100_001])));

    assertClosesWith(server, 1009, "more than 100000 bytes");
  }

  @Test
  void survives_a_message_that_would_decompress_to_more_than_the_memory() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, COMPRESSED);
    ByteBuf bomb = Deflated.zeroMebibytes(2_048);
    assertThat(bomb.readableBytes()).isLessThan(4 * MIB);

    server.send(new BinaryWebSocketFrame(true, 4, bomb));

    assertClosesWith(server, 1009, "more than 16777216 bytes");
    assertThat(listener.messagesWaiting()).isZero();
  }

  @Test
  void ends_on_a_message_that_cannot_be_decompressed() throws Exception {
    WebSocketServer server = compressing("permessage-deflate");
    open(server, COMPRESSED);

    server.send(new BinaryWebSocketFrame(true, 4, Unpooled.wrappedBuffer(new byte[] {-1, -1})));

    assertClosesWith(server, 1007, "cannot be decompressed");
  }

  // ---- control frames ----

  @Test
  void responds_to_a_ping_with_its_payload() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.send(new PingWebSocketFrame(bytes("1672515782136")));

    WebSocketFrame pong = server.received();
    assertThat(pong).isInstanceOf(PongWebSocketFrame.class);
    assertThat(pong.content().toString(UTF_8)).isEqualTo("1672515782136");
    await().until(() -> listener.controlFrames() == 1);
  }

  @Test
  void sends_pings_and_reports_pongs() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.ping();
    assertThat(server.received()).isInstanceOf(PingWebSocketFrame.class);
    server.send(new PongWebSocketFrame());

    await().until(() -> listener.controlFrames() == 1);
  }

  @Test
  void sends_in_the_order_of_the_calls() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.send("first");
    connection.send("second");

    assertThat(((TextWebSocketFrame) server.received()).text()).isEqualTo("first");
    assertThat(((TextWebSocketFrame) server.received()).text()).isEqualTo("second");
  }

  // ---- the end ----

  @Test
  void reports_the_peers_close_code_and_reason_and_responds_to_them() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    server.send(new CloseWebSocketFrame(1008, "Pong timeout"));

    assertThat(listener.closed()).isEqualTo(new CloseReason(1008, "Pong timeout", null));
    assertThat(((CloseWebSocketFrame) server.received()).statusCode()).isEqualTo(1008);
    await().until(server::isDeserted);
    assertThat(connection.isOpen()).isFalse();
  }

  @Test
  void reports_a_close_frame_without_a_code_as_1005() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.send(new CloseWebSocketFrame());

    assertThat(listener.closed()).isEqualTo(new CloseReason(1005, "", null));
    assertThat(((CloseWebSocketFrame) server.received()).statusCode()).isEqualTo(-1);
  }

  @Test
  void reports_an_end_without_a_close_frame_as_1006() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    open(server, PLAIN);

    server.hangUp();

    CloseReason reason = listener.closed();
    assertThat(reason.code()).isEqualTo(1006);
    assertThat(reason.text()).contains("without a close frame").contains("direct");
    assertThat(reason.cause()).isNull();
  }

  @Test
  void reports_a_broken_connection_with_its_cause() throws Exception {
    X509Bundle certificate = Loopback.certificate("localhost");
    WebSocketServer server = new WebSocketServer(loopback, Loopback.serverTls(certificate));
    Loopback.await(connect(server.uri(), PLAIN, Loopback.trusting(certificate)));

    server.sendRaw(bytes("this is no TLS record"));

    CloseReason reason = listener.closed();
    assertThat(reason.code()).isEqualTo(1006);
    assertThat(reason.text()).contains("broke via direct");
    assertThat(reason.cause()).isNotNull();
  }

  @Test
  void closes_with_the_given_code_and_reason_and_waits_for_the_response() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.close(4000, "rollover");

    CloseWebSocketFrame frame = (CloseWebSocketFrame) server.received();
    assertThat(frame.statusCode()).isEqualTo(4000);
    assertThat(frame.reasonText()).isEqualTo("rollover");
    server.send(new TextWebSocketFrame("late"), new CloseWebSocketFrame(4000, ""));
    assertThat(listener.closed()).isEqualTo(new CloseReason(4000, "rollover", null));
    assertThat(listener.messagesWaiting()).isZero();
  }

  @Test
  void closes_even_if_the_peer_never_responds() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.close(1000, "stop");

    assertThat(listener.closed()).isEqualTo(new CloseReason(1000, "stop", null));
    await().until(server::isDeserted);
  }

  @Test
  void closes_even_if_reading_is_paused() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);
    connection.setReading(false);

    connection.close(1000, "stop");
    server.received();
    server.send(new TextWebSocketFrame("unread"), new CloseWebSocketFrame(1000, ""));

    assertThat(listener.closed()).isEqualTo(new CloseReason(1000, "stop", null));
    assertThat(listener.messagesWaiting()).isZero();
  }

  @Test
  void reports_the_end_once_and_with_the_first_reason() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.close(1000, "first");
    connection.close(1001, "second");
    server.received();
    server.send(new CloseWebSocketFrame(1011, "too"));
    server.hangUp();

    assertThat(listener.closed().text()).isEqualTo("first");
    connection.close(1000, "after the end");
    connection.send("after the end");
    connection.ping();
    connection.setReading(false);
    loopback.loop().submit(() -> {}).syncUninterruptibly();
    assertThat(listener.closedAgain()).isZero();
  }

  @Test
  void shortens_a_reason_that_is_too_long_for_a_close_frame() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);

    connection.close(1000, "ä".repeat(100));

    assertThat(((CloseWebSocketFrame) server.received()).reasonText()).isEqualTo("ä".repeat(61));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 999, 1004, 1005, 1006, 1015, 2999, 5000})
  void refuses_to_close_with_a_code_that_may_not_be_sent(int code) {
    WebSocketConnection connection = open(new WebSocketServer(loopback), PLAIN);

    assertThatThrownBy(() -> connection.close(code, ""))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(String.valueOf(code));
  }

  @Test
  void ends_the_connection_when_the_listener_fails() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    IllegalStateException fault = new IllegalStateException("parser fault");
    RecordingListener failing =
        new RecordingListener() {
          @Override
          public void onMessage(byte[] buffer, int offset, int length) {
            throw fault;
          }
        };
    Loopback.await(
        new WebSocketClient(Loopback.injector(), TestTls.platform())
            .connect(loopback.loop(), "binance", "a session", server.uri(), PLAIN, failing));

    server.send(new TextWebSocketFrame("{}"), new TextWebSocketFrame("{}"));

    CloseWebSocketFrame frame = (CloseWebSocketFrame) server.received();
    assertThat(frame.statusCode()).isEqualTo(1011);
    assertThat(frame.reasonText()).isEqualTo("internal error");
    server.hangUp();
    CloseReason reason = failing.closed();
    assertThat(reason.code()).isEqualTo(1011);
    assertThat(reason.text()).contains("parser fault");
    assertThat(reason.cause()).isSameAs(fault);
  }

  // ---- back-pressure ----

  @Test
  void loses_nothing_when_reading_stops_and_resumes() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection connection = open(server, PLAIN);
    connection.setReading(false);
    await().until(() -> !connection.isReading());

    for (int i = 0; i < 1_000; i++) {
      server.send(new TextWebSocketFrame("message " + i));
    }
    // The ping arrives after all messages, so a pong would show that something was read.
    server.send(new PingWebSocketFrame());
    loopback.loop().submit(() -> {}).syncUninterruptibly();
    assertThat(listener.messagesWaiting()).isZero();
    assertThat(listener.controlFrames()).isZero();

    connection.setReading(true);
    for (int i = 0; i < 1_000; i++) {
      assertThat(listener.text()).isEqualTo("message " + i);
    }
  }

  @Test
  void stops_reading_soon_after_a_pause_from_within_a_message() throws Exception {
    WebSocketServer server = new WebSocketServer(loopback);
    WebSocketConnection[] holder = new WebSocketConnection[1];
    RecordingListener pausing =
        new RecordingListener() {
          @Override
          public void onMessage(byte[] buffer, int offset, int length) {
            requireNonNull(holder[0]).setReading(false);
            super.onMessage(buffer, offset, length);
          }
        };
    holder[0] =
        Loopback.await(
            new WebSocketClient(Loopback.injector(), TestTls.platform())
                .connect(loopback.loop(), "binance", "a session", server.uri(), PLAIN, pausing));
    byte[] message = noise(64 << 10);
    int sent = 500;
    for (int i = 0; i < sent; i++) {
      server.send(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(message)));
    }

    pausing.message();
    assertThat(pausing.messagesWaiting()).isLessThan(10);
    for (int i = 1; i < sent; i++) {
      holder[0].setReading(true);
      assertThat(pausing.message()).hasSize(message.length);
    }
  }

  // ---- helpers ----

  private WebSocketConnection open(WebSocketServer server, WebSocketOptions options) {
    return Loopback.await(connect(server.uri(), options, TestTls.platform()));
  }

  private Future<WebSocketConnection> connect(URI uri, WebSocketOptions options, OriginTls tls) {
    return new WebSocketClient(Loopback.injector(), tls)
        .connect(loopback.loop(), "binance", "a session", uri, options, listener);
  }

  private HandshakeRefusedException refusal(WebSocketServer server) {
    Throwable failure = Loopback.failure(connect(server.uri(), PLAIN, TestTls.platform()));
    assertThat(failure).isInstanceOf(HandshakeRefusedException.class);
    return (HandshakeRefusedException) requireNonNull(failure);
  }

  private WebSocketServer compressing(String agreement) {
    return new WebSocketServer(loopback)
        .answersWith(HttpHeaderNames.SEC_WEBSOCKET_EXTENSIONS, agreement);
  }

  private void assertClosesWith(WebSocketServer server, int code, String text) throws Exception {
    WebSocketFrame frame = server.received();
    assertThat(frame).isInstanceOf(CloseWebSocketFrame.class);
    assertThat(((CloseWebSocketFrame) frame).statusCode()).isEqualTo(code);
    assertThat(((CloseWebSocketFrame) frame).reasonText()).contains(text);
    server.hangUp();
    CloseReason reason = listener.closed();
    assertThat(reason.code()).isEqualTo(code);
    assertThat(reason.text()).contains(text);
    assertThat(reason.cause()).isNotNull();
  }

  private static WebSocketOptions options(boolean compression, int maxMessageBytes) {
    return new WebSocketOptions(compression, maxMessageBytes, PATIENT);
  }

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, UTF_8);
  }

  private static byte[] noise(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }
}
