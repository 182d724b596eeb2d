package io.cryptofeed.connect.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Configurations, changed by chance: judged, never an exception, and no secret in an error. */
@Tag("fuzz")
class ConfigurationFuzzTest {

  private static final String SECRET = "fuzz-canary-7732";

  private static final Map<String, String> PROPERTIES =
      Map.ofEntries(
          Map.entry("name", "crypto"),
          Map.entry("exchanges", "binance,kraken,ccxt:bitrue"),
          Map.entry("exchange.binance.symbols", "BTC-USDT,ETH-USDT,*-USDC"),
          Map.entry("exchange.binance.channels", "trades,l2_book"),
          Map.entry("exchange.kraken.symbols", "BTC-USD"),
          Map.entry("exchange.kraken.channels", "trades,quotes"),
          Map.entry("exchange.bitrue.symbols", "BTC-USDT"),
          Map.entry("exchange.bitrue.channels", "trades"),
          Map.entry("exchange.bitrue.ccxt.options", "{\"defaultType\":\"swap\"}"),
          Map.entry("topic.template", "${prefix}.${exchange}.${channel}"),
          Map.entry("topic.prefix", "crypto"),
          Map.entry("backfill.max.age", "2h"),
          Map.entry("book.depth", "20"),
          Map.entry("proxy.enabled", "true"),
          Map.entry("proxy.default.rest.url", "http://user:" + SECRET + "@127.0.0.1:3128"),
          Map.entry("proxy.default.websocket.url", "pool:eu"),
          Map.entry("proxy.pools.eu.members", "socks5://10.0.0.1:1080,socks5://10.0.0.2:1080"));

  private static final String YAML =
      """
      proxy:
        enabled: true
        default:
          rest: {url: "http://127.0.0.1:3128"}
          websocket: {url: "pool:eu"}
        pools:
          eu:
            members: ["socks5://user:word@10.0.0.1:1080", "socks5://10.0.0.2:1080"]
            strategy: round_robin
      """;

  @Test
  void a_configuration_is_judged() {
    List<String> keys = List.copyOf(PROPERTIES.keySet());
    // A value of a key that is not secret is quoted.
    List<String> values =
        PROPERTIES.values().stream().filter(value -> !value.contains(SECRET)).toList();
    Fuzz.run(
        "configuration",
        2,
        random -> {
          Mutator mutator = new Mutator(random);
          Map<String, String> properties = new LinkedHashMap<>(PROPERTIES);
          for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
            String key = mutator.pick(keys);
            if (random.nextInt(4) == 0) {
              properties.remove(key);
              properties.put(text(mutator.mutated(key, keys)), mutator.pick(values));
            } else if (!PROPERTIES.getOrDefault(key, "").contains(SECRET)) {
              properties.put(key, text(mutator.mutated(PROPERTIES.getOrDefault(key, ""), values)));
            }
          }
          judge(properties, Map.of());
        });
  }

  @Test
  void a_file_of_proxies_is_judged() {
    Map<String, String> properties = new LinkedHashMap<>();
    properties.put("exchanges", "binance");
    properties.put("exchange.binance.symbols", "BTC-USDT");
    properties.put("exchange.binance.channels", "trades");
    List<String> others = new ArrayList<>(List.of(YAML));
    Fuzz.run(
        "proxy files",
        1,
        random ->
            judge(
                properties,
                Map.of("PROXY_CONFIG", text(new Mutator(random).mutated(YAML, others)) + '\n')));
  }

  private static void judge(Map<String, String> properties, Map<String, String> environment) {
    List<String> errors = new ConfigReader(properties, environment).errors();
    assertThat(errors).allMatch(error -> !error.isBlank() && error.length() < 5_000);
    assertThat(String.join("\n", errors)).doesNotContain(SECRET);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
