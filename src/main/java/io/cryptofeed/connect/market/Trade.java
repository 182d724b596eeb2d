package io.cryptofeed.connect.market;

import java.math.BigDecimal;

/**
 * One execution on an exchange.
 *
 * <p>A flyweight: a session fills one instance again for each trade, so it is valid only during the
 * call that hands it over. Owned by one thread.
 */
public final class Trade {

  /** The value of {@link #sequence()} where the venue's ids are not consecutive numbers. */
  public static final long NO_SEQUENCE = -1;

  private static final int PRICE = 0;
  private static final int SIZE = 1;

  private static final int CONTRACTS = 2;

  private final DecimalColumn numbers = new DecimalColumn(3);
  private Instrument instrument;
  private String id = "";
  private long firstSequence = NO_SEQUENCE;
  private long sequence = NO_SEQUENCE;
  private long rank = NO_SEQUENCE;
  private Side side = Side.UNKNOWN;
  private int count;
  private Origin origin = Origin.STREAM;
  private long eventNs;
  private long receiveNs;

  /** An empty trade of an instrument, to be filled. */
  public Trade(Instrument instrument) {
    this.instrument = instrument;
  }

  /**
   * Starts a new trade: everything but the numbers, which {@link #numbers()} takes.
   *
   * @param tradeId the venue's id, as text
   * @param first the first number that the trade covers where the venue's numbers are consecutive
   *     per instrument, else {@link #NO_SEQUENCE}
   * @param last the last number that it covers, equal to the first where a trade has one number
   * @param order a number that grows from trade to trade of the instrument, or {@link #NO_SEQUENCE}
   *     where the venue's ids have no order
   * @param takerSide the side of the taker
   * @param tradeCount how many fills an aggregate covers, 0 if the trade is not an aggregate
   * @param event the venue's time of the trade in nanoseconds since the epoch
   * @param receive when the message arrived here, nanoseconds since the epoch
   */
  public Trade set(
      Instrument of,
      String tradeId,
      long first,
      long last,
      long order,
      Side takerSide,
      int tradeCount,
      Origin from,
      long event,
      long receive) {
    instrument = of;
    id = tradeId;
    firstSequence = first;
    sequence = last;
    rank = order;
    side = takerSide;
    count = tradeCount;
    origin = from;
    eventNs = event;
    receiveNs = receive;
    return this;
  }

  /** A trade of its own with the same content. */
  public Trade copy() {
    Trade copy =
        new Trade(instrument)
            .set(
                instrument,
                id,
                firstSequence,
                sequence,
                rank,
                side,
                count,
                origin,
                eventNs,
                receiveNs);
    copy.numbers.copyFrom(numbers);
    return copy;
  }

  /**
   * The price in quote units, then the size in the instrument's {@link Instrument#sizeUnit()}; then
   * the number of contracts, where the venue counts in contracts.
   */
  public DecimalColumn numbers() {
    return numbers;
  }

  /** The instrument that was traded. */
  public Instrument instrument() {
    return instrument;
  }

  /** The venue's trade id as text, never empty. */
  public String id() {
    return id;
  }

  /** The first consecutive number that the trade covers, or {@link #NO_SEQUENCE}. */
  public long firstSequence() {
    return firstSequence;
  }

  /** The last consecutive number that the trade covers, or {@link #NO_SEQUENCE}. */
  public long sequence() {
    return sequence;
  }

  /** A number that grows from trade to trade of the instrument, or {@link #NO_SEQUENCE}. */
  public long rank() {
    return rank;
  }

  /** The taker's side. */
  public Side side() {
    return side;
  }

  /** How many fills an aggregate covers; 0 if the trade is not an aggregate. */
  public int count() {
    return count;
  }

  /** Live, replayed on subscribing, or fetched from history. */
  public Origin origin() {
    return origin;
  }

  /** The venue's time, nanoseconds since the epoch. */
  public long eventNs() {
    return eventNs;
  }

  /** The time of arrival, nanoseconds since the epoch. */
  public long receiveNs() {
    return receiveNs;
  }

  /** The price in quote units, its scale as the venue wrote it. */
  public BigDecimal price() {
    return numbers.value(PRICE);
  }

  /** The size in the instrument's {@link Instrument#sizeUnit()}. */
  public BigDecimal size() {
    return numbers.value(SIZE);
  }

  /** Whether the venue counts this trade in contracts. */
  public boolean hasContracts() {
    return numbers.size() > CONTRACTS;
  }

  @Override
  public String toString() {
    return instrument.key() + " trade " + id + ' ' + side.code() + ' ' + numbers;
  }
}
