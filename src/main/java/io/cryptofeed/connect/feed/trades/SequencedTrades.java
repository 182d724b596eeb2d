package io.cryptofeed.connect.feed.trades;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.HeldTradesLimit;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.TradeGap.Loss;
import io.cryptofeed.connect.market.LastTrade;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The trades of an instrument whose numbers are consecutive, so that a missing number is a missing
 * trade. Every number is passed once: its trade is handed on, or it is reported as lost.
 */
public final class SequencedTrades implements TradeContinuity {

  /** A stream that stays silent so long after subscribing is compared with the history. */
  private static final long QUIET_NANOS = TimeUnit.SECONDS.toNanos(5);

  /** The stream may be so far behind the venue's word of its newest trade. */
  private static final long BEHIND_NANOS = TimeUnit.SECONDS.toNanos(2);

  /** History may lag behind the stream for so long. */
  private static final long LAG_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** A page may have skipped trades by mistake; one that does so again and again has not. */
  private static final int HOLES_BEFORE_LOST = 3;

  private static final int REFUSALS_BEFORE_LOST = 3;

  /** Trades with lower numbers, but so much younger, belong to a new numbering. */
  private static final long NUMBERED_ANEW_NANOS = TimeUnit.MINUTES.toNanos(1);

  private static final int NUMBERED_ANEW_TRADES = 3;

  private static final String NOT_REACHED = "the exchange's history does not reach back so far";

  private static final long NONE = Trade.NO_SEQUENCE;

  private final @Nullable HistoryPages pages;
  private final BackfillOptions options;
  private final Owner owner;
  private final HeldTrades held;
  private final RetryBudget failures;
  private final RetryBudget lags;

  /** The last number that was passed. */
  private long last = NONE;

  private String lastId = "";
  private long lastEventNs;

  /** The highest number that the venue has told of. */
  private long newest = NONE;

  /** How far back an instrument begins that has no number yet; null where it just begins. */
  private @Nullable Duration beginAge;

  /** The same as a time, nanoseconds since the epoch; 0 where it is told by its age. */
  private long beginNs;

  /** Whether it would have to begin earlier than history is asked. */
  private boolean beginsTooLate;

  /** The number with which it begins; {@link Trade#NO_SEQUENCE} where that is not told. */
  private long beginId = NONE;

  /** The first number that the stream told while the instrument had not begun. */
  private long firstLive = NONE;

  private @Nullable MissingTrades missing;
  private @Nullable IdBisection search;

  /** Trades before are too old, where history is asked by time. */
  private long floorNs;

  private int holes;
  private int refusals;

  private boolean comparing;
  private boolean subscribed;
  private boolean verified;
  private long subscribedAtNanos;
  private long announcedNewest = NONE;
  private long announcedAtNanos;
  private final List<Trade> numberedAnew = new ArrayList<>();

  private boolean progress;
  private boolean dated;

  /** Whether live trades wait that could be handed on. */
  private boolean draining;

  private long hole = NONE;
  private boolean closed;

  /**
   * @param history what the venue has; null where it has none, or where it is not to be asked
   * @param resume the last trade that is in Kafka; null where there is none
   * @param limit how many live trades may wait
   * @param random jitter
   */
  public SequencedTrades(
      @Nullable TradeHistory history,
      BackfillOptions options,
      @Nullable LastTrade resume,
      HeldTradesLimit limit,
      RandomGenerator random,
      Owner owner) {
    pages = history == null ? null : new HistoryPages(history);
    this.options = options;
    this.owner = owner;
    held = new HeldTrades(limit);
    failures = new RetryBudget(options.patience().toNanos(), random);
    lags = new RetryBudget(Math.min(LAG_NANOS, options.patience().toNanos()), random);
    begin(resume);
  }

  private void begin(@Nullable LastTrade resume) {
    if (resume == null) {
      beginAge = options.initialAge();
      Long id = options.initialId();
      beginId = id == null ? NONE : id;
    } else if (resume.sequence() == NONE) {
      beginNs = resume.eventNs();
    } else {
      last = resume.sequence();
      lastId = resume.id();
      lastEventNs = resume.eventNs();
    }
  }

  // The stream.

