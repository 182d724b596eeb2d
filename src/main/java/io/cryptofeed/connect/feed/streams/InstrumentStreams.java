package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that a connection knows about one instrument. Used by one thread. */
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

  @Nullable
  public TradeContinuity trades() {
    return trades;
  }

  public void setTrades(TradeContinuity feed) {
    trades = feed;
  }

  @Nullable
  public InstrumentBook book() {
    return book;
  }

  public void setBook(InstrumentBook feed) {
    book = feed;
  }

  public void add(StreamState stream) {
    streams.put(stream.stream().channel(), stream);
  }

  @Nullable
  public StreamState stream(Channel channel) {
    return streams.get(channel);
  }

  public Iterable<StreamState> streams() {
    return streams.values();
  }
}
