package io.cryptofeed.connect.feed.streams;

import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The streams of one connection, and the state of each. Used by one thread. */
public final class ConnectionStreams {

  private List<MarketStream> streams;
  private final List<Instrument> instruments = new ArrayList<>();

  /** By identity: a session emits the instruments that it was opened with. */
  private final IdentityHashMap<Instrument, InstrumentStreams> byInstrument =
      new IdentityHashMap<>();

  /**
   * @param streams all streams of the connection
   * @param liveness makes the liveness check of a stream
   * @param reports reports what happens to the streams
   */
  public ConnectionStreams(
      Collection<MarketStream> streams,
      Function<MarketStream, StreamLiveness> liveness,
      FeedReports reports) {
    this.streams = List.copyOf(streams);
    for (MarketStream stream : this.streams) {
      byInstrument
          .computeIfAbsent(stream.instrument(), this::addInstrument)
          .add(new StreamState(stream, liveness.apply(stream), reports));
    }
  }

  private InstrumentStreams addInstrument(Instrument instrument) {
    instruments.add(instrument);
    return new InstrumentStreams(instrument);
  }

  /** Removes an instrument, and returns its streams. */
  public List<MarketStream> remove(Instrument instrument) {
    List<MarketStream> removed =
        streams.stream().filter(stream -> stream.instrument().equals(instrument)).toList();
    streams = streams.stream().filter(stream -> !removed.contains(stream)).toList();
    instruments.remove(instrument);
    byInstrument.keySet().removeIf(instrument::equals);
    return removed;
  }

  public List<MarketStream> all() {
    return streams;
  }

  public List<Instrument> instruments() {
    return instruments;
  }

  /** The streams of every instrument. */
  public Collection<InstrumentStreams> byInstrument() {
    return byInstrument.values();
  }

  /** The streams of an instrument, null if the connection does not have it. */
  @Nullable
  public InstrumentStreams of(Instrument instrument) {
    return byInstrument.get(instrument);
  }

  /** A stream of the connection, null if the connection does not have it. */
  @Nullable
  public StreamState find(Instrument instrument, Channel channel) {
    InstrumentStreams found = byInstrument.get(instrument);
    return found == null ? null : found.stream(channel);
  }

  /** A stream of the connection, null if the connection does not have it. */
  @Nullable
  public StreamState find(MarketStream stream) {
    return find(stream.instrument(), stream.channel());
  }

  /** All streams have been subscribed. */
  public void onSubscribe(long nowNanos) {
    forEach(stream -> stream.liveness().onSubscribe(nowNanos));
    forEachTrades(trades -> trades.onSubscribed(nowNanos));
  }

  /** The connection is lost. */
  public void onDisconnected(String reason) {
    forEach(
        stream -> {
          stream.liveness().onDisconnected();
          stream.disconnected(reason);
        });
    forEachTrades(TradeContinuity::onDisconnected);
  }

  /** Reading was paused until now. */
  public void onReadingResumed(long nowNanos) {
    forEach(stream -> stream.liveness().onReadingResumed(nowNanos));
  }

  /** Lets the trades check their deadlines; called about once a second. */
  public void checkTrades(long nowNanos) {
    forEachTrades(trades -> trades.tick(nowNanos));
  }

  /** Whether no subscription waits for its confirmation; one that failed does not. */
  public boolean allConfirmed() {
    return count(ConnectionStreams::isUnconfirmed) == 0;
  }

  private static boolean isUnconfirmed(StreamState stream) {
    return stream.liveness().isSubscribed()
        && !stream.liveness().isConfirmed()
        && !stream.isStale();
  }

  /** How many streams fulfil a condition. */
  public int count(Predicate<StreamState> condition) {
    int count = 0;
    for (InstrumentStreams each : byInstrument.values()) {
      for (StreamState stream : each.streams()) {
        count += condition.test(stream) ? 1 : 0;
      }
    }
    return count;
  }

  private void forEach(Consumer<StreamState> action) {
    for (InstrumentStreams each : byInstrument.values()) {
      each.streams().forEach(action);
    }
  }

  private void forEachTrades(Consumer<TradeContinuity> action) {
    for (InstrumentStreams each : byInstrument.values()) {
      TradeContinuity trades = each.trades();
      if (trades != null) {
        action.accept(trades);
      }
    }
  }
}
