package io.cryptofeed.connect.ccxt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is never shown of credentials. */
class SecretsTest {

  private final Secrets secrets =
      new Secrets(Arrays.asList("key/one+", null, "pa\"ss\\word", "abc"));

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "GET https://a/?k=key/one+ | GET https://a/?k=***",
        "k=key%2Fone%2B&x | k=***&x",
        "{\"p\":\"pa\\\"ss\\\\word\"} | {\"p\":\"***\"}",
        "pa\"ss\\word | ***",
        "nothing of it | nothing of it",
      })
  void a_secret_is_masked_however_it_is_written(String text, String shown) {
    assertThat(secrets.hideIn(text)).isEqualTo(shown);
  }

  @Test
  void what_is_too_short_to_be_a_secret_is_left() {
    assertThat(secrets.hideIn("abc")).isEqualTo("abc");
  }

  @Test
  void options_show_no_credentials() {
    CcxtOptions options =
        new CcxtOptions(
            "okx",
            "okx",
            "the-key",
            "the-secret",
            "the-pass",
            false,
            "{\"a\":\"the-option\"}",
            Map.of());

    assertThat(options.toString()).isEqualTo("CcxtOptions[okx as okx]");
  }
}
