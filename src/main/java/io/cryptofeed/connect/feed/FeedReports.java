package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Trade;
import io.cryptofeed.connect.net.EpochClock;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.text.UntrustedText;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reports what happens to the streams of a connection: in {@code feed_status}, in the log, and in
 * the metrics. Used by one thread.
 */
public final class FeedReports {

  private static final Logger LOG = LoggerFactory.getLogger(FeedReports.class);

  private final String exchange;
  private final FeedServices services;
  private final MessageWarnings warnings;
  private String egress;

  public FeedReports(String exchange, FeedServices services, MessageWarnings warnings) {
    this.exchange = exchange;
    this.services = services;
    this.warnings = warnings;
    egress = services.injector().egress(exchange, Transport.WEBSOCKET);
  }

  /**
   * A connection is open.
   *
   * @param egress {@code direct}, or the proxy as {@code scheme://host:port}
   */
  public void opened(String egress) {
    this.egress = egress;
  }

  /** The subscription is confirmed, or data arrives. */
  public void connected(MarketStream stream) {
    report(stream, Status.CONNECTED, "subscribed");
  }

  /** No data arrives on the stream. */
  public void disconnected(MarketStream stream, String reason) {
    report(stream, Status.DISCONNECTED, reason);
  }

  /** The exchange lists the instrument of the stream now. */
  public void listed(MarketStream stream) {
    report(stream, Status.LISTED, "the exchange lists it now");
  }

  /** The exchange does not list the instrument of the stream any more. */
  public void delisted(MarketStream stream, String reason) {
    report(stream, Status.DELISTED, reason);
  }

  /** Data arrives again on a stale stream. */
  public void live(MarketStream stream) {
    report(stream, Status.LIVE, "data arrives again");
  }

  /** The instrument of the stream was delisted while nothing was streamed. */
  public void delistedBefore(MarketStream stream) {
    delisted(stream, "the exchange has delisted it since the last run");
  }

  /** The exchange has halted the instrument of the stream; the stream stays subscribed. */
  public void halted(MarketStream stream) {
    report(stream, Status.HALTED, "the exchange lists it, but does not trade it now");
  }

  /** The exchange trades the instrument of the stream again. */
  public void resumed(MarketStream stream) {
    report(stream, Status.RESUMED, "the exchange trades it again");
  }

  /** The exchange has never listed the instrument that the symbols name. */
  public void unlisted(MarketStream stream) {
    report(stream, Status.UNLISTED, "the exchange does not list it");
  }

  /** The stream gives no usable data: it is silent, rejected, or cannot be read. */
  public void stale(MarketStream stream, String reason) {
    report(stream, Status.STALE, reason);
  }

  /** Trades are missing. */
  public void tradeGap(MarketStream stream, TradeGap gap) {
    LOG.warn(
        "exchange={} symbol={} missing trades: from={} to={} count={}: {}",
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

  /** A gap is settled: if its trades can be counted, each is recovered or lost. */
  public void settled(MarketStream stream, TradeGap gap) {
    FeedCounters.InstrumentTrades trades = services.counters().trades(stream.instrument());
    LOG.info(
        "exchange={} symbol={} settled a gap of trades: from={} to={} recovered={} losses={}",
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
        // Recovered trades count as missing too, so that the totals agree.
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
          "missing trades arrived late, or came from the trade history of the exchange");
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

  /**
   * A trade arrived that no record can hold: it is lost, and named.
   *
   * @param problem which of its numbers is beyond the limits, with its text
   */
  public void unwritable(MarketStream stream, Trade trade, String problem) {
    boolean numbered = trade.sequence() != Trade.NO_SEQUENCE;
    long count = numbered ? trade.sequence() - trade.firstSequence() + 1 : 1;
    FeedCounters.InstrumentTrades trades = services.counters().trades(stream.instrument());
    services.counters().missingTrades().add(count);
    services.counters().lostTrades().add(count);
    trades.missing().add(count);
    trades.lost().add(count);
    String reason = "trade " + trade.id() + " cannot be written: " + problem;
    warnings.warn(
        "a record cannot hold a trade",
        stream.instrument().symbol() + ": " + reason,
        System.nanoTime());
    report(
        stream,
        Status.LOST,
        numbered ? Long.toString(trade.firstSequence()) : trade.id(),
        numbered ? Long.toString(trade.sequence()) : trade.id(),
        count,
        null,
        count,
        reason);
  }

  /** A book is invalid, and is resynchronised. */
  public void bookFault(MarketStream stream, Fault fault) {
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

  private static Status status(Fault.Kind kind) {
    return switch (kind) {
      case GAP -> Status.GAP;
      case CHECKSUM -> Status.CHECKSUM_MISMATCH;
      case INTEGRITY, NO_SNAPSHOT -> Status.RESYNC;
    };
  }

  /** Messages of the connection are missing; some of them may have belonged to this stream. */
  public void connectionGap(MarketStream stream, String description) {
    services.counters().bookFaults().increment();
    report(stream, Status.GAP, description);
  }

  private void report(MarketStream stream, Status status, String reason) {
    services
        .listener()
        .onFeedStatus(
            FeedStatus.of(
                stream, status, UntrustedText.sanitised(reason), proxy(), EpochClock.nowNs()));
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
                UntrustedText.sanitised(reason),
                proxy(),
                EpochClock.nowNs()));
  }

  private @Nullable String proxy() {
    return egress.contains("://") ? egress : null;
  }
}
