package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The streams of one connection, and what is known about each. Used by one thread. */
public final class ConnectionStreams {

  private List<MarketStream> streams;
  private final List<Instrument> instruments = new ArrayList<>();

  /** By identity: the sessions hand out the instruments that they were opened with. */
  private final IdentityHashMap<Instrument, InstrumentStreams> feeds = new IdentityHashMap<>();

  public ConnectionStreams(
      Collection<MarketStream> streams,
      Function<Instrument, InstrumentStreams> feed,
      Function<MarketStream, StreamLiveness> watch,
      FeedReports reports) {
    this.streams = List.copyOf(streams);
    for (MarketStream stream : this.streams) {
      Instrument instrument = stream.instrument();
      if (!feeds.containsKey(instrument)) {
        feeds.put(instrument, feed.apply(instrument));
        instruments.add(instrument);
      }
      feeds.get(instrument).add(new StreamState(stream, watch.apply(stream), reports));
    }
  }

  /** Forgets an instrument, and returns its streams. */
  public List<MarketStream> remove(Instrument instrument) {
    List<MarketStream> removed =
        streams.stream().filter(stream -> stream.instrument().equals(instrument)).toList();
    streams = streams.stream().filter(stream -> !removed.contains(stream)).toList();
    instruments.remove(instrument);
    feeds.keySet().removeIf(instrument::equals);
    return removed;
  }

  public List<MarketStream> all() {
    return streams;
  }

  public List<Instrument> instruments() {
    return instruments;
  }

  public Collection<InstrumentStreams> feeds() {
    return feeds.values();
  }

  @Nullable
  public InstrumentStreams of(Instrument instrument) {
    return feeds.get(instrument);
  }

  /** A stream of the connection, or null when it has no such stream. */
  @Nullable
  public StreamState find(Instrument instrument, Channel channel) {
    InstrumentStreams feed = feeds.get(instrument);
    return feed == null ? null : feed.stream(channel);
  }

  @Nullable
  public StreamState find(MarketStream stream) {
    return find(stream.instrument(), stream.channel());
  }

  public void forEach(Consumer<StreamState> action) {
    for (InstrumentStreams feed : feeds.values()) {
      feed.streams().forEach(action);
    }
  }

  public boolean allConfirmed() {
    for (InstrumentStreams feed : feeds.values()) {
      for (StreamState stream : feed.streams()) {
        if (!stream.watch().isConfirmed()) {
          return false;
        }
      }
    }
    return true;
  }
}
