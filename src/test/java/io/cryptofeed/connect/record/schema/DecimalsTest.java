package io.cryptofeed.connect.record.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

import io.cryptofeed.connect.record.Events;
import java.math.BigDecimal;
import java.util.Random;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.errors.DataException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalsTest {

  private final Decimals precise = new Decimals(DecimalMode.PRECISE);
  private final Decimals text = new Decimals(DecimalMode.STRING);
  private final Decimals floating = new Decimals(DecimalMode.DOUBLE);

  @Test
  void a_precise_schema_has_scale_18_and_precision_38() {
    assertThat(precise.schema().name()).isEqualTo(Decimal.LOGICAL_NAME);
    assertThat(precise.schema().parameters())
        .containsEntry("scale", "18")
        .containsEntry("connect.decimal.precision", "38");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "0.000000000000000001",
        "67000.12345678",
        "-67000.10",
        "999999999999999999",
        "0.999999999999999999",
        "9223372036854775807",
        "99999999999999999999.999999999999999999",
        "-99999999999999999999.999999999999999999",
        "1.00000000000000000000000000",
        "1E+19",
        "0E-40",
        "0E+999999999"
      })
  void a_precise_number_keeps_its_exact_value(String number) {
    BigDecimal written = (BigDecimal) write(precise, number);
    assertThat(written).isEqualByComparingTo(new BigDecimal(number));
    assertThat(written.scale()).isEqualTo(18);
    assertThatNoException().isThrownBy(() -> Decimal.fromLogical(precise.schema(), written));
  }

  @Test
  void precise_numbers_of_any_width_equal_big_decimal_arithmetic() {
    Random random = new Random(42);
    for (int i = 0; i < 20_000; i++) {
      long unscaled = random.nextLong() >> random.nextInt(64);
      int scale = random.nextInt(19);
      BigDecimal number = BigDecimal.valueOf(unscaled, scale);
      assertThat(write(precise, number.toPlainString())).isEqualTo(number.setScale(18));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "100000000000000000000",
        "1E+20",
        "1E+1000000000",
        "0.0000000000000000001",
        "1E-1000000000",
        "1.0000000000000000001"
      })
  void a_number_that_does_not_fit_is_rejected_and_quoted(String number) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> write(precise, number))
        .withMessageContaining(
            "exchange=binance symbol=BTC-USDT field=price: " + new BigDecimal(number))
        .withMessageContaining("decimal.mode=precise")
        .withMessageContaining("set decimal.mode=string");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.10", "67000.00000000", "0", "123456789012345678901234567890.10"})
  void a_text_keeps_the_digits_of_the_exchange(String number) {
    assertThat(write(text, number)).isEqualTo(number);
  }

  @Test
  void a_text_never_has_an_exponent() {
    assertThat(write(text, "1E-7")).isEqualTo("0.0000001");
    assertThat(write(text, "12E+3")).isEqualTo("12000");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1E+1000000000", "1E-1000000000"})
  void a_text_of_gigabytes_is_rejected(String number) {
    assertThatExceptionOfType(DataException.class)
        .isThrownBy(() -> write(text, number))
        .withMessageContaining(number)
        .withMessageContaining("100 digits");
  }

  @Test
  void a_double_is_the_nearest_one() {
    assertThat(floating.schema()).isEqualTo(Schema.FLOAT64_SCHEMA);
    assertThat(write(floating, "0.1")).isEqualTo(0.1);
    assertThat(write(floating, "123456789012345678901234567890")).isEqualTo(1.2345678901234568e29);
  }

  private static Object write(Decimals decimals, String number) {
    return decimals.write(Events.column(number), 0, Events.BTC, "price");
  }
}
