package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.PowersOfTen;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.errors.DataException;

/**
 * Writes the numbers of a {@link DecimalColumn} in one {@link DecimalMode}. What a mode cannot hold
 * is rejected, never rounded; only {@code double} is inexact, as its name says.
 */
public final class Decimals {

  /** Digits after the decimal point of every precise number. */
  public static final int SCALE = 18;

  /** Digits of a precise number: the most that Flink, Spark and Hive accept. */
  public static final int PRECISION = 38;

  /** Without it the Avro converter writes precision 64, which the SQL engines reject. */
  private static final String PRECISION_PARAMETER = "connect.decimal.precision";

  private static final BigInteger[] BIG_POWERS =
      IntStream.rangeClosed(0, SCALE)
          .mapToObj(exponent -> BigInteger.valueOf(PowersOfTen.of(exponent)))
          .toArray(BigInteger[]::new);

  private final DecimalMode mode;
  private final Schema schema;
  private final Schema optionalSchema;

  Decimals(DecimalMode mode) {
    this.mode = mode;
    this.schema = builder(mode).build();
    this.optionalSchema = builder(mode).optional().build();
  }

  private static SchemaBuilder builder(DecimalMode mode) {
    return switch (mode) {
      case PRECISE ->
          Decimal.builder(SCALE).parameter(PRECISION_PARAMETER, Integer.toString(PRECISION));
      case STRING -> SchemaBuilder.string();
      case DOUBLE -> SchemaBuilder.float64();
    };
  }

  /** The schema of every price and size. */
  Schema schema() {
    return schema;
  }

  /** The schema of a number that may be absent. */
  Schema optionalSchema() {
    return optionalSchema;
  }

  /** About how many bytes of heap one number takes. */
  int heapBytes() {
    return switch (mode) {
      case PRECISE -> 112;
      case STRING -> 56;
      case DOUBLE -> 24;
    };
  }

  /**
   * Number {@code index} as {@link #schema()} wants it.
   *
   * @param instrument whose number it is, for the message
   * @param field which number it is, for the message
   * @throws DataException when the mode cannot hold the number
   */
  Object write(DecimalColumn numbers, int index, Instrument instrument, String field) {
    if (!numbers.isWide(index)) {
      return compact(numbers, index);
    }
    BigDecimal value = numbers.value(index);
    return switch (mode) {
      case PRECISE -> {
        requireDigits(value, instrument, field);
        yield value.setScale(SCALE);
      }
      case STRING -> {
        requireDigits(value, instrument, field);
        yield value.toPlainString();
      }
      case DOUBLE -> value.doubleValue();
    };
  }

  /** A number of an instrument itself as {@link #schema()} wants it. */
  Object write(BigDecimal value, Instrument instrument, String field) {
    DecimalColumn column = new DecimalColumn(1);
    column.add(value);
    return write(column, 0, instrument, field);
  }

  private Object compact(DecimalColumn numbers, int index) {
    return switch (mode) {
      case PRECISE -> precise(numbers.unscaled(index), numbers.scale(index));
      case STRING -> numbers.text(index);
      case DOUBLE -> numbers.value(index).doubleValue();
    };
  }

  /** A compact number has at most 18 digits on either side of its point, so it always fits. */
  private static BigDecimal precise(long unscaled, int scale) {
    long factor = PowersOfTen.of(SCALE - scale);
    long high = Math.multiplyHigh(unscaled, factor);
    long low = unscaled * factor;
    if (high == low >> 63) {
      return BigDecimal.valueOf(low, SCALE);
    }
    return new BigDecimal(BigInteger.valueOf(unscaled).multiply(BIG_POWERS[SCALE - scale]), SCALE);
  }

  /** Counts digits before anything is scaled, for 1E+1000000000 must not be written out. */
  private void requireDigits(BigDecimal value, Instrument instrument, String field) {
    if (!mode.limits().hold(value)) {
      throw new DataException(
          "exchange=%s symbol=%s field=%s: %s (decimal.mode=%s)"
              .formatted(
                  instrument.exchange(),
                  instrument.symbol(),
                  field,
                  mode.limits().explain(value),
                  mode.code()));
    }
  }
}
