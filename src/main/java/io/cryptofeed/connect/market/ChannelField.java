package io.cryptofeed.connect.market;

/**
 * One field of a plain channel, in addition to the instrument, the times and the origin that every
 * record has.
 *
 * @param name its name in records and in profiles, lower case: {@code bid_price}
 * @param kind what it holds
 * @param optional whether a message, and therefore a record, may lack it
 * @param unit what it is counted in
 * @param documentation one sentence for the schema and the reference page
 */
public record ChannelField(
    String name, Kind kind, boolean optional, Unit unit, String documentation) {

  /** What a field holds. */
  public enum Kind {
    /** An exact decimal number, written as {@code decimal.mode} says. */
    DECIMAL,
    /** A whole number of 0 or more. */
    LONG,
    /** A text. */
    TEXT,
    /** A time, nanoseconds since the epoch. */
    TIME,
    /** True or false. */
    BOOLEAN
  }

  /** What a number is counted in. */
  public enum Unit {
    /** A price in the quote asset; never negative. */
    PRICE,
    /** A size in the instrument's {@link Instrument#sizeUnit()}; never negative. */
    SIZE,
    /** Anything else, or nothing; decimals may be negative. */
    NONE
  }
}
