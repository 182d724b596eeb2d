package io.cryptofeed.connect.local.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.local.proxy.Tunnel;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class VerdictTest {

  private static final Map<String, Long> RECORDS =
      Map.of("crypto.binance.trades", 7L, "crypto.binance.l2_book", 3L);
  private static final List<Tunnel> TUNNELS =
      List.of(new Tunnel("stream.binance.test", 443), new Tunnel("api.binance.test", 443));

  @Test
  void there_is_no_failure_when_all_data_arrived_through_the_proxy() {
    assertThat(failures(RECORDS, TUNNELS, List.of())).isEmpty();
  }

  @Test
  void an_empty_topic_is_a_failure() {
    assertThat(failures(Map.of("crypto.binance.l2_book", 0L), TUNNELS, List.of()))
        .containsExactly("no record arrived in crypto.binance.l2_book");
  }

  @Test
  void an_exchange_host_without_a_tunnel_is_a_failure() {
    assertThat(failures(RECORDS, TUNNELS.subList(0, 1), List.of()))
        .singleElement()
        .asString()
        .contains("1 hosts of binance");
  }

  @Test
  void a_host_name_that_the_proxy_did_not_resolve_is_a_failure() {
    List<Tunnel> leaking = List.of(TUNNELS.get(0), TUNNELS.get(1), new Tunnel("127.0.0.1", 443));

    assertThat(failures(RECORDS, leaking, List.of()))
        .singleElement()
        .asString()
        .contains("127.0.0.1:443");
  }

  @Test
  void a_connection_without_the_proxy_is_a_failure() {
    assertThat(failures(RECORDS, TUNNELS, List.of("binance refused 1 connections")))
        .containsExactly("binance refused 1 connections");
  }

  private static List<String> failures(
      Map<String, Long> records, List<Tunnel> tunnels, List<String> bypasses) {
    return Verdict.failures(records, tunnels, List.of("binance"), bypasses);
  }
}