  @Override
  public void onTrade(Trade trade, long nowNanos) {
    if (trade.sequence() > newest) {
      newest = trade.sequence();
    }
    if (trade.firstSequence() == last + 1 && last != NONE && missing == null) {
      verified = true;
      handOn(trade);
    } else if (last == NONE) {
      onFirst(trade, nowNanos);
    } else if (trade.sequence() <= last) {
      onOld(trade, nowNanos);
    } else {
      onEarly(trade, nowNanos);
    }
  }

  private void onFirst(Trade trade, long nowNanos) {
    if (pages != null && beginId != NONE && beginId < trade.firstSequence()) {
      last = beginId - 1;
      onEarly(trade, nowNanos);
    } else if (pages == null || (beginAge == null && beginNs == 0)) {
      verified = true;
      handOn(trade);
    } else {
      // Where there is no room for it, it is fetched like those before it.
      held.add(trade);
      if (missing == null) {
        firstLive = trade.firstSequence();
        missing = new MissingTrades(0, MissingTrades.OPEN_END, nowNanos, "");
        owner.onHistoryNeeded();
      }
    }
  }

  private void onOld(Trade trade, long nowNanos) {
    verified |= trade.sequence() == last;
    boolean younger =
        trade.origin() == Origin.STREAM
            && (lastEventNs == 0 || trade.eventNs() - lastEventNs > NUMBERED_ANEW_NANOS);
    if (!younger) {
      numberedAnew.clear();
      owner.onDuplicate();
      return;
    }
    if (!numberedAnew.isEmpty()
        && trade.firstSequence() <= numberedAnew.get(numberedAnew.size() - 1).sequence()) {
      numberedAnew.clear();
    }
    numberedAnew.add(trade.copy());
    if (numberedAnew.size() == NUMBERED_ANEW_TRADES) {
      beginAnew(nowNanos);
    }
  }

  /** A test network that was reset, say. */
  private void beginAnew(long nowNanos) {
    Trade first = numberedAnew.get(0);
    String reason =
        "the exchange numbers its trades anew: after "
            + last
            + " came "
            + first.sequence()
            + ", which is younger; nobody can say what is missing between them";
    if (missing != null) {
      giveUp(reason, nowNanos);
    }
    held.clear();
    missing = null;
    reportUnknown(Long.toString(last), Long.toString(first.firstSequence()), reason);
    last = first.firstSequence() - 1;
    newest = last;
    List<Trade> trades = List.copyOf(numberedAnew);
    numberedAnew.clear();
    trades.forEach(trade -> onTrade(trade, nowNanos));
  }

  /** A trade before which some are missing, or one of those that were. */
  private void onEarly(Trade trade, long nowNanos) {
    numberedAnew.clear();
    // An aggregate of which a part is passed already is left to the history, which has its parts.
    boolean whole = trade.firstSequence() > last || pages == null;
    HeldTrades.Added added = whole ? held.add(trade) : HeldTrades.Added.YES;
    open(nowNanos, "the trade numbers have a gap");
    if (added == HeldTrades.Added.TWICE) {
      owner.onDuplicate();
    } else if (added == HeldTrades.Added.NO_ROOM && !reachesBack()) {
      giveUp("more live trades came than may wait for them", nowNanos);
      drain(Integer.MAX_VALUE, nowNanos);
      if (last != NONE && trade.sequence() > last) {
        lose(trade.firstSequence() - 1, "more live trades came than may wait for them");
        handOn(trade);
      }
    }
    if (!draining) {
      drain(PORTION, nowNanos);
    }
  }

  /** Whether what is dropped now can be fetched later. */
  private boolean reachesBack() {
    return pages != null && !isNewestOnly();
  }

  @Override
  public void onNewest(long sequence, long nowNanos) {
    if (sequence == NONE || last == NONE || sequence <= newest) {
      announcedNewest = NONE;
    } else if (announcedNewest == NONE) {
      announcedNewest = sequence;
      announcedAtNanos = nowNanos;
    } else if (announcedNewest > newest && nowNanos - announcedAtNanos > BEHIND_NANOS) {
      newest = announcedNewest;
      announcedNewest = NONE;
      open(nowNanos, "the exchange tells of newer trades than it has sent");
    }
  }

  @Override
  public void onSubscribed(long nowNanos) {
    subscribed = true;
    subscribedAtNanos = nowNanos;
  }

  @Override
  public void onDisconnected() {
    subscribed = false;
    verified = false;
  }

  @Override
  public void tick(long nowNanos) {
    boolean isQuiet =
        subscribed && !verified && last != NONE && nowNanos - subscribedAtNanos > QUIET_NANOS;
    if (isQuiet && pages != null && missing == null && !comparing) {
      comparing = true;
      owner.onHistoryNeeded();
    }
  }

