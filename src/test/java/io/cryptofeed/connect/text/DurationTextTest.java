package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @CsvSource({
    "500ms, PT0.5S",
    "20s, PT20S",
    "90m, PT1H30M",
    "24h, P1D",
    "24 H, P1D",
    "7d, P7D",
    "PT1H, PT1H",
    "pt1h, PT1H"
  })
  void reads_a_number_with_a_unit_or_iso_8601(String text, Duration duration) {
    assertThat(DurationText.parse(text)).isEqualTo(duration);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "60", "2w", "1.5h", "one day", "999999999999999d"})
  void other_text_is_not_a_duration(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessageStartingWith("'" + text + "' is not a duration: write a number and a unit");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0s", "-PT1H", "36501d"})
  void a_duration_is_more_than_zero_and_at_most_36500_days(String text) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> DurationText.parse(text))
        .withMessage("'" + text + "' must be more than zero, and at most 36500d");
  }
}
