package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The streams of one instrument, with its trades and its book. Used by one thread. */
public final class InstrumentStreams {

  private final Instrument instrument;

  /** At most one for each channel, and looked up for every message: a scan is faster than a map. */
  private StreamState[] streams = {};

  private @Nullable TradeContinuity trades;
  private @Nullable InstrumentBook book;

  public InstrumentStreams(Instrument instrument) {
    this.instrument = instrument;
  }

  public Instrument instrument() {
    return instrument;
  }

  /** The trades of the instrument, null if they are not streamed. */
  @Nullable
  public TradeContinuity trades() {
    return trades;
  }

  public void setTrades(TradeContinuity trades) {
    this.trades = trades;
  }

  /** The book of the instrument, null if it is not streamed. */
  @Nullable
  public InstrumentBook book() {
    return book;
  }

  public void setBook(InstrumentBook book) {
    this.book = book;
  }

  public void add(StreamState stream) {
    streams = Arrays.copyOf(streams, streams.length + 1);
    streams[streams.length - 1] = stream;
  }

  /** The stream of a channel, null if the channel is not streamed. */
  @Nullable
  public StreamState stream(Channel channel) {
    for (StreamState stream : streams) {
      if (stream.stream().channel() == channel) {
        return stream;
      }
    }
    return null;
  }

  /** The exchange has halted the instrument. */
  public void onHalted() {
    for (StreamState stream : streams) {
      stream.liveness().onHalted();
    }
  }

  /** The exchange trades the instrument again. */
  public void onResumed(long nowNanos) {
    for (StreamState stream : streams) {
      stream.liveness().onResumed(nowNanos);
    }
  }

  public Iterable<StreamState> streams() {
    return Arrays.asList(streams);
  }
}
