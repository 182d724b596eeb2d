package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The targets of all instruments. Looked up once for each record, so by identity and without a
 * lock: the map is replaced when an instrument is seen for the first time, and never changed. Safe
 * for use by many threads.
 */
final class Destinations {

  /**
   * The targets of one instrument.
   *
   * @param tradesMode which trade stream of its exchange is read; null where there is no choice
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
    // An exchange that lists its instruments anew makes equal ones; the old ones are forgotten
    // then.
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
