package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.streams.InstrumentFeed.StreamFeed;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Stream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The streams of one connection, and what is known about each. Used by one thread. */
public final class ConnectionStreams {

  private List<Stream> streams;
  private final List<Instrument> instruments = new ArrayList<>();

  /** By identity: the sessions hand out the instruments that they were opened with. */
  private final IdentityHashMap<Instrument, InstrumentFeed> feeds = new IdentityHashMap<>();

  public ConnectionStreams(
      Collection<Stream> streams,
      Function<Instrument, InstrumentFeed> feed,
      Function<Stream, StreamWatch> watch) {
    this.streams = List.copyOf(streams);
    for (Stream stream : this.streams) {
      Instrument instrument = stream.instrument();
      if (!feeds.containsKey(instrument)) {
        feeds.put(instrument, feed.apply(instrument));
        instruments.add(instrument);
      }
      feeds.get(instrument).add(new StreamFeed(stream, watch.apply(stream)));
    }
  }

  /** Forgets an instrument, and returns its streams. */
  public List<Stream> remove(Instrument instrument) {
    List<Stream> removed =
        streams.stream().filter(stream -> stream.instrument().equals(instrument)).toList();
    streams = streams.stream().filter(stream -> !removed.contains(stream)).toList();
    instruments.remove(instrument);
    feeds.keySet().removeIf(instrument::equals);
    return removed;
  }

  public List<Stream> all() {
    return streams;
  }

  public List<Instrument> instruments() {
    return instruments;
  }

  public Collection<InstrumentFeed> feeds() {
    return feeds.values();
  }

  @Nullable
  public InstrumentFeed of(Instrument instrument) {
    return feeds.get(instrument);
  }

  /** A stream of the connection, or null when it has no such stream. */
  @Nullable
  public StreamFeed find(Instrument instrument, Channel channel) {
    InstrumentFeed feed = feeds.get(instrument);
    return feed == null ? null : feed.stream(channel);
  }

  @Nullable
  public StreamFeed find(Stream stream) {
    return find(stream.instrument(), stream.channel());
  }

  public void forEach(Consumer<StreamFeed> action) {
    for (InstrumentFeed feed : feeds.values()) {
      feed.streams().forEach(action);
    }
  }

  public boolean allConfirmed() {
    for (InstrumentFeed feed : feeds.values()) {
      for (StreamFeed stream : feed.streams()) {
        if (!stream.watch().isConfirmed()) {
          return false;
        }
      }
    }
    return true;
  }
}
