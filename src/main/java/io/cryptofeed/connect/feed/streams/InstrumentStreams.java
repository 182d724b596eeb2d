package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The streams of one instrument, with its trades and its book. Used by one thread. */
public final class InstrumentStreams {

  private final Instrument instrument;
  private final Map<Channel, StreamState> streams = new EnumMap<>(Channel.class);
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
    streams.put(stream.stream().channel(), stream);
  }

  /** The stream of a channel, null if the channel is not streamed. */
  @Nullable
  public StreamState stream(Channel channel) {
    return streams.get(channel);
  }

  public Iterable<StreamState> streams() {
    return streams.values();
  }
}
