package io.cryptofeed.connect.market;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One message of a plain channel: an instrument, two times, an origin, and the values of the
 * channel's {@link ChannelLayout} by their index.
 *
 * <p>A flyweight: its owner fills one instance again for each message, so it is valid only during
 * the call that delivers it. Owned by one thread.
 */
public final class Observation {

  private final ChannelLayout layout;

  /** Holds one number where a decimal is present; always empty for fields of other kinds. */
  private final DecimalColumn[] decimals;

  /** Whole numbers, times, and booleans as 0 and 1. */
  private final long[] numbers;

  private final @Nullable String[] texts;

  /** A bit for each field that is present, without decimals. */
  private long present;

  private Instrument instrument;
  private Origin origin = Origin.STREAM;
  private long eventNs;
  private long receiveNs;

  /** An observation of an instrument without any values, to be filled. */
  public Observation(ChannelLayout layout, Instrument instrument) {
    this.layout = layout;
    this.instrument = instrument;
    int fields = layout.fields().size();
    decimals = new DecimalColumn[fields];
    Arrays.setAll(
        decimals,
        field ->
            new DecimalColumn(
                layout.fields().get(field).kind() == ChannelField.Kind.DECIMAL ? 1 : 0));
    numbers = new long[fields];
    texts = new @Nullable String[fields];
  }

  /**
   * Sets everything but the values.
   *
   * @param event the exchange's time in nanoseconds since the epoch; the receive time if the
   *     exchange sends none
   * @param receive when the message was received, nanoseconds since the epoch
   */
  public Observation set(Instrument of, Origin from, long event, long receive) {
    instrument = of;
    origin = from;
    eventNs = event;
    receiveNs = receive;
    return this;
  }

  /** Makes all values absent. */
  public void clear() {
    for (DecimalColumn decimal : decimals) {
      decimal.clear();
    }
    present = 0;
  }

  /** What this is an observation of. */
  public ChannelLayout layout() {
    return layout;
  }

  /** The instrument. */
  public Instrument instrument() {
    return instrument;
  }

  /** Live, a state that the exchange sends on subscribing, or from history. */
  public Origin origin() {
    return origin;
  }

  /** The exchange's time, nanoseconds since the epoch. */
  public long eventNs() {
    return eventNs;
  }

  /** The receive time, nanoseconds since the epoch. */
  public long receiveNs() {
    return receiveNs;
  }

  /** The exchange's sequence number, or {@link BookUpdate#NO_SEQUENCE}. */
  public long sequence() {
    int field = layout.sequence();
    return field >= 0 && has(field) ? numbers[field] : BookUpdate.NO_SEQUENCE;
  }

  /** Whether a field has a value. */
  public boolean has(int field) {
    return (present & (1L << field)) != 0 || decimals[field].size() > 0;
  }

  /**
   * The value of a field of kind {@link ChannelField.Kind#DECIMAL}, to be read or added: one
   * number, or none while it is absent.
   */
  public DecimalColumn decimal(int field) {
    return decimals[field];
  }

  /** Sets a field of kind {@link ChannelField.Kind#LONG} or {@link ChannelField.Kind#TIME}. */
  public void setNumber(int field, long value) {
    numbers[field] = value;
    present |= 1L << field;
  }

  /**
   * The value of a field of kind {@link ChannelField.Kind#LONG}, or of kind {@link
   * ChannelField.Kind#TIME} in nanoseconds since the epoch; without meaning while it is absent.
   */
  public long number(int field) {
    return numbers[field];
  }

  /** Sets a field of kind {@link ChannelField.Kind#BOOLEAN}. */
  public void setFlag(int field, boolean value) {
    setNumber(field, value ? 1 : 0);
  }

  /**
   * The value of a field of kind {@link ChannelField.Kind#BOOLEAN}; without meaning while it is
   * absent.
   */
  public boolean flag(int field) {
    return numbers[field] != 0;
  }

  /** Sets a field of kind {@link ChannelField.Kind#TEXT}. */
  public void setText(int field, String value) {
    texts[field] = value;
    present |= 1L << field;
  }

  /** The value of a field of kind {@link ChannelField.Kind#TEXT}, null while it is absent. */
  public @Nullable String text(int field) {
    return has(field) ? texts[field] : null;
  }

  private String value(int field) {
    return switch (layout.fields().get(field).kind()) {
      case DECIMAL -> decimals[field].text(0);
      case LONG, TIME -> Long.toString(numbers[field]);
      case TEXT -> String.valueOf(texts[field]);
      case BOOLEAN -> Boolean.toString(flag(field));
    };
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(instrument.key()).append('/').append(layout.channel());
    List<ChannelField> fields = layout.fields();
    for (int field = 0; field < fields.size(); field++) {
      if (has(field)) {
        text.append(' ').append(fields.get(field).name()).append('=').append(value(field));
      }
    }
    return text.toString();
  }
}
