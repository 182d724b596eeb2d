package io.cryptofeed.connect.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalTextTest {

  @ParameterizedTest
  @CsvSource({
    "64000.50, 64000.50",
    "0, 0",
    "-0.0100, -0.0100",
    "+7, 7",
    ".5, 0.5",
    "5., 5",
    "1e+21, 1000000000000000000000",
    "1E-7, 0.0000001",
    "0e3, 0",
    "12e100, " + "12" + ZEROS,
  })
  void digits_and_trailing_zeros_are_kept(String text, String plain) {
    BigDecimal value = DecimalText.parse(text);
    assertThat(value.scale()).isNotNegative();
    assertThat(value.toPlainString()).isEqualTo(plain);
  }

  private static final String ZEROS =
      "0000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000000";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "-",
        "+",
        ".",
        "e5",
        "1e",
        "1e+",
        "1 ",
        " 1",
        "1.2.3",
        "NaN",
        "Infinity",
        "0x1",
        "1,5",
        "١",
        "--1",
        "1e5.5",
        "null"
      })
  void what_is_not_a_number_is_rejected(String text) {
    assertThatThrownBy(() -> DecimalText.parse(text))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage("'" + text + "' is not a number");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1e101",
        "1e-101",
        "0e600000000",
        "1e600000000",
        "1e-600000000",
        "1e99999999999",
        "1e2147483648",
        "1e-2147483649"
      })
  void an_exponent_beyond_the_bounds_is_rejected_before_it_is_written_out(String text) {
    assertThatThrownBy(() -> DecimalText.parse(text))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage("'" + text + "' is out of range");
  }

  @ParameterizedTest
  @ValueSource(ints = {101, 1_000_000})
  void too_many_digits_are_rejected_and_not_quoted_in_full(int digits) {
    assertThatThrownBy(() -> DecimalText.parse("1".repeat(digits)))
        .isInstanceOf(NumberFormatException.class)
        .hasMessage("'" + "1".repeat(40) + "…' is out of range");
  }
}