  // What is missing.

  /** The number before which the next missing trades end. */
  private long end() {
    Trade first = held.first();
    return first == null ? newest : first.firstSequence() - 1;
  }

  private void open(long nowNanos, String reason) {
    if (missing == null && end() > last) {
      missing = new MissingTrades(last + 1, end(), nowNanos, reason);
      owner.onHistoryNeeded();
    } else if (missing != null && last != NONE) {
      missing.endAt(end());
    }
  }

  private void handOn(Trade trade) {
    pass(trade.sequence(), null);
    lastId = trade.id();
    lastEventNs = trade.eventNs();
    owner.onTrade(trade);
  }

  private void lose(long to, String reason) {
    if (to > last) {
      pass(to, reason);
      lastId = Long.toString(to);
    }
  }

  /** Every number of a gap comes by here once: with a trade, or lost. */
  private void pass(long to, @Nullable String lostBecause) {
    if (missing != null && last != NONE) {
      if (lostBecause == null) {
        missing.come(last + 1, to);
      } else {
        missing.lost(last + 1, to, lostBecause);
      }
    }
    last = to;
  }

  private void drain(long nowNanos) {
    drain(PORTION, nowNanos);
  }

  /** Hands on live trades that need not wait any more, and closes what is not missing now. */
  private void drain(int most, long nowNanos) {
    int left = most;
    while (isFirstDue() && left-- > 0) {
      Trade first = held.removeFirst();
      if (first.sequence() <= last) {
        owner.onDuplicate();
      } else if (first.firstSequence() == last + 1 || pages == null) {
        handOn(first);
      }
    }
    boolean goesOn = draining;
    draining = isFirstDue();
    if (draining && !goesOn) {
      owner.onMoreToHandOn();
    }
    settle(nowNanos);
  }

  @Override
  public boolean handOnMore(long nowNanos) {
    if (!closed) {
      drain(PORTION, nowNanos);
    }
    return draining && !closed;
  }

  /** Whether the first of the trades that wait need not wait any more. */
  private boolean isFirstDue() {
    Trade first = held.first();
    return last != NONE && first != null && first.firstSequence() <= last + 1;
  }

  private void settle(long nowNanos) {
    if (last == NONE) {
      return;
    }
    if (missing != null && last >= missing.end()) {
      close(missing);
    }
    if (missing == null && newest > last) {
      open(nowNanos, "the trade numbers have a gap");
    }
  }

  private void close(MissingTrades gap) {
    missing = null;
    search = null;
    floorNs = 0;
    if (pages != null) {
      pages.forget();
    }
    refusals = 0;
    comparing = false;
    verified = true;
    failures.renew();
    lags.renew();
    if (gap.announced) {
      owner.onSettled(gap.gap());
    }
  }

  private void giveUp(String reason, long nowNanos) {
    search = null;
    if (last == NONE) {
      reportUnknown(null, Long.toString(firstLive), reason);
      beginAt(firstLive);
    } else if (missing != null) {
      missing.endAt(Math.max(last, end()));
      MissingTrades gap = missing;
      announce(gap);
      while (missing == gap) {
        lose(Math.min(gap.end(), end()), reason);
        drain(nowNanos);
      }
    }
    drain(nowNanos);
  }

  private void reportUnknown(@Nullable String from, String to, String reason) {
    TradeGap unknown =
        new TradeGap(from, to, null, 0, List.of(new Loss(from, to, null, reason)), reason);
    owner.onGap(unknown);
    owner.onSettled(unknown);
  }

  private void announce(MissingTrades gap) {
    if (!gap.announced && !gap.isOpen()) {
      gap.announced = true;
      owner.onGap(gap.gap());
    }
  }

  // The history.

  @Override
  public Ask ask(long nowNanos, long nowNs) {
    MissingTrades gap = missing;
    if (closed || (gap == null && !comparing)) {
      return Ask.NOTHING;
    }
    if (pages == null) {
      return askNobody(nowNanos);
    }
    if (gap != null && nowNanos - gap.openedAtNanos() < GRACE_NANOS && !comparing) {
      return new Ask.Later(GRACE_NANOS - (nowNanos - gap.openedAtNanos()));
    }
    long wait = Math.max(failures.waitNanos(nowNanos), lags.waitNanos(nowNanos));
    if (wait > 0) {
      return new Ask.Later(wait);
    }
    if (gap != null) {
      announce(gap);
      prepare(gap, pages, nowNs);
    }
    if (comparing && gap == null && isTooOld(pages, nowNs)) {
      // The next live trade will show what is missing.
      comparing = false;
      return Ask.NOTHING;
    }
    long from = search == null ? last + 1 : search.probe();
    return new Ask.Page(pages.cursor(from, newest, lastEventNs, floorNs));
  }

