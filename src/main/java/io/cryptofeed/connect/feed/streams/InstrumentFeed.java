package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.books.BookFeed;
import io.cryptofeed.connect.feed.trades.TradeFeed;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Stream;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that a connection knows about one instrument. Used by one thread. */
public final class InstrumentFeed {

  private final Instrument instrument;
  private final Map<Channel, StreamFeed> streams = new EnumMap<>(Channel.class);
  private @Nullable TradeFeed trades;
  private @Nullable BookFeed book;

  public InstrumentFeed(Instrument instrument) {
    this.instrument = instrument;
  }

  public Instrument instrument() {
    return instrument;
  }

  @Nullable
  public TradeFeed trades() {
    return trades;
  }

  public void setTrades(TradeFeed feed) {
    trades = feed;
  }

  @Nullable
  public BookFeed book() {
    return book;
  }

  public void setBook(BookFeed feed) {
    book = feed;
  }

  public void add(StreamFeed feed) {
    streams.put(feed.stream().channel(), feed);
  }

  @Nullable
  public StreamFeed stream(Channel channel) {
    return streams.get(channel);
  }

  public Iterable<StreamFeed> streams() {
    return streams.values();
  }

  /** One stream: how it is watched, and what was last said of it. */
  public static final class StreamFeed {
    private final Stream stream;
    private final StreamWatch watch;
    private Reported reported = Reported.NOTHING;
    private int complaints;

    public StreamFeed(Stream stream, StreamWatch watch) {
      this.stream = stream;
      this.watch = watch;
    }

    /** What was last reported about the connection of a stream. */
    public enum Reported {
      NOTHING,
      CONNECTED,
      DISCONNECTED
    }

    public Stream stream() {
      return stream;
    }

    public StreamWatch watch() {
      return watch;
    }

    /** Notes a change; returns false when that was the last thing reported anyway. */
    public boolean report(Reported now) {
      boolean changed = reported != now;
      reported = now;
      return changed;
    }

    /** Counts a complaint since the last sign of life. */
    public int complain() {
      return ++complaints;
    }

    public void contented() {
      complaints = 0;
    }
  }
}
