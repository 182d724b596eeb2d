package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.feed.trades.SequencedTrades;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.feed.trades.TradeContinuity.NextRequest;
import io.cryptofeed.connect.feed.trades.UnsequencedTrades;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/**
 * An exchange with a trade history, and an instrument whose trades are kept complete, in virtual
 * time: the test decides what happens, and when.
 */
public final class TradeWorld implements TradeContinuity.Owner {

  public static final long FIRST = 1_000;
  public static final int PAGE = 10;

  private static final Instrument INSTRUMENT =
      new Instrument(
          "venue", MarketType.SPOT, "BTC-USDT", "BTCUSDT", "BTC", "USDT", null, null, true);
  private static final long START_NS = 1_700_000_000_000_000_000L;
  private static final long EVERY_NS = 10_000_000;

  public final HeldTradesLimit limit;
  public final List<Long> delivered = new ArrayList<>();
  public final List<Origin> origins = new ArrayList<>();
  public final List<TradeGap> gaps = new ArrayList<>();
  public final List<TradeGap> settled = new ArrayList<>();
  public int duplicates;
  public int pages;

  private final TradeNumbering numbering;
  private final @Nullable TradeHistory history;
  private final BackfillOptions options;
  private final Random random;
  private final List<Trade> truth = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private TradeContinuity continuity;
  private long nowNanos = 1;
  private long everyNs = EVERY_NS;
  private boolean needed;
  private boolean more;
  private long oldest = FIRST;

  /** What the exchange's next response is instead of a good page. */
  public enum Fault {
    FAILURE,
    REFUSAL,
    EMPTY,
    /** The newest trades are not in it yet. */
    STALE,
    /** A trade in the middle is missing. */
    SKIP,
    /** The end is missing. */
    SHORT
  }

  public TradeWorld(TradeNumbering numbering, @Nullable Paging paging, @Nullable LastTrade resume) {
    this(numbering, paging, resume, BackfillOptions.DEFAULT, 0);
  }

  public TradeWorld(
      TradeNumbering numbering,
      @Nullable Paging paging,
      @Nullable LastTrade resume,
      BackfillOptions options,
      long seed) {
    this.numbering = numbering;
    this.options = options;
    history = paging == null ? null : new TradeHistory(paging, PAGE, Duration.ZERO);
    random = new Random(seed);
    limit = new HeldTradesLimit(options.heldTrades());
    continuity = continuity(resume);
  }

  private @Nullable Long damaged;

  private TradeContinuity continuity(@Nullable LastTrade resume) {
    return numbering == TradeNumbering.CONSECUTIVE
        ? new SequencedTrades(history, options, resume, limit, random, this)
        : new UnsequencedTrades(
            numbering == TradeNumbering.INCREASING, history, options, resume, limit, random, this);
  }

  /** The task restarts, and resumes after its last trade. */
  public void restart() {
    restart(continuity.last());
  }

  /** The task restarts, and resumes from an offset. */
  public void restart(@Nullable LastTrade resume) {
    continuity.close();
    needed = false;
    more = false;
    continuity = continuity(resume);
  }

  // The exchange.

  /** A trade happens at the exchange. */
  public Trade happens() {
    long id = FIRST + truth.size();
    nowNanos += everyNs;
    Trade trade =
        new Trade(INSTRUMENT)
            .set(
                INSTRUMENT,
                Long.toString(id),
                numbering == TradeNumbering.CONSECUTIVE ? id : Trade.NO_SEQUENCE,
                numbering == TradeNumbering.CONSECUTIVE ? id : Trade.NO_SEQUENCE,
                numbering == TradeNumbering.INCREASING ? id : Trade.NO_SEQUENCE,
                Side.BUY,
                0,
                Origin.STREAM,
                START_NS + nowNanos,
                START_NS + nowNanos + 1);
    trade.numbers().add(BigDecimal.ONE);
    trade.numbers().add(BigDecimal.TEN);
    truth.add(trade);
    return trade;
  }

