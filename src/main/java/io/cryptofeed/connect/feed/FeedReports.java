package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.proxy.settings.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what happens to the streams of a connection: as feed status for those who read the data, in
 * the log for those who run it, and in the counters.
 */
public final class FeedReports {

  private static final Logger LOG = LoggerFactory.getLogger(FeedReports.class);

  private final String exchange;
  private final FeedServices services;
  private String egress;

  public FeedReports(String exchange, FeedServices services) {
    this.exchange = exchange;
    this.services = services;
    egress = services.injector().egress(exchange, Transport.WEBSOCKET);
  }

  /** A connection is open, and leaves so: {@code direct}, or the proxy. */
  public void opened(String exit) {
    egress = exit;
  }

  /** The stream is subscribed, or its data arrives again. */
  public void connected(MarketStream stream) {
    report(stream, Status.CONNECTED, "subscribed");
  }

  /** No data arrives on the stream. */
  public void disconnected(MarketStream stream, String reason) {
    report(stream, Status.DISCONNECTED, reason);
  }

  public void listed(MarketStream stream) {
    report(stream, Status.LISTED, "the exchange lists it now");
  }

  public void delisted(MarketStream stream, String reason) {
    report(stream, Status.DELISTED, reason);
  }

  public void stale(MarketStream stream, String complaint) {
    report(stream, Status.STALE, complaint);
  }

  /** Trades are missing. */
  public void tradeGap(MarketStream stream, TradeGap gap) {
    LOG.warn(
        "exchange={} symbol={} trades are missing: from={} to={} count={}: {}",
        exchange,
        stream.instrument().symbol(),
        gap.from(),
        gap.to(),
        gap.missing(),
        gap.reason());
    if (gap.missing() != null) {
      services.counters().missingTrades().add(gap.missing());
      services.counters().trades(stream.instrument()).missing().add(gap.missing());
    }
    report(stream, Status.GAP, gap.from(), gap.to(), gap.missing(), null, null, gap.reason());
  }

  /** What became of missing trades: where they can be counted, all are recovered or lost. */
  public void settled(MarketStream stream, TradeGap gap) {
    FeedCounters.InstrumentTrades trades = services.counters().trades(stream.instrument());
    LOG.info(
        "exchange={} symbol={} missing trades are settled: from={} to={} recovered={} losses={}",
        exchange,
        stream.instrument().symbol(),
        gap.from(),
        gap.to(),
        gap.recovered(),
        gap.losses().size());
    if (gap.recovered() > 0) {
      services.counters().recoveredTrades().add(gap.recovered());
      trades.recovered().add(gap.recovered());
      if (gap.missing() == null) {
        // Those that were found count as missing too, so that the sums agree.
        services.counters().missingTrades().add(gap.recovered());
        trades.missing().add(gap.recovered());
      }
      report(
          stream,
          Status.BACKFILLED,
          gap.from(),
          gap.to(),
          gap.missing(),
          gap.recovered(),
          null,
          "missing trades came late, or from the exchange's history");
    }
    for (TradeGap.Loss loss : gap.losses()) {
      if (loss.count() != null) {
        services.counters().lostTrades().add(loss.count());
        trades.lost().add(loss.count());
      }
      report(
          stream,
          Status.LOST,
          loss.from(),
          loss.to(),
          loss.count(),
          null,
          loss.count(),
          loss.reason());
    }
  }

  public void bookFault(MarketStream stream, BookSynchronizer.Fault fault) {
    services.counters().bookFaults().increment();
    LOG.warn(
        "exchange={} symbol={} resynchronising the book: {}",
        exchange,
        stream.instrument().symbol(),
        fault.description());
    if (fault.hasRange()) {
      report(
          stream,
          Status.GAP,
          Long.toString(fault.firstMissing()),
          Long.toString(fault.lastMissing()),
          fault.lastMissing() - fault.firstMissing() + 1,
          null,
          null,
          fault.description());
    } else {
      report(stream, status(fault.kind()), fault.description());
    }
  }

  private static Status status(BookSynchronizer.Fault.Kind kind) {
    return switch (kind) {
      case GAP -> Status.GAP;
      case CHECKSUM -> Status.CHECKSUM_MISMATCH;
      case INTEGRITY, NO_SNAPSHOT -> Status.RESYNC;
    };
  }

  /** Messages of a connection are missing, any of which may have been about this stream. */
  public void connectionGap(MarketStream stream, String description) {
    services.counters().bookFaults().increment();
    report(stream, Status.GAP, description);
  }

  private void report(MarketStream stream, Status status, String reason) {
    services
        .listener()
        .onFeedStatus(FeedStatus.of(stream, status, reason, proxy(), EpochClock.nowNs()));
  }

  private void report(
      MarketStream stream,
      Status status,
      @Nullable String from,
      @Nullable String to,
      @Nullable Long missing,
      @Nullable Long recovered,
      @Nullable Long lost,
      String reason) {
    services
        .listener()
        .onFeedStatus(
            new FeedStatus(
                stream,
                status,
                from,
                to,
                missing,
                recovered,
                lost,
                reason,
                proxy(),
                EpochClock.nowNs()));
  }

  private @Nullable String proxy() {
    return egress.contains("://") ? egress : null;
  }
}
