package io.cryptofeed.connect.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalColumnTest {

  private static final long LARGEST_OF_18_DIGITS = 999_999_999_999_999_999L;

  private final DecimalColumn column = new DecimalColumn(2);

  private static BigDecimal decimal(String text) {
    return new BigDecimal(text);
  }

  /** The values, with their scales. */
  private static List<BigDecimal> values(DecimalColumn column) {
    List<BigDecimal> values = new ArrayList<>();
    for (int i = 0; i < column.size(); i++) {
      values.add(column.value(i));
    }
    return values;
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, 0",
    "0, 8, 0.00000000",
    "0, 18, 0.000000000000000000",
    "1, 0, 1",
    "1, 18, 0.000000000000000001",
    "-1, 18, -0.000000000000000001",
    "6700010, 2, 67000.10",
    "-6700010, 2, -67000.10",
    "999999999999999999, 0, 999999999999999999",
    "999999999999999999, 18, 0.999999999999999999",
    "-999999999999999999, 9, -999999999.999999999",
  })
  void keeps_digits_and_scale_of_a_compact_number(long unscaled, int scale, String text) {
    column.add(unscaled, scale);

    assertThat(column.isWide(0)).isFalse();
    assertThat(column.unscaled(0)).isEqualTo(unscaled);
    assertThat(column.scale(0)).isEqualTo(scale);
    assertThat(column.value(0)).isEqualTo(decimal(text));
    assertThat(column.text(0)).isEqualTo(text);
    assertThat(column.signum(0)).isEqualTo(decimal(text).signum());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "0.00", "1.50", "-1.50", "999999999999999999", "0.999999999999999999"})
  void keeps_a_big_decimal_of_up_to_18_digits_compactly(String text) {
    column.add(decimal(text));

    assertThat(column.isWide(0)).isFalse();
    assertThat(column.unscaled(0)).isEqualTo(decimal(text).unscaledValue().longValueExact());
    assertThat(column.scale(0)).isEqualTo(decimal(text).scale());
    assertThat(column.value(0)).isEqualTo(decimal(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "1000000000000000000",
        "-1000000000000000000",
        "9223372036854775807",
        "9223372036854775808",
        "0.0000000000000000001",
        "0.0000000000000000000",
        "12345678901234567890.12345678901234567890",
        "-12345678901234567890.12345678901234567890",
        "1E+3",
      })
  void keeps_every_other_number_whole(String text) {
    column.add(decimal(text));

    assertThat(column.isWide(0)).isTrue();
    assertThat(column.value(0)).isEqualTo(decimal(text));
    assertThat(column.text(0)).isEqualTo(decimal(text).toPlainString());
    assertThat(column.signum(0)).isEqualTo(decimal(text).signum());
  }

  @Test
  void grows_beyond_its_capacity_from_nothing() {
    DecimalColumn empty = new DecimalColumn(0);
    List<BigDecimal> added = new ArrayList<>();
    for (int i = 0; i < 1_000; i++) {
      BigDecimal number = BigDecimal.valueOf(i - 500L, i % 19);
      added.add(number);
      empty.add(number);
    }

    assertThat(empty.size()).isEqualTo(1_000);
    assertThat(values(empty)).isEqualTo(added);
  }

  @Test
  void grows_with_wide_numbers_in_it() {
    BigDecimal wide = decimal("12345678901234567890.5");
    List<BigDecimal> added = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      BigDecimal number = i % 3 == 0 ? wide.add(BigDecimal.valueOf(i)) : BigDecimal.valueOf(i, 2);
      added.add(number);
      column.add(number);
    }

    assertThat(values(column)).isEqualTo(added);
  }

  @Test
  void is_empty_after_it_is_cleared_and_shows_nothing_of_before() {
    column.add(decimal("12345678901234567890.5"));
    column.add(1, 1);
    column.clear();

    assertThat(column.size()).isZero();
    assertThat(column).hasToString("[]");

    column.add(7, 1);
    column.add(decimal("98765432109876543210"));
    assertThat(values(column)).containsExactly(decimal("0.7"), decimal("98765432109876543210"));
    assertThat(column.isWide(0)).isFalse();
  }

  @Test
  void adds_a_number_of_another_column_or_of_itself() {
    column.add(150, 2);
    column.add(decimal("12345678901234567890.5"));
    DecimalColumn other = new DecimalColumn(1);
    other.addFrom(column, 1);
    other.addFrom(column, 0);
    column.addFrom(column, 1);

    assertThat(values(other)).containsExactly(decimal("12345678901234567890.5"), decimal("1.50"));
    assertThat(column.value(2)).isEqualTo(decimal("12345678901234567890.5"));
  }

  @Test
  void a_copy_is_independent() {
    column.add(150, 2);
    column.add(decimal("12345678901234567890.5"));
    DecimalColumn copy = new DecimalColumn(0);
    copy.copyFrom(column);
    column.clear();
    column.add(9, 0);
    copy.add(decimal("98765432109876543210"));

    assertThat(values(copy))
        .containsExactly(
            decimal("1.50"), decimal("12345678901234567890.5"), decimal("98765432109876543210"));
  }

  @Test
  void a_copy_replaces_what_was_there() {
    DecimalColumn copy = new DecimalColumn(4);
    copy.add(decimal("12345678901234567890.5"));
    copy.add(2, 0);
    column.add(3, 1);
    copy.copyFrom(column);

    assertThat(values(copy)).containsExactly(decimal("0.3"));
    assertThat(copy.isWide(0)).isFalse();
  }

  @Test
  void multiplies_one_number_and_leaves_the_others() {
    column.add(LARGEST_OF_18_DIGITS, 0);
    column.add(2, 1);
    column.multiply(0, decimal("0.01"));

    assertThat(values(column)).containsExactly(decimal("9999999999999999.99"), decimal("0.2"));
    assertThat(column.size()).isEqualTo(2);
  }

  @Test
  void a_product_that_outgrows_18_digits_is_kept_whole() {
    column.add(LARGEST_OF_18_DIGITS, 0);
    column.multiply(decimal("1000"));

    assertThat(column.isWide(0)).isTrue();
    assertThat(column.value(0)).isEqualTo(decimal("999999999999999999000"));
  }

  @Test
  void a_product_that_shrinks_is_compact_again() {
    column.add(decimal("1000000000000000000000"));
    column.multiply(decimal("0"));
    column.add(decimal("12345678901234567890"));
    column.multiply(0, decimal("1"));

    assertThat(column.isWide(0)).isFalse();
    assertThat(column.value(0)).isEqualTo(decimal("0"));
    assertThat(column.value(1)).isEqualTo(decimal("12345678901234567890"));
  }

  /** Decimals with a negative scale have no plain digits, so a product never has one. */
  @Test
  void a_product_has_no_negative_scale() {
    column.add(5, 0);
    column.multiply(decimal("1E+3"));

    assertThat(column.value(0)).isEqualTo(decimal("5000"));
    assertThat(column.scale(0)).isZero();
  }

  @Test
  void is_exact_for_any_sequence_of_operations() {
    Random random = new Random(20261130);
    DecimalColumn other = new DecimalColumn(3);
    List<BigDecimal> expected = new ArrayList<>();
    for (int step = 0; step < 20_000; step++) {
      switch (random.nextInt(8)) {
        case 0 -> {
          if (random.nextInt(10) == 0) {
            column.clear();
            expected.clear();
          }
        }
        case 1 -> {
          if (!expected.isEmpty()) {
            int index = random.nextInt(expected.size());
            BigDecimal factor = BigDecimal.valueOf(random.nextInt(2_000) - 1_000L, 3);
            column.multiply(index, factor);
            expected.set(index, expected.get(index).multiply(factor));
          }
        }
        case 2 -> {
          if (!expected.isEmpty()) {
            int index = random.nextInt(expected.size());
            column.addFrom(column, index);
            expected.add(expected.get(index));
          }
        }
        case 3 -> {
          other.copyFrom(column);
          column.clear();
          column.copyFrom(other);
        }
        case 4 -> {
          long unscaled = random.nextLong() % (LARGEST_OF_18_DIGITS + 1);
          int scale = random.nextInt(DecimalColumn.MAX_COMPACT_DIGITS + 1);
          column.add(unscaled, scale);
          expected.add(BigDecimal.valueOf(unscaled, scale));
        }
        default -> {
          BigDecimal number =
              new BigDecimal(new BigInteger(random.nextInt(90), random), random.nextInt(30));
          BigDecimal signed = random.nextBoolean() ? number : number.negate();
          column.add(signed);
          expected.add(signed);
        }
      }
      assertThat(column.size()).isEqualTo(expected.size());
      if (step % 50 == 0) {
        assertThat(values(column)).isEqualTo(expected);
      }
    }
    assertThat(values(column)).isEqualTo(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(column.signum(i)).isEqualTo(expected.get(i).signum());
      assertThat(column.text(i)).isEqualTo(expected.get(i).toPlainString());
    }
  }
}