  /** Trades happen that the stream does not send. */
  public void unseen(int trades) {
    for (int i = 0; i < trades; i++) {
      happens();
    }
  }

  /** All trades that happen here have the time of the trade before them. */
  public void atOnce(Runnable happening) {
    everyNs = 0;
    happening.run();
    everyNs = EVERY_NS;
  }

  /** Trades happen, and the stream sends them. */
  public void live(int trades) {
    for (int i = 0; i < trades; i++) {
      brings(happens());
    }
  }

  public void brings(Trade trade) {
    continuity.onTrade(trade, nowNanos);
  }

  /** The stream sends a trade of now with an id that the exchange has not used for it. */
  public void bringsImpossible(long id) {
    nowNanos += 1;
    Trade trade =
        new Trade(INSTRUMENT)
            .set(
                INSTRUMENT,
                Long.toString(id),
                id,
                id,
                Trade.NO_SEQUENCE,
                Side.BUY,
                0,
                Origin.STREAM,
                START_NS + nowNanos,
                START_NS + nowNanos + 1);
    trade.numbers().add(BigDecimal.ONE);
    trade.numbers().add(BigDecimal.TEN);
    brings(trade);
  }

  /** A trade happens every so often, and the stream sends it. */
  public void live(int trades, Duration every) {
    for (int i = 0; i < trades; i++) {
      live(1);
      passes(every);
    }
  }

  public void announces(long newest) {
    continuity.onNewest(newest, nowNanos);
  }

  public Trade trade(long id) {
    return truth.get((int) (id - FIRST));
  }

  public long newest() {
    return FIRST + truth.size() - 1;
  }

  /** The history drops the trades before this one. */
  public void forgetBefore(long id) {
    oldest = id;
  }

  /** The next responses are not good pages. */
  public void answers(Fault... next) {
    faults.addAll(List.of(next));
  }

  /** From now on, the history has a trade that cannot be read. */
  public void damages(long id) {
    damaged = id;
  }

  private @Nullable List<Trade> page(long cursor) {
    List<Trade> kept = truth.subList((int) (oldest - FIRST), truth.size());
    Fault fault = faults.isEmpty() ? null : faults.remove(0);
    if (fault == Fault.EMPTY) {
      return List.of();
    }
    if (fault == Fault.STALE) {
      kept = kept.subList(0, Math.max(0, kept.size() - PAGE / 2));
    }
    List<Trade> page = new ArrayList<>();
    switch (asked().paging()) {
      case FROM_ID -> kept.stream().filter(t -> id(t) >= cursor).limit(PAGE).forEach(page::add);
      case FROM_TIME ->
          kept.stream().filter(t -> t.eventNs() >= cursor).limit(PAGE).forEach(page::add);
      case BEFORE_ID -> page.addAll(newest(kept.stream().filter(t -> id(t) < cursor).toList(), 0));
      case OFFSET -> page.addAll(newest(kept, cursor));
      case NEWEST -> page.addAll(newest(kept, 0));
    }
    if (fault == Fault.SKIP && page.size() > 2) {
      page.remove(page.size() / 2);
    }
    if (fault == Fault.SHORT && page.size() > 2) {
      page.subList(page.size() / 2, page.size()).clear();
    }
    return fault == Fault.FAILURE || fault == Fault.REFUSAL
        ? null
        : page.stream().map(TradeWorld::past).toList();
  }

  private TradeHistory asked() {
    if (history == null) {
      throw new AssertionError("a history was requested that the exchange does not have");
    }
    return history;
  }

  private static List<Trade> newest(List<Trade> trades, long skipped) {
    int to = (int) Math.max(0, trades.size() - skipped);
    return trades.subList(Math.max(0, to - PAGE), to);
  }

  private static Trade past(Trade trade) {
    Trade copy =
        new Trade(trade.instrument())
            .set(
                trade.instrument(),
                trade.id(),
                trade.firstSequence(),
                trade.sequence(),
                trade.rank(),
                trade.side(),
                trade.count(),
                Origin.BACKFILL,
                trade.eventNs(),
                trade.receiveNs());
    copy.numbers().copyFrom(trade.numbers());
    return copy;
  }