  /** Late trades may come, and then no more. */
  private Ask askNobody(long nowNanos) {
    comparing = false;
    if (missing == null) {
      return Ask.NOTHING;
    }
    announce(missing);
    long wait = GRACE_WITHOUT_HISTORY_NANOS - (nowNanos - missing.openedAtNanos());
    if (wait > 0) {
      return new Ask.Later(wait);
    }
    giveUp(
        options.enabled()
            ? "the missing trades did not come, and the exchange has no history of them"
            : "the missing trades did not come, and backfill.enabled is false",
        nowNanos);
    return ask(nowNanos, 0);
  }

  /** Where the wanted trades begin at a time, their place has to be found. */
  private void prepare(MissingTrades gap, HistoryPages asked, long nowNs) {
    if (gap.searched) {
      return;
    }
    boolean begins = last == NONE;
    boolean isOld = isUndated() ? asked.isByTime() : isTooOld(asked, nowNs);
    if (!begins && (!isOld || gap.isOpen())) {
      return;
    }
    gap.searched = true;
    long oldestNs = nowNs - asked.reach(options.maxAge()).toNanos();
    long fromNs = begins ? Math.max(oldestNs, beginTime(nowNs)) : oldestNs;
    beginsTooLate = begins && beginTime(nowNs) < oldestNs;
    if (asked.isByTime() || asked.isNewestOnly()) {
      floorNs = fromNs;
    } else {
      search =
          begins
              ? new IdBisection(0, firstLive, fromNs)
              : new IdBisection(last + 1, gap.end() + 1, fromNs);
    }
  }

  /** An operator may have set the number of the last trade, and not its time. */
  private boolean isUndated() {
    return last != NONE && lastEventNs == 0;
  }

  private long beginTime(long nowNs) {
    return beginAge == null ? beginNs : nowNs - beginAge.toNanos();
  }

  private boolean isTooOld(HistoryPages asked, long nowNs) {
    return lastEventNs > 0 && lastEventNs < nowNs - asked.reach(options.maxAge()).toNanos();
  }

  @Override
  public List<Trade> choose(List<Trade> page) {
    if (pages != null && !page.isEmpty()) {
      pages.answered(page);
      boolean beginsLate = last == NONE && floorNs > 0 && page.get(0).eventNs() > floorNs;
      if (isNewestOnly() && beginsLate) {
        reportUnknown(null, page.get(0).id(), NOT_REACHED);
      }
      if (isUndated() && floorNs == 0) {
        // How old they are has to be known before any is handed on.
        lastEventNs = page.get(0).eventNs();
        dated = true;
      }
    }
    return search == null && !dated ? page : List.of();
  }

  private boolean isNewestOnly() {
    return pages != null && pages.isNewestOnly();
  }

  @Override
  public void onPast(Trade trade, long nowNanos) {
    if (closed || search != null || hole != NONE || (missing == null && !comparing)) {
      return;
    }
    boolean begins = last == NONE;
    if (trade.sequence() <= last || (begins && trade.eventNs() < floorNs)) {
      return;
    }
    long live = begins ? firstLive : end() + 1;
    if (trade.sequence() >= live && (begins || !held.isEmpty())) {
      hole = live - 1;
      return;
    }
    boolean isBehindHole = !begins && trade.firstSequence() > last + 1;
    if (isBehindHole && floorNs == 0 && !isNewestOnly()) {
      hole = trade.firstSequence() - 1;
      return;
    }
    if (begins) {
      beginAt(trade.firstSequence());
    } else if (missing == null) {
      missing =
          new MissingTrades(
              last + 1, MissingTrades.OPEN_END, nowNanos, "the stream began behind the last trade");
    }
    if (isBehindHole) {
      lose(trade.firstSequence() - 1, floorNs > 0 ? tooOld() : NOT_REACHED);
    }
    floorNs = 0;
    progress = true;
    if (missing != null) {
      // One page may fill several gaps, of which only the first was told when it was asked for.
      announce(missing);
    }
    handOn(trade);
    drain(nowNanos);
  }

