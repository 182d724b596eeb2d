package io.cryptofeed.connect.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.connect.json.JsonConverter;
import org.junit.jupiter.api.Test;

class SourcePartitionTest {

  private static final Map<String, String> VALID =
      SourcePartition.of("binance", MarketType.SPOT, Channel.TRADES, "BTC-USDT");

  @Test
  void partitions_of_the_connector_have_no_fault() {
    assertThat(SourcePartition.fault(VALID)).isEmpty();
    assertThat(SourcePartition.channel(VALID)).hasValue(Channel.TRADES);
    assertThat(SourcePartition.marketType(VALID)).hasValue(MarketType.SPOT);
  }

  @Test
  void its_bytes_are_the_same_in_every_jvm_and_those_of_a_partition_that_connect_has_read() {
    try (JsonConverter converter = new JsonConverter()) {
      converter.configure(Map.of("schemas.enable", "false"), true);
      byte[] written = converter.fromConnectData("offsets", null, VALID);
      Object read = converter.toConnectData("offsets", written).value();

      assertThat(new String(written, UTF_8))
          .isEqualTo(
              "{\"symbol\":\"BTC-USDT\",\"channel\":\"trades\",\"exchange\":\"binance\","
                  + "\"market_type\":\"spot\"}");
      assertThat(converter.fromConnectData("offsets", null, read)).isEqualTo(written);
    }
  }

  @Test
  void a_missing_or_unknown_key_is_a_fault() {
    Map<String, Object> partition = new HashMap<>(VALID);
    partition.remove("symbol");
    assertThat(SourcePartition.fault(partition))
        .hasValueSatisfying(fault -> assertThat(fault).contains("must have", "symbol"));
    partition.put("file", "x");
    assertThat(SourcePartition.fault(partition)).isPresent();
  }

  @Test
  void a_value_that_is_not_a_text_is_a_fault() {
    assertThat(SourcePartition.fault(with("symbol", 1L)))
        .hasValue("has no text for the key 'symbol': set it");
    assertThat(SourcePartition.fault(with("exchange", " "))).isPresent();
  }

  @Test
  void an_unknown_market_type_or_channel_is_a_fault() {
    assertThat(SourcePartition.fault(with("market_type", "swap")))
        .hasValueSatisfying(fault -> assertThat(fault).contains("'swap'", "perpetual"));
    assertThat(SourcePartition.fault(with("channel", "TRADES")))
        .hasValueSatisfying(fault -> assertThat(fault).contains("'TRADES'", "trades"));
  }

  private static Map<String, Object> with(String key, Object value) {
    Map<String, Object> partition = new HashMap<>(VALID);
    partition.put(key, value);
    return partition;
  }
}
