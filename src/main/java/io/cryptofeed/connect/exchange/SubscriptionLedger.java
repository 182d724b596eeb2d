package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The subscriptions of one connection: which streams are wanted, and which of them the venue has
 * not confirmed yet. Used by one thread.
 */
final class SubscriptionLedger {

  private final Set<MarketStream> wanted = new HashSet<>();
  private final Map<MarketStream, Long> requestOfUnconfirmed = new LinkedHashMap<>();
  private final Map<String, MarketStream> streamOfName = new HashMap<>();
  private long lastRequest;

  /** The number of a new request. */
  long nextRequest() {
    return ++lastRequest;
  }

  /** Notes the venue's name of a stream. */
  void name(String name, MarketStream stream) {
    streamOfName.put(name, stream);
  }

  /** The stream of a name, null if no such stream was subscribed. */
  @Nullable MarketStream stream(String name) {
    return streamOfName.get(name);
  }

  /** Whether any stream of the instrument is wanted. */
  boolean wants(Instrument instrument) {
    return wanted.stream().anyMatch(stream -> stream.instrument().equals(instrument));
  }

  /** Notes the streams that a request subscribes. */
  void subscribing(long request, Collection<MarketStream> streams) {
    wanted.addAll(streams);
    streams.forEach(stream -> requestOfUnconfirmed.put(stream, request));
  }

  /** Notes streams that are no longer wanted. */
  void unsubscribing(Collection<MarketStream> streams) {
    wanted.removeAll(streams);
    requestOfUnconfirmed.keySet().removeAll(streams);
  }

  /** The oldest request that has streams without a confirmation, 0 if there is none. */
  long oldestUnconfirmed() {
    return requestOfUnconfirmed.values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  /** Confirms a stream; returns whether it was unconfirmed. */
  boolean confirm(MarketStream stream) {
    return requestOfUnconfirmed.remove(stream) != null;
  }

  /** Confirms a request; returns its streams that were unconfirmed. */
  List<MarketStream> confirm(long request) {
    List<MarketStream> confirmed = new ArrayList<>();
    Iterator<Map.Entry<MarketStream, Long>> entries = requestOfUnconfirmed.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<MarketStream, Long> entry = entries.next();
      if (entry.getValue() == request) {
        confirmed.add(entry.getKey());
        entries.remove();
      }
    }
    return confirmed;
  }

  /** Refuses a request; returns its streams that were unconfirmed. */
  List<MarketStream> refuse(long request) {
    List<MarketStream> refused = confirm(request);
    refused.forEach(wanted::remove);
    return refused;
  }

  /**
   * Refuses the part of a request that is about one instrument; returns its unconfirmed streams.
   */
  List<MarketStream> refuse(long request, Instrument of) {
    List<MarketStream> refused = new ArrayList<>();
    requestOfUnconfirmed.forEach(
        (stream, number) -> {
          if (number == request && stream.instrument().equals(of)) {
            refused.add(stream);
          }
        });
    unsubscribing(refused);
    return refused;
  }

  /** Refuses and returns every stream that is unconfirmed. */
  List<MarketStream> refuseUnconfirmed() {
    List<MarketStream> refused = List.copyOf(requestOfUnconfirmed.keySet());
    unsubscribing(refused);
    return refused;
  }
}
