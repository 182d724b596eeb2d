package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What has been asked for on one connection, and what the venue has not confirmed yet. */
final class SubscriptionLedger {

  private final Set<MarketStream> wanted = new HashSet<>();
  private final Map<MarketStream, Long> requestOfUnconfirmed = new LinkedHashMap<>();
  private long lastRequest;

  /** The number of a new request. */
  long nextRequest() {
    return ++lastRequest;
  }

  /** Whether any stream of the instrument is asked for. */
  boolean wants(Instrument instrument) {
    return wanted.stream().anyMatch(stream -> stream.instrument().equals(instrument));
  }

  void subscribing(long request, Collection<MarketStream> streams) {
    wanted.addAll(streams);
    streams.forEach(stream -> requestOfUnconfirmed.put(stream, request));
  }

  void unsubscribing(Collection<MarketStream> streams) {
    wanted.removeAll(streams);
    requestOfUnconfirmed.keySet().removeAll(streams);
  }

  /** The oldest request that has streams without a confirmation, 0 where there is none. */
  long oldestUnconfirmed() {
    return requestOfUnconfirmed.values().stream().mapToLong(Long::longValue).min().orElse(0);
  }

  /** Whether the stream had been waiting for its confirmation, which has come now. */
  boolean confirm(MarketStream stream) {
    return requestOfUnconfirmed.remove(stream) != null;
  }

  /** The streams that the confirmation of a request confirms. */
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

  /** The streams that the refusal of a request refuses. */
  List<MarketStream> refuse(long request) {
    List<MarketStream> refused = confirm(request);
    refused.forEach(wanted::remove);
    return refused;
  }

  /** The streams of one symbol that the refusal of a request refuses. */
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

  /** All streams that are not confirmed, which are refused now. */
  List<MarketStream> refuseUnconfirmed() {
    List<MarketStream> refused = List.copyOf(requestOfUnconfirmed.keySet());
    unsubscribing(refused);
    return refused;
  }
}