  static long id(Trade trade) {
    return Long.parseLong(trade.id());
  }

  // The connection.

  public void subscribed() {
    continuity.onSubscribed(nowNanos);
  }

  public void disconnected() {
    continuity.onDisconnected();
  }

  /** The connection is lost, trades happen, and the stream is subscribed again. */
  public void interruption(int trades) {
    disconnected();
    unseen(trades);
    subscribed();
  }

  /** Time passes, and the history responds to requests. */
  public void passes(Duration time) {
    long until = nowNanos + time.toNanos();
    while (nowNanos < until) {
      long step = Math.min(until - nowNanos, answerOnce());
      nowNanos += step;
    }
  }

  /** Responds to one request; returns how long it takes until there is more to do. */
  private long answerOnce() {
    long second = Duration.ofSeconds(1).toNanos();
    continuity.tick(nowNanos);
    more = more && continuity.deliverHeld(nowNanos);
    if (more) {
      return Duration.ofMillis(1).toNanos();
    }
    if (!needed) {
      return second;
    }
    NextRequest next = continuity.nextRequest(nowNanos, START_NS + nowNanos);
    if (next instanceof NextRequest.Later later) {
      return Math.min(second, later.nanos());
    }
    if (!(next instanceof NextRequest.Page wanted)) {
      needed = false;
      return second;
    }
    pages++;
    answer(wanted.cursor());
    return Duration.ofMillis(5).toNanos();
  }

  /** Responds to one request, after something else has happened. */
  public void answerWhile(Runnable meanwhile) {
    NextRequest next = continuity.nextRequest(nowNanos, START_NS + nowNanos);
    meanwhile.run();
    if (next instanceof NextRequest.Page wanted) {
      answer(wanted.cursor());
    }
  }

  private void answer(long cursor) {
    Fault fault = faults.isEmpty() ? null : faults.get(0);
    List<Trade> page = page(cursor);
    if (page == null) {
      continuity.onNoPage("the response was " + fault, fault == Fault.REFUSAL, nowNanos);
      return;
    }
    if (damaged != null) {
      long wrong = damaged;
      continuity.onMalformedHistorical("field price of trade " + wrong + " is not a number");
      page = page.stream().filter(trade -> id(trade) != wrong).toList();
    }
    for (Trade trade : continuity.choose(page)) {
      continuity.onHistorical(trade, nowNanos);
    }
    continuity.onPageEnd(page, nowNanos);
  }

  // The results.

  @Override
  public void onTrade(Trade trade) {
    delivered.add(id(trade));
    origins.add(trade.origin());
  }

  @Override
  public void onDuplicate() {
    duplicates++;
  }

  @Override
  public void onHistoryNeeded() {
    needed = true;
  }

  @Override
  public void onHeldDue() {
    more = true;
  }

  @Override
  public void onGap(TradeGap gap) {
    gaps.add(gap);
  }

  @Override
  public void onSettled(TradeGap gap) {
    settled.add(gap);
  }

  /** The ids from one to another. */
  public static List<Long> ids(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  /** The ids that were reported as lost, in order. */
  public List<Long> lost() {
    return settled.stream()
        .flatMap(gap -> gap.losses().stream())
        .flatMap(
            loss ->
                ids(
                    Long.parseLong(String.valueOf(loss.from())),
                    Long.parseLong(String.valueOf(loss.to())))
                    .stream())
        .sorted(Comparator.naturalOrder())
        .toList();
  }

  /** The ids that were reported as missing, in order. */
  public List<Long> missing() {
    return settled.stream()
        .flatMap(
            gap ->
                ids(
                    Long.parseLong(String.valueOf(gap.from())),
                    Long.parseLong(String.valueOf(gap.to())))
                    .stream())
        .toList();
  }

  public LastTrade last() {
    LastTrade last = continuity.last();
    if (last == null) {
      throw new AssertionError("no trade was delivered");
    }
    return last;
  }
}
