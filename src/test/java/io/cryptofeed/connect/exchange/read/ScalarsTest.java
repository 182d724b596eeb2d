package io.cryptofeed.connect.exchange.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.DecimalColumn;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScalarsTest {

  private static final int AT = 1;

  /** The scalar as the only element of a list. */
  private static byte[] list(String scalar) {
    return ("[" + scalar + "]").getBytes(StandardCharsets.UTF_8);
  }

  private static DecimalColumn decimal(String scalar) throws MalformedMessageException {
    DecimalColumn column = new DecimalColumn(1);
    Scalars.addDecimal(list(scalar), AT, column);
    return column;
  }

  private static long nanos(String scalar) throws MalformedMessageException {
    return Scalars.nanos(list(scalar), AT, TimeFormat.ISO);
  }

  @Test
  void decimals_equal_those_of_big_decimal_with_their_scale() throws MalformedMessageException {
    Random random = new Random(11);
    for (int i = 0; i < 20_000; i++) {
      BigDecimal value =
          new BigDecimal(new BigInteger(1 + random.nextInt(90), random), random.nextInt(25));
      String text = value.toPlainString();

      assertThat(decimal(text).value(0)).isEqualTo(value);
      assertThat(decimal('"' + text + '"').value(0)).isEqualTo(value);
    }
  }

  @Test
  void up_to_eighteen_digits_are_kept_without_an_object() throws MalformedMessageException {
    assertThat(decimal("\"12345.6789012345678\"").isWide(0)).isFalse();
    assertThat(decimal("\"0.000000000000000001\"").isWide(0)).isFalse();
    assertThat(decimal("\"12345.67890123456789\"").isWide(0)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({
    "1e3, 1000",
    "1E-8, 0.00000001",
    "\"2.50e+2\", 250",
    "\"1.5e1\", 15",
    "-0, 0",
    "\"007.50\", 7.50",
    "1e20, 100000000000000000000"
  })
  void exponents_and_signs_take_the_slow_path(String scalar, String plain)
      throws MalformedMessageException {
    assertThat(decimal(scalar).text(0)).isEqualTo(plain);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"\"",
        "\" \"",
        "\"1 \"",
        "\" 1\"",
        "\"+1\"",
        "\".5\"",
        "\"5.\"",
        "\".\"",
        "\"1.2.3\"",
        "\"1e\"",
        "\"1e5.0\"",
        "\"1,5\"",
        "\"1]\"",
        "\"0x10\"",
        "\"NaN\"",
        "\"Infinity\"",
        "\"-1\"",
        "-1",
        "-1e-300",
        "1e101",
        "1e-101",
        "1e999",
        "true",
        "null",
        "\"١\""
      })
  void a_value_that_is_not_a_price_or_a_size_is_malformed(String scalar) {
    assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> decimal(scalar));
  }

  @Test
  void a_malformed_number_is_quoted_but_not_at_length() {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> decimal("\"" + "x".repeat(500) + "\""))
        .withMessage("'" + "x".repeat(40) + "…' is not a number");
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "\"12\", 12",
    "9007199254740993, 9007199254740993",
    "999999999999999999, 999999999999999999",
    "9223372036854775807, 9223372036854775807",
    "\"0000000000000000000000012\", 12"
  })
  void whole_numbers_are_exact(String scalar, long value) throws MalformedMessageException {
    assertThat(Scalars.wholeNumber(list(scalar), AT)).isEqualTo(value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"-1", "1.0", "1e3", "9223372036854775808", "\"\"", "\"1 \"", "\"x\"", "true"})
  void a_value_that_is_not_a_whole_number_is_malformed(String scalar) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> Scalars.wholeNumber(list(scalar), AT));
  }

  @Test
  void iso_times_equal_those_of_java_time() throws MalformedMessageException {
    Random random = new Random(13);
    for (int digits = 1; digits <= 9; digits++) {
      DateTimeFormatter format =
          DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss." + "S".repeat(digits) + "'Z'")
              .withZone(ZoneOffset.UTC);
      for (int i = 0; i < 2_000; i++) {
        Instant time =
            Instant.ofEpochSecond(random.nextInt(Integer.MAX_VALUE) * 4L, random.nextInt(1 << 29));
        String text = format.format(time);
        Instant written = Instant.parse(text);

        assertThat(nanos('"' + text + '"'))
            .isEqualTo(written.getEpochSecond() * 1_000_000_000L + written.getNano());
      }
    }
  }

  @Test
  void every_day_of_four_centuries_is_counted() throws MalformedMessageException {
    for (long day = 0; day < 106_000; day++) {
      Instant time = Instant.ofEpochSecond(day * 86_400);

      assertThat(nanos('"' + time.toString() + '"')).isEqualTo(day * 86_400 * 1_000_000_000L);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"2026-02-29T00:00:00Z\"",
        "\"2100-02-29T00:00:00Z\"",
        "\"2026-04-31T00:00:00Z\"",
        "\"2026-13-01T00:00:00Z\"",
        "\"2026-00-01T00:00:00Z\"",
        "\"2026-01-00T00:00:00Z\"",
        "\"2026-01-01T24:00:01Z\"",
        "\"2026-01-01T00:60:00Z\"",
        "\"2026-01-01T00:00:60Z\"",
        "\"2026-01-01 00:00:00Z\"",
        "\"2026-01-01T00:00:00\"",
        "\"2026-01-01T00:00:00.1234567890Z\"",
        "\"2026/01/01T00:00:00Z\"",
        "\"1969-12-31T23:59:59Z\"",
        "\"2262-04-12T00:00:00Z\"",
        "\"999999999-01-01T00:00:00Z\"",
        "\"2026-01-0xT00:00:00Z\"",
        "\"\"",
        "1700000000"
      })
  void a_value_that_is_not_a_time_is_malformed(String scalar) {
    assertThatExceptionOfType(MalformedMessageException.class).isThrownBy(() -> nanos(scalar));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "MS, 0",
        "MS, \"0\"",
        "MS, -1",
        "MS, -62135596800000",
        "MS, 1767225600",
        "MS, 1767225600000000",
        "MS, 1767225600000000000",
        "MS, 99999999999999999999",
        "US, 1767225600000",
        "NS, 1767225600000",
        "NS, 1767225600000000",
        "S, 0",
        "S, -62135596800",
        "S, 1767225600000",
        "S, 1.767225600E15",
        "ISO, \"0001-01-01T00:00:00Z\"",
        "ISO, \"0001-01-01T00:00:00.000000Z\"",
        "ISO, \"1970-01-01T00:00:00.000Z\"",
        "ISO, \"2008-12-31T00:00:00Z\"",
        "ISO, \"9999-12-31T23:59:59.999Z\"",
      })
  void a_time_that_no_event_can_have_is_replaced_by_the_receive_time(
      TimeFormat format, String scalar) throws MalformedMessageException {
    assertThat(Scalars.eventNanos(list(scalar), AT, format, 5)).isEqualTo(5);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "MS, 1767225600000",
        "MS, \"1767225600000\"",
        "MS, \"1\\u003767225600000\"",
        "US, 1767225600000000",
        "NS, 1767225600000000000",
        "S, 1767225600",
        "ISO, \"2026-01-01T00:00:00Z\"",
      })
  void the_time_of_an_event_is_kept(TimeFormat format, String scalar)
      throws MalformedMessageException {
    assertThat(Scalars.eventNanos(list(scalar), AT, format, 5))
        .isEqualTo(1_767_225_600_000_000_000L);
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      value = {
        "MS, \"soon\"",
        "MS, true",
        "US, 1.5",
        "S, \"2026-01-01\"",
        "ISO, 5",
        "ISO, \"now\""
      })
  void what_is_neither_a_time_nor_a_number_is_malformed(TimeFormat format, String scalar) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> Scalars.eventNanos(list(scalar), AT, format, 5))
        .withMessageContaining("is not a");
  }

  @Test
  void milliseconds_become_nanoseconds_or_are_malformed() throws MalformedMessageException {
    assertThat(Scalars.nanos(list("1672515782136"), AT, TimeFormat.MS))
        .isEqualTo(1_672_515_782_136_000_000L);
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> Scalars.nanos(list("9223372036855"), AT, TimeFormat.MS))
        .withMessage("'9223372036855' is not a time");
  }

  @ParameterizedTest
  @CsvSource({
    "1762795433.9717445, 1762795433971744500",
    "'\"1762795433.971744512\"', 1762795433971744512",
    "1762795433.9999999999, 1762795433999999999",
    "1762795433, 1762795433000000000",
    "1.5E1, 15000000000",
    "0, 0",
    "9223372036.854775807, 9223372036854775807"
  })
  void seconds_are_exact_to_the_nanosecond(String scalar, long nanos)
      throws MalformedMessageException {
    assertThat(Scalars.nanos(list(scalar), AT, TimeFormat.S)).isEqualTo(nanos);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036.854775808",
        "1E40",
        "1E400",
        "-1",
        "true",
        "\"\"",
        "\"1.\"",
        "\"now\""
      })
  void seconds_that_are_not_a_time_are_malformed(String scalar) {
    assertThatExceptionOfType(MalformedMessageException.class)
        .isThrownBy(() -> Scalars.nanos(list(scalar), AT, TimeFormat.S));
  }
}
