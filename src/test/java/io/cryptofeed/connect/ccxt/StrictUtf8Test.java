package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StrictUtf8Test {

  @ParameterizedTest
  @ValueSource(strings = {"", "BTC/USDT", "测试/USDT", "\ud83d\ude00", "a real \ufffd is one"})
  void a_valid_text_is_decoded(String text) throws CharacterCodingException {
    byte[] bytes = ("<" + text + ">").getBytes(StandardCharsets.UTF_8);

    assertThat(StrictUtf8.decode(bytes, 1, bytes.length - 2)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(strings = {"80", "c0af", "e080af", "eda080", "f4908080", "ff", "e4bb", "41c3"})
  void what_is_not_utf_8_is_rejected(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertThatExceptionOfType(CharacterCodingException.class)
        .isThrownBy(() -> StrictUtf8.decode(bytes, 0, bytes.length));
  }
}
