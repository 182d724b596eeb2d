package io.cryptofeed.connect.market;

/**
 * The best bid and the best ask of an instrument, as the venue itself tells them.
 *
 * <p>A flyweight: a session fills one instance again for each message, so it is valid only during
 * the call that hands it over. Owned by one thread.
 */
public final class Quote {

  private final DecimalColumn bid = new DecimalColumn(2);
  private final DecimalColumn ask = new DecimalColumn(2);
  private Instrument instrument;
  private long sequence = BookUpdate.NO_SEQUENCE;
  private long eventNs;
  private long receiveNs;

  /** An empty quote of an instrument, to be filled. */
  public Quote(Instrument instrument) {
    this.instrument = instrument;
  }

  /**
   * Starts a new quote: everything but the two sides, whose columns are left as they are.
   *
   * @param number the venue's sequence number, or {@link BookUpdate#NO_SEQUENCE}
   * @param event the venue's time in nanoseconds since the epoch; the time of arrival where the
   *     venue sends none
   * @param receive when the message arrived here, nanoseconds since the epoch
   */
  public Quote set(Instrument of, long number, long event, long receive) {
    instrument = of;
    sequence = number;
    eventNs = event;
    receiveNs = receive;
    return this;
  }

  /** Empties both sides. */
  public void clear() {
    bid.clear();
    ask.clear();
  }

  /** The instrument that is quoted. */
  public Instrument instrument() {
    return instrument;
  }

  /** The best bid: its price in quote units and its size; empty where nobody bids. */
  public DecimalColumn bid() {
    return bid;
  }

  /** The best ask: its price in quote units and its size; empty where nobody asks. */
  public DecimalColumn ask() {
    return ask;
  }

  /** The venue's sequence number, or {@link BookUpdate#NO_SEQUENCE}. */
  public long sequence() {
    return sequence;
  }

  /** The venue's time, nanoseconds since the epoch. */
  public long eventNs() {
    return eventNs;
  }

  /** The time of arrival, nanoseconds since the epoch. */
  public long receiveNs() {
    return receiveNs;
  }

  @Override
  public String toString() {
    return instrument.key() + " quote bid=" + bid + " ask=" + ask;
  }
}