  private static String tooOld() {
    return "older than backfill.max.age, or than what the exchange keeps";
  }

  /** What an instrument begins with is not missing, but wanted like what is. */
  private void beginAt(long first) {
    if (beginsTooLate) {
      beginsTooLate = false;
      reportUnknown(null, Long.toString(first), tooOld());
    }
    last = first - 1;
    beginAge = null;
    beginNs = 0;
    missing = null;
    if (end() >= first) {
      missing = new MissingTrades(first, end(), 0, "the instrument begins in the past");
      missing.searched = true;
      announce(missing);
    }
  }

  @Override
  public void onPageEnd(List<Trade> page, long nowNanos) {
    HistoryPages asked = pages;
    if (closed || asked == null) {
      return;
    }
    failures.renew();
    refusals = 0;
    if (dated) {
      dated = false;
    } else if (search != null) {
      search.take(page);
      concludeSearch(nowNanos);
    } else if (missing != null || comparing) {
      concludePage(page, asked, nowNanos);
    }
    progress = false;
    hole = NONE;
  }

  private void concludeSearch(long nowNanos) {
    IdBisection done = search;
    if (done == null || !done.isDone()) {
      return;
    }
    search = null;
    if (last == NONE) {
      beginAt(done.probe());
    } else {
      lose(done.probe() - 1, tooOld());
    }
    drain(nowNanos);
  }

  private void concludePage(List<Trade> page, HistoryPages asked, long nowNanos) {
    boolean isFull = asked.isFull(page);
    if (progress) {
      holes = 0;
      asked.fitted();
      lags.renew();
      if (comparing && !isFull) {
        compared(nowNanos);
      }
    } else if (last == NONE) {
      // There is nothing between the time to begin with and the stream.
      beginAt(firstLive);
      drain(nowNanos);
    } else if (asked.isShifted(page, last)) {
      // The next page is asked for where it is now.
      return;
    } else if (hole != NONE) {
      asked.missed();
      onHole(nowNanos);
    } else if (comparing) {
      compared(nowNanos);
    } else if (isFull && asked.isByTime()) {
      asked.pass(page.get(page.size() - 1).eventNs());
    } else if (!lags.tryAgain(nowNanos)) {
      giveUp("the exchange's history has not got them", nowNanos);
    }
  }

  private void onHole(long nowNanos) {
    holes++;
    if (!isNewestOnly() && holes < HOLES_BEFORE_LOST) {
      lags.tryAgain(nowNanos);
      return;
    }
    holes = 0;
    lags.renew();
    MissingTrades gap = missing;
    if (gap == null) {
      gap = new MissingTrades(last + 1, hole, nowNanos, "the stream began behind the last trade");
      missing = gap;
    }
    gap.endAt(hole);
    announce(gap);
    lose(
        Math.min(hole, gap.end()),
        isNewestOnly() ? NOT_REACHED : "the exchange's history does not have them");
    drain(nowNanos);
  }

  /** The history has nothing more than the stream. */
  private void compared(long nowNanos) {
    comparing = false;
    verified = true;
    if (missing != null && missing.isOpen()) {
      missing.endAt(Math.max(last, end()));
      announce(missing);
      drain(nowNanos);
    }
  }

  @Override
  public void onNoPage(String reason, boolean refused, long nowNanos) {
    boolean goesOn = failures.tryAgain(nowNanos);
    if (closed || (missing == null && !comparing)) {
      return;
    }
    if (refused && search != null) {
      failures.renew();
      search.nothingThere();
      concludeSearch(nowNanos);
      return;
    }
    refusals += refused ? 1 : 0;
    if (goesOn && refusals < REFUSALS_BEFORE_LOST) {
      return;
    }
    refusals = 0;
    failures.renew();
    if (missing == null) {
      // Nothing is known to be missing: the next live trade will show.
      comparing = false;
    } else {
      if (comparing) {
        compared(nowNanos);
      }
      giveUp("the exchange's history cannot be had: " + reason, nowNanos);
    }
  }

  @Override
  public @Nullable LastTrade last() {
    return last == NONE ? null : new LastTrade(lastId, last, lastEventNs);
  }

  @Override
  public void close() {
    closed = true;
    held.clear();
    missing = null;
  }
}
