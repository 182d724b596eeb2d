package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.MalformedURLException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointTest {

  @ParameterizedTest
  @CsvSource({
    "wss://stream.binance.com:9443/ws, true, stream.binance.com, 9443, stream.binance.com:9443",
    "wss://stream.binance.com/ws, true, stream.binance.com, 443, stream.binance.com",
    "wss://stream.binance.com:443, true, stream.binance.com, 443, stream.binance.com",
    "ws://venue_simulator:8080, false, venue_simulator, 8080, venue_simulator:8080",
    "ws://localhost, false, localhost, 80, localhost",
    "ws://localhost:443, false, localhost, 443, localhost:443",
    "WSS://[::1]:9443/x, true, ::1, 9443, [::1]:9443",
    "wss://[2001:db8::1]/x, true, 2001:db8::1, 443, [2001:db8::1]",
    "ws://user:p:w@127.0.0.1:81/, false, 127.0.0.1, 81, 127.0.0.1:81",
  })
  void reads_host_and_port(URI uri, boolean secure, String host, int port, String hostHeader)
      throws MalformedURLException {
    Endpoint endpoint = Endpoint.webSocket(uri);

    assertThat(endpoint).isEqualTo(new Endpoint(secure, host, port));
    assertThat(endpoint.hostHeader()).isEqualTo(hostHeader);
  }

  @Test
  void always_shows_the_port() throws MalformedURLException {
    assertThat(Endpoint.http(URI.create("https://api.binance.com/api")))
        .hasToString("api.binance.com:443");
    assertThat(Endpoint.http(URI.create("http://[::1]/"))).hasToString("[::1]:80");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://host/",
        "host",
        "wss:/path",
        "mailto:a@b",
        "wss://:443/",
        "wss://host:0/",
        "wss://host:65536/",
        "wss://host:port/"
      })
  void rejects_urls_that_are_not_websocket_urls(String text) {
    assertThatThrownBy(() -> Endpoint.webSocket(URI.create(text)))
        .isInstanceOf(MalformedURLException.class);
  }

  @Test
  void the_error_names_the_expected_schemes() {
    assertThatThrownBy(() -> Endpoint.http(URI.create("wss://host/secret")))
        .hasMessageContaining("wss")
        .hasMessageContaining("http://host or https://host")
        .hasMessageNotContaining("secret");
  }
}
