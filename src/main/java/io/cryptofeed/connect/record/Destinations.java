package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of all instruments. They are looked up for each record, so by identity and
 * without a lock: the map is never changed, but replaced when there is a new instrument. Safe for
 * use by many threads.
 */
final class Destinations {

  /** The destinations of one instrument. */
  static final class OfInstrument {

    private final Instrument instrument;
    private final TopicTemplate topics;
    private final Destination trades;
    private final Destination book;
    private final Destination bookSnapshots;
    private final Destination feedStatus;
    private final Map<Channel, Destination> observations = new ConcurrentHashMap<>();
    private final @Nullable String tradesMode;

    private OfInstrument(Instrument instrument, TopicTemplate topics, @Nullable String tradesMode) {
      this.instrument = instrument;
      this.topics = topics;
      this.tradesMode = tradesMode;
      trades = destination(Channel.TRADES);
      book = destination(Channel.L2_BOOK);
      bookSnapshots = destination(Channel.L2_SNAPSHOT);
      feedStatus = destination(Channel.FEED_STATUS);
    }

    private Destination destination(Channel channel) {
      return new Destination(instrument, channel, topics);
    }

    Destination trades() {
      return trades;
    }

    Destination book() {
      return book;
    }

    Destination bookSnapshots() {
      return bookSnapshots;
    }

    Destination feedStatus() {
      return feedStatus;
    }

    /** The destination of a plain channel. */
    Destination observations(Channel channel) {
      Destination destination = observations.get(channel);
      return destination == null
          ? observations.computeIfAbsent(channel, this::destination)
          : destination;
    }

    /** The configured trade stream of the exchange; null if there is only one. */
    @Nullable String tradesMode() {
      return tradesMode;
    }
  }

  private final TopicTemplate topics;
  private final Map<String, String> tradesModes;
  private final Map<Instrument, OfInstrument> byValue = new HashMap<>();
  private volatile IdentityHashMap<Instrument, OfInstrument> byIdentity = new IdentityHashMap<>();

  Destinations(TopicTemplate topics, Map<String, String> tradesModes) {
    this.topics = topics;
    this.tradesModes = Map.copyOf(tradesModes);
  }

  OfInstrument of(Instrument instrument) {
    OfInstrument destinations = byIdentity.get(instrument);
    return destinations == null ? add(instrument) : destinations;
  }

  private synchronized OfInstrument add(Instrument instrument) {
    OfInstrument destinations = byValue.computeIfAbsent(instrument, this::create);
    // Each refresh of the instruments creates equal objects: drop those that are no longer used.
    boolean outgrown = byIdentity.size() >= 2 * byValue.size();
    IdentityHashMap<Instrument, OfInstrument> next =
        outgrown ? new IdentityHashMap<>() : new IdentityHashMap<>(byIdentity);
    next.put(instrument, destinations);
    byIdentity = next;
    return destinations;
  }

  private OfInstrument create(Instrument instrument) {
    return new OfInstrument(instrument, topics, tradesModes.get(instrument.exchange()));
  }
}
