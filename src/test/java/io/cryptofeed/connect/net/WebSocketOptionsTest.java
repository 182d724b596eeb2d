package io.cryptofeed.connect.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class WebSocketOptionsTest {

  @Test
  void accepts_messages_of_16_mebibytes_by_default() {
    assertThat(WebSocketOptions.DEFAULT_MAX_MESSAGE_BYTES).isEqualTo(16 * 1024 * 1024);
  }

  @Test
  void refuses_a_limit_under_which_no_message_fits() {
    assertThatThrownBy(() -> new WebSocketOptions(true, 0, Duration.ofSeconds(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("maxMessageBytes is 0");
  }

  @Test
  void refuses_a_handshake_without_time() {
    assertThatThrownBy(() -> new WebSocketOptions(true, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("handshakeTimeout is PT0S");
  }
}
