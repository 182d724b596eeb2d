package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Stream;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that a connection knows about one instrument. Used by one thread. */
final class InstrumentFeed {

  private final Instrument instrument;
  private final Map<Channel, StreamFeed> streams = new EnumMap<>(Channel.class);
  private @Nullable TradeFeed trades;
  private @Nullable BookFeed book;

  InstrumentFeed(Instrument instrument) {
    this.instrument = instrument;
  }

  Instrument instrument() {
    return instrument;
  }

  @Nullable TradeFeed trades() {
    return trades;
  }

  void setTrades(TradeFeed feed) {
    trades = feed;
  }

  @Nullable BookFeed book() {
    return book;
  }

  void setBook(BookFeed feed) {
    book = feed;
  }

  void add(StreamFeed feed) {
    streams.put(feed.stream().channel(), feed);
  }

  @Nullable StreamFeed stream(Channel channel) {
    return streams.get(channel);
  }

  Iterable<StreamFeed> streams() {
    return streams.values();
  }

  /** One stream: how it is watched, and what was last said of it. */
  static final class StreamFeed {
    private final Stream stream;
    private final StreamWatch watch;
    private Reported reported = Reported.NOTHING;
    private int complaints;

    StreamFeed(Stream stream, StreamWatch watch) {
      this.stream = stream;
      this.watch = watch;
    }

    /** What was last reported about the connection of a stream. */
    enum Reported {
      NOTHING,
      CONNECTED,
      DISCONNECTED
    }

    Stream stream() {
      return stream;
    }

    StreamWatch watch() {
      return watch;
    }

    /** Notes a change; returns false when that was the last thing reported anyway. */
    boolean report(Reported now) {
      boolean changed = reported != now;
      reported = now;
      return changed;
    }

    /** Counts a complaint since the last sign of life. */
    int complain() {
      return ++complaints;
    }

    void contented() {
      complaints = 0;
    }
  }
}
