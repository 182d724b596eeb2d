package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.feed.InstrumentFeed.StreamFeed;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Stream;
import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.proxy.settings.Transport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says what happens to the streams of a connection: as feed status for those who read the data, in
 * the log for those who run it, and in the counters.
 */
final class FeedReports {

  private static final Logger LOG = LoggerFactory.getLogger(FeedReports.class);

  private final String exchange;
  private final FeedServices services;
  private String egress;

  FeedReports(String exchange, FeedServices services) {
    this.exchange = exchange;
    this.services = services;
    egress = services.injector().egress(exchange, Transport.WEBSOCKET);
  }

  /** A connection is open, and leaves so: {@code direct}, or the proxy. */
  void opened(String exit) {
    egress = exit;
  }

  /** Said once until the stream is disconnected again. */
  void connected(StreamFeed stream) {
    if (stream.report(StreamFeed.Reported.CONNECTED)) {
      report(stream.stream(), Status.CONNECTED, "subscribed");
    }
  }

  /** Said once until the stream is connected again. */
  void disconnected(StreamFeed stream, String reason) {
    if (stream.report(StreamFeed.Reported.DISCONNECTED)) {
      report(stream.stream(), Status.DISCONNECTED, reason);
    }
  }

  void listed(Stream stream) {
    report(stream, Status.LISTED, "the exchange lists it now");
  }

  void delisted(Stream stream, String reason) {
    report(stream, Status.DELISTED, reason);
  }

  void stale(Stream stream, String complaint) {
    report(stream, Status.STALE, complaint);
  }

  void tradeGap(Stream stream, TradeContinuity.Gap gap) {
    services.counters().missingTrades().add(gap.missing());
    LOG.warn(
        "exchange={} symbol={} trades {} to {} are missing",
        exchange,
        stream.instrument().symbol(),
        gap.first(),
        gap.last());
    report(
        stream,
        Status.GAP,
        gap.first(),
        gap.last(),
        gap.missing(),
        null,
        null,
        "the trade numbers have a gap");
  }

  /** What became of a gap: missing is always recovered plus lost. */
  void settled(Stream stream, TradeContinuity.Gap gap) {
    if (gap.recovered() > 0) {
      report(
          stream,
          Status.BACKFILLED,
          gap.first(),
          gap.last(),
          gap.missing(),
          gap.recovered(),
          null,
          "missing trades came late");
    }
    for (long[] range : gap.open()) {
      long lost = range[1] - range[0] + 1;
      services.counters().lostTrades().add(lost);
      report(
          stream, Status.LOST, range[0], range[1], lost, null, lost, "missing trades did not come");
    }
  }

  void bookFault(Stream stream, BookSynchronizer.Fault fault) {
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
          fault.firstMissing(),
          fault.lastMissing(),
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
  void connectionGap(Stream stream, String description) {
    services.counters().bookFaults().increment();
    report(stream, Status.GAP, description);
  }

  private void report(Stream stream, Status status, String reason) {
    services
        .listener()
        .onFeedStatus(FeedStatus.of(stream, status, reason, proxy(), EpochClock.nowNs()));
  }

  private void report(
      Stream stream,
      Status status,
      long from,
      long to,
      long missing,
      @Nullable Long recovered,
      @Nullable Long lost,
      String reason) {
    services
        .listener()
        .onFeedStatus(
            new FeedStatus(
                stream,
                status,
                Long.toString(from),
                Long.toString(to),
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
