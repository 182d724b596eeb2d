package io.cryptofeed.connect.record;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.util.Map;
import org.apache.kafka.common.config.ConfigTransformer;
import org.apache.kafka.common.config.provider.EnvVarConfigProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicTemplateTest {

  @ParameterizedTest
  @CsvSource({
    "${prefix}.${exchange}.${channel}, crypto.binance.l2_book",
    "${channel}, l2_book",
    "md-${market_type}-${symbol}, md-spot-BTC-USDT",
    "${prefix}${prefix}, cryptocrypto",
    "all, all"
  })
  void placeholders_are_replaced(String template, String topic) {
    assertThat(
            new TopicTemplate(template, "crypto")
                .topic("binance", MarketType.SPOT, Channel.L2_BOOK, "BTC-USDT"))
        .isEqualTo(topic);
  }

  @Test
  void a_value_is_never_treated_as_a_placeholder() {
    assertThat(
            new TopicTemplate("${prefix}", "${symbol}$1")
                .topic("binance", MarketType.SPOT, Channel.TRADES, "BTC-USDT"))
        .isEqualTo("${symbol}$1");
  }

  @Test
  void unknown_placeholders_are_found() {
    assertThat(TopicTemplate.unknownPlaceholders("${prefix}.${exchnge}.${}"))
        .containsExactly("exchnge", "");
    assertThat(TopicTemplate.unknownPlaceholders(TopicTemplate.DEFAULT)).isEmpty();
  }

  @Test
  void connect_does_not_replace_the_placeholders() throws Exception {
    try (EnvVarConfigProvider environment = new EnvVarConfigProvider()) {
      environment.configure(Map.of());
      ConfigTransformer worker = new ConfigTransformer(Map.of("env", environment));
      String template = "${prefix}.${exchange}.${market_type}.${channel}.${symbol}";
      assertThat(worker.transform(Map.of("topic.template", template)).data())
          .containsEntry("topic.template", template);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"crypto.binance.trades", "a", "A-Z_0.9"})
  void a_valid_name_has_no_fault(String topic) {
    assertThat(TopicTemplate.fault(topic)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a b", "a/b", "a:b", "ä"})
  void a_name_that_kafka_rejects_has_a_fault(String topic) {
    assertThat(TopicTemplate.fault(topic))
        .hasValueSatisfying(fault -> assertThat(fault).contains("'" + topic + "'"));
  }

  @Test
  void a_name_may_have_249_characters() {
    assertThat(TopicTemplate.fault("a".repeat(249))).isEmpty();
    assertThat(TopicTemplate.fault("a".repeat(250))).isPresent();
  }
}
