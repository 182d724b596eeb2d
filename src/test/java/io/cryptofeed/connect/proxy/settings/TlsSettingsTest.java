package io.cryptofeed.connect.proxy.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsSettingsTest {

  private static final Pin ONE = pin("A");
  private static final Pin OTHER = pin("B");

  private static Pin pin(String letter) {
    return Pin.parse("sha256/" + letter.repeat(43) + "=").orElseThrow();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "stream.example.com",
        "STREAM.example.COM",
        "stream.example.com.",
        "Stream.Example.Com."
      })
  void pins_hold_for_every_spelling_of_a_host(String spelling) {
    TlsSettings written =
        new TlsSettings(null, null, null, Set.of(), Map.of("stream.example.com", Set.of(ONE)));
    TlsSettings spelled =
        new TlsSettings(null, null, null, Set.of(), Map.of(spelling, Set.of(ONE)));

    assertThat(written.pinsOf(spelling)).containsExactly(ONE);
    assertThat(spelled.pinsOf("stream.example.com")).containsExactly(ONE);
    assertThat(spelled.pinsOf("other.example.com")).isEmpty();
  }

  @Test
  void two_spellings_of_a_host_are_one_host() {
    TlsSettings settings =
        new TlsSettings(
            null,
            null,
            null,
            Set.of(),
            Map.of("a.example", Set.of(ONE), "A.example.", Set.of(OTHER)));

    assertThat(settings.pinsOf("a.EXAMPLE")).containsExactlyInAnyOrder(ONE, OTHER);
  }
}
