package io.cryptofeed.connect.text;

import static java.util.Map.entry;
import static org.assertj.core.api.Assertions.assertThat;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UntrustedTextTest {

  static Map<String, String> texts() {
    return Map.ofEntries(
        entry("maintenance in 5 minutes", "maintenance in 5 minutes"),
        entry("naïve ✓ 価格 😀", "naïve ✓ 価格 😀"),
        entry("a\nb", "a\\u000ab"),
        entry("\u001b[31mred", "\\u001b[31mred"),
        entry("a\u0000b", "a\\u0000b"),
        entry("a\u0085b\u2028c", "a\\u0085b\\u2028c"),
        entry("ab\u202ecd", "ab\\u202ecd"),
        entry("half \ud83d", "half \\ud83d"),
        entry("half \ude00", "half \\ude00"));
  }

  @Test
  void control_characters_are_written_out() {
    texts()
        .forEach(
            (text, shown) -> {
              assertThat(UntrustedText.sanitised(text)).isEqualTo(shown);
              assertThat(UntrustedText.sanitised(shown)).isEqualTo(shown);
            });
  }

  @Test
  void a_long_text_is_cut() {
    assertThat(UntrustedText.sanitised("x".repeat(1_000_000)))
        .hasSize(UntrustedText.LONGEST)
        .endsWith("x…");
    assertThat(UntrustedText.sanitised("\u0001".repeat(1_000_000)))
        .hasSize(UntrustedText.LONGEST)
        .endsWith("…");
  }

  @ParameterizedTest
  @ValueSource(strings = {"p@ss/w+rd ü%", "canary-9f3a", "\"quoted\\\"", "line\nbreak"})
  void a_known_secret_is_masked_in_every_form(String secret) {
    KnownSecrets.addLogin("someone", secret);
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    byte[] login = ("someone:" + secret).getBytes(StandardCharsets.UTF_8);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    for (String form :
        new String[] {
          secret,
          encoded,
          encoded.replace("+", "%20"),
          encoded.toLowerCase(Locale.ROOT).equals(encoded) ? encoded : lowerHex(encoded),
          Base64.getEncoder().encodeToString(bytes),
          Base64.getEncoder().withoutPadding().encodeToString(bytes),
          Base64.getUrlEncoder().withoutPadding().encodeToString(bytes),
          Base64.getEncoder().encodeToString(login),
        }) {
      assertThat(UntrustedText.sanitised("you sent <" + form + ">, twice: <" + form + ">"))
          .isEqualTo("you sent <***>, twice: <***>");
    }
  }

  private static String lowerHex(String encoded) {
    return Pattern.compile("%..")
        .matcher(encoded)
        .replaceAll(hex -> hex.group().toLowerCase(Locale.ROOT));
  }

  @Test
  void a_short_secret_is_masked_where_it_is_a_word() {
    KnownSecrets.add("pass");
    assertThat(UntrustedText.sanitised("password of user:pass, compass"))
        .isEqualTo("password of user:***, compass");
  }

  @Test
  void the_values_of_a_query_are_masked() {
    KnownSecrets.addQuery("token=tkn-4711&v=1");
    assertThat(UntrustedText.sanitised("moved to /ws?token=tkn-4711&v=1, 404 for tkn-4711"))
        .isEqualTo("moved to /ws?***, 404 for ***");
  }

  @Test
  void a_secret_that_is_cut_at_the_end_is_masked_before() {
    KnownSecrets.add("cut-secret-000111");
    String text = "x".repeat(UntrustedText.LONGEST - 10) + "cut-secret-000111";
    assertThat(UntrustedText.sanitised(text)).doesNotContain("cut-").endsWith("***");
  }
}
