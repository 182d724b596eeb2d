package io.cryptofeed.connect.local.venue;

import static io.cryptofeed.connect.local.venue.PlainClient.get;
import static io.cryptofeed.connect.local.venue.PlainClient.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.local.LocalCertificates;
import io.cryptofeed.connect.local.venue.binance.BinanceSimulator;
import io.cryptofeed.connect.local.venue.coinbase.CoinbaseSimulator;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.zip.GZIPInputStream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The behaviour that the venues share. */
class VenueServerTest {

  private static final SimulatorOptions QUIET =
      SimulatorOptions.builder().tradesPerSecond(0).bookChangesPerSecond(0).build();
  private static final String SUBSCRIBE_BOOK =
      "{\"type\":\"subscribe\",\"product_ids\":[\"BTC-USD\"],\"channels\":[\"level2_batch\"]}";

  @Test
  void uses_tls_on_websocket_and_rest(@TempDir Path directory) throws Exception {
    LocalCertificates certificates = LocalCertificates.create();
    SimulatorOptions options =
        SimulatorOptions.builder().tls(certificates.server("127.0.0.1")).build();
    HttpClient http = HttpClient.newBuilder().sslContext(trusting(certificates, directory)).build();
    try (BinanceSimulator venue = BinanceSimulator.start(options)) {
      URI info = PlainClient.uri("https", venue, "/api/v3/exchangeInfo");
      assertThat(
              http.send(
                      HttpRequest.newBuilder(info).build(), HttpResponse.BodyHandlers.discarding())
                  .statusCode())
          .isEqualTo(200);
      URI stream = PlainClient.uri("wss", venue, "/ws/btcusdt@trade");
      try (PlainClient client = PlainClient.connect(http, stream)) {
        assertThat(client.next().path("s").asText()).isEqualTo("BTCUSDT");
        venue.dropConnections();
        assertThat(client.end()).isEqualTo("cut off");
      }
    }
  }

  private static SSLContext trusting(LocalCertificates certificates, Path directory)
      throws GeneralSecurityException, IOException {
    Path file = directory.resolve("trust.p12");
    certificates.writeTrustStore(file, "changeit");
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, "changeit".toCharArray());
    }
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(store);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, trust.getTrustManagers(), null);
    return context;
  }

  @Test
  void coinbase_compresses_messages_for_a_client_that_offers_it() throws Exception {
    try (CoinbaseSimulator venue = CoinbaseSimulator.start(QUIET);
        RawWebSocket client = RawWebSocket.connect(venue, "/", "permessage-deflate")) {
      assertThat(client.answer())
          .containsIgnoringCase("Sec-WebSocket-Extensions: permessage-deflate");
      client.send(SUBSCRIBE_BOOK);
      RawWebSocket.Frame acknowledgement = client.next();
      assertThat(acknowledgement.compressed()).isTrue();
      assertThat(acknowledgement.text()).contains("level2_50");
      RawWebSocket.Frame snapshot = client.next();
      assertThat(snapshot.compressed()).isTrue();
      assertThat(json(snapshot.text()).path("bids")).hasSize(50);
    }
  }

  @Test
  void coinbase_compresses_nothing_for_a_client_that_does_not_offer_it() throws Exception {
    try (CoinbaseSimulator venue = CoinbaseSimulator.start(QUIET);
        RawWebSocket client = RawWebSocket.connect(venue, "/", "")) {
      client.send(SUBSCRIBE_BOOK);
      assertThat(client.next().compressed()).isFalse();
    }
  }

  @Test
  void binance_ignores_an_offer_to_compress() throws Exception {
    try (BinanceSimulator venue = BinanceSimulator.start(QUIET);
        RawWebSocket client = RawWebSocket.connect(venue, "/stream", "permessage-deflate")) {
      assertThat(client.answer()).doesNotContainIgnoringCase("Sec-WebSocket-Extensions");
    }
  }

  @Test
  void compresses_rest_responses_for_a_client_that_accepts_it() throws Exception {
    try (CoinbaseSimulator venue = CoinbaseSimulator.start(QUIET)) {
      HttpResponse<InputStream> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(PlainClient.uri("http", venue, "/products"))
                      .header("Accept-Encoding", "gzip")
                      .build(),
                  HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.headers().firstValue("Content-Encoding")).contains("gzip");
      try (InputStream body = new GZIPInputStream(answer.body())) {
        assertThat(PlainClient.JSON.readTree(body).isArray()).isTrue();
      }
    }
  }

  @Test
  void a_delayed_response_is_sent_after_a_stall() {
    try (BinanceSimulator venue = BinanceSimulator.start(QUIET)) {
      venue.delayRest(Duration.ofMillis(200));
      CompletableFuture<Integer> status =
          CompletableFuture.supplyAsync(() -> get(venue, "/api/v3/exchangeInfo").statusCode());
      await().until(() -> venue.requests().containsKey("/api/v3/exchangeInfo"));
      venue.stall();
      venue.resume();
      assertThat(status).succeedsWithin(Duration.ofSeconds(20)).isEqualTo(200);
    }
  }

  @Test
  void a_halted_instrument_has_no_trades_while_the_others_trade() {
    try (BinanceSimulator venue = BinanceSimulator.start(SimulatorOptions.defaults())) {
      venue.haltTrading("BTC-USDT");
      long halted = venue.tradeCount("BTC-USDT");
      long trading = venue.tradeCount("ETH-USDT");
      await().until(() -> venue.tradeCount("ETH-USDT") > trading + 10);
      assertThat(venue.tradeCount("BTC-USDT")).isEqualTo(halted);
      venue.resumeTrading("BTC-USDT");
      await().until(() -> venue.tradeCount("BTC-USDT") > halted);
    }
  }

  @Test
  void trades_and_books_can_be_read_after_the_venue_is_closed() {
    BinanceSimulator venue = BinanceSimulator.start(QUIET);
    venue.trade("BTC-USDT", 3);
    venue.close();
    assertThat(venue.trades("BTC-USDT")).hasSizeGreaterThanOrEqualTo(3);
    assertThat(venue.currentConnections()).isZero();
  }

  @Test
  void reports_its_peers() {
    try (BinanceSimulator venue = BinanceSimulator.start(QUIET);
        PlainClient client = PlainClient.connect(venue, "/stream")) {
      venue.closeAll(1000, "bye");
      assertThat(client.end()).isEqualTo("1000 bye");
      assertThat(venue.connectionsAccepted()).isEqualTo(1);
      assertThat(venue.peers())
          .singleElement()
          .satisfies(peer -> assertThat(peer.getAddress().isLoopbackAddress()).isTrue());
    }
  }
}
