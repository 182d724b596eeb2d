package io.cryptofeed.connect.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.Logger;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Property;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the log says about the routes when the connector starts. */
class RouteLogTest {

  private final Logger logger =
      LoggerContext.getContext(false).getLogger(ProxyInjector.class.getName());
  private final Lines lines = new Lines();

  @BeforeEach
  void listen() {
    lines.start();
    logger.setLevel(Level.INFO);
    logger.addAppender(lines);
  }

  @AfterEach
  void stopListening() {
    logger.removeAppender(lines);
  }

  private static ProxySettings settings(Map<String, String> properties) {
    return ProxySettings.parse(
        properties,
        List.of("binance", "coinbase"),
        (key, message) -> {
          throw new AssertionError(key + ": " + message);
        });
  }

  @Test
  void names_each_route_and_its_key_and_masks_credentials() {
    new ProxyInjector(
        settings(
            Map.of(
                "proxy.enabled", "true",
                "proxy.default.rest.url", "http://alice:S3CRET@rest:8080",
                "proxy.default.websocket.url", "direct",
                "proxy.exchanges.binance.websocket.url", "socks5://tokyo:1080")));

    assertThat(lines.texts)
        .containsExactly(
            "INFO exchange=binance transport=rest route=http://***@rest:8080"
                + " key=proxy.default.rest.url",
            "INFO exchange=binance transport=websocket route=socks5://tokyo:1080"
                + " key=proxy.exchanges.binance.websocket.url",
            "INFO exchange=coinbase transport=rest route=http://***@rest:8080"
                + " key=proxy.default.rest.url",
            "INFO exchange=coinbase transport=websocket route=direct"
                + " key=proxy.default.websocket.url");
  }

  @Test
  void warns_of_a_proxy_that_can_not_resolve_names() {
    new ProxyInjector(
        settings(
            Map.of(
                "proxy.enabled", "true",
                "proxy.default.rest.url", "socks4a://rest:1080",
                "proxy.default.websocket.url", "socks5://ws:1080",
                "proxy.exchanges.binance.rest.url", "socks4://rest:1080")));

    assertThat(lines.texts)
        .filteredOn(text -> text.startsWith("WARN"))
        .singleElement()
        .asString()
        .contains("exchange=binance transport=rest", "this machine's name servers see them");
  }

  @Test
  void says_in_one_line_that_proxies_are_disabled() {
    new ProxyInjector(ProxySettings.disabled());

    assertThat(lines.texts)
        .containsExactly("INFO exchange=* transport=* route=direct key=proxy.enabled");
  }

  private static final class Lines extends AbstractAppender {

    private final List<String> texts = new CopyOnWriteArrayList<>();

    Lines() {
      super("lines", null, null, false, Property.EMPTY_ARRAY);
    }

    @Override
    public void append(LogEvent event) {
      texts.add(event.getLevel() + " " + event.getMessage().getFormattedMessage());
    }
  }
}
