package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The destinations of all instruments. They are looked up for each record, so by identity and
 * without a lock: the map is never changed, but replaced when there is a new instrument. Safe for
 * use by many threads.
 */
final class Destinations {

  /**
   * The destinations of one instrument.
   *
   * @param tradesMode the configured trade stream of its exchange; null if there is only one
   */
  record Targets(
      Destination trades,
      Destination book,
      Destination bookSnapshots,
      Destination quotes,
      Destination feedStatus,
      @Nullable String tradesMode) {}

  private final TopicTemplate topics;
  private final Map<String, String> tradesModes;
  private final Map<Instrument, Targets> byValue = new HashMap<>();
  private volatile IdentityHashMap<Instrument, Targets> byIdentity = new IdentityHashMap<>();

  Destinations(TopicTemplate topics, Map<String, String> tradesModes) {
    this.topics = topics;
    this.tradesModes = Map.copyOf(tradesModes);
  }

  Targets of(Instrument instrument) {
    Targets targets = byIdentity.get(instrument);
    return targets == null ? add(instrument) : targets;
  }

  private synchronized Targets add(Instrument instrument) {
    Targets targets = byValue.computeIfAbsent(instrument, this::create);
    // Each refresh of the instruments creates equal objects: drop those that are no longer used.
    boolean outgrown = byIdentity.size() >= 2 * byValue.size();
    IdentityHashMap<Instrument, Targets> next =
        outgrown ? new IdentityHashMap<>() : new IdentityHashMap<>(byIdentity);
    next.put(instrument, targets);
    byIdentity = next;
    return targets;
  }

  private Targets create(Instrument instrument) {
    return new Targets(
        new Destination(instrument, Channel.TRADES, topics),
        new Destination(instrument, Channel.L2_BOOK, topics),
        new Destination(instrument, Channel.L2_SNAPSHOT, topics),
        new Destination(instrument, Channel.QUOTES, topics),
        new Destination(instrument, Channel.FEED_STATUS, topics),
        tradesModes.get(instrument.exchange()));
  }
}
