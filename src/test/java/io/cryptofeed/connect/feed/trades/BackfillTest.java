package io.cryptofeed.connect.feed.trades;

import static io.cryptofeed.connect.feed.trades.HistoricalTrades.SECOND;
import static io.cryptofeed.connect.feed.trades.HistoricalTrades.page;
import static io.cryptofeed.connect.feed.trades.HistoricalTrades.timeNs;
import static io.cryptofeed.connect.feed.trades.HistoricalTrades.trade;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.feed.BackfillOptions;
import io.cryptofeed.connect.feed.TradeGap;
import io.cryptofeed.connect.feed.trades.Backfill.Step;
import io.cryptofeed.connect.feed.trades.Backfill.Verdict;
import io.cryptofeed.connect.feed.trades.TradeContinuity.NextRequest;
import io.cryptofeed.connect.market.Trade;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The decisions of a backfill: the last delivered trade is 100, and now it is 110 seconds. */
class BackfillTest {

  private static final int PAGE = 10;
  private static final long LAST = 100;
  private static final long NOW_NS = 110 * SECOND;
  private static final long GRACE = TradeContinuity.GRACE_NANOS;
  private static final long NONE_HELD = Long.MAX_VALUE;

  private final Reports reports = new Reports();

  private Backfill live(@Nullable Paging paging, Duration maxAge) {
    return backfill(paging, maxAge, null);
  }

  private Backfill backfill(
      @Nullable Paging paging, Duration maxAge, @Nullable StartingPoint start) {
    BackfillOptions options =
        new BackfillOptions(true, maxAge, null, null, Duration.ofMinutes(5), 10);
    TradeHistory history = paging == null ? null : new TradeHistory(paging, PAGE, Duration.ZERO);
    return new Backfill(history, options, start, new AheadTrades(), new Random(1), reports);
  }

  /** Trades 101 to 105 are missing. */
  private Backfill filling(@Nullable Paging paging) {
    Backfill backfill = live(paging, Duration.ofHours(1));
    backfill.miss(LAST + 1, 105, "a test", 0);
    return backfill;
  }

  private static NextRequest next(Backfill backfill, long nanoTime) {
    return backfill.nextRequest(nanoTime, NOW_NS, LAST, timeNs(LAST), 106, 2);
  }

  @Test
  void requests_nothing_while_nothing_is_missing() {
    Backfill backfill = live(Paging.FROM_ID, Duration.ofHours(1));

    assertThat(backfill.isIdle()).isTrue();
    assertThat(next(backfill, GRACE)).isEqualTo(NextRequest.NONE);
  }

  @Test
  void waits_for_late_trades_before_it_reports_and_requests_missing_ones() {
    Backfill backfill = filling(Paging.FROM_ID);

    assertThat(backfill.isIdle()).isFalse();
    assertThat(next(backfill, 1)).isEqualTo(new NextRequest.Later(GRACE - 1));
    assertThat(reports.gaps).isEmpty();
    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Page(101));
    assertThat(reports.gaps)
        .singleElement()
        .satisfies(gap -> assertThat(gap.to()).isEqualTo("105"));
  }

  @Test
  void does_not_report_a_gap_that_late_trades_have_closed() {
    Backfill backfill = filling(Paging.FROM_ID);
    backfill.recover(101, 105);

    assertThat(backfill.closeAt(104)).isFalse();
    assertThat(backfill.closeAt(105)).isTrue();
    assertThat(backfill.isIdle()).isTrue();
    assertThat(reports.gaps).isEmpty();
    assertThat(reports.settled).isEmpty();
  }

  @Test
  void takes_the_trades_of_a_page_in_order_up_to_the_held_ones() {
    Backfill backfill = filling(Paging.FROM_ID);
    next(backfill, GRACE);
    backfill.choose(page(100, 106));

    assertThat(backfill.judge(trade(100), LAST, 106, GRACE)).isEqualTo(Verdict.SKIP);
    assertThat(backfill.judge(trade(101), LAST, 106, GRACE)).isEqualTo(Verdict.NEXT);
    assertThat(backfill.judge(trade(106), 105, 106, GRACE)).isEqualTo(Verdict.SKIP);
  }

  @Test
  void gives_up_a_trade_that_three_pages_in_a_row_have_skipped() {
    Backfill backfill = filling(Paging.FROM_ID);
    next(backfill, GRACE);

    assertThat(skipsTo(backfill, 103)).isEqualTo(new Step.Nothing());
    assertThat(skipsTo(backfill, 103)).isEqualTo(new Step.Nothing());
    assertThat(skipsTo(backfill, 103))
        .isInstanceOfSatisfying(Step.Lose.class, lost -> assertThat(lost.to()).isEqualTo(102));
  }

  /** A page begins with a trade after the next one. */
  private static Step skipsTo(Backfill backfill, long first) {
    List<Trade> page = page(first, first + PAGE - 1);
    for (Trade trade : backfill.choose(page)) {
      assertThat(backfill.judge(trade, LAST, NONE_HELD, GRACE)).isEqualTo(Verdict.SKIP);
    }
    return backfill.conclude(page, LAST, 105, GRACE);
  }

  @Test
  void loses_what_is_before_the_newest_page_of_a_history_that_has_no_other() {
    Backfill backfill = filling(Paging.NEWEST);
    next(backfill, GRACE);

    Verdict verdict = backfill.judge(trade(103), LAST, 106, GRACE);
    assertThat(verdict).isEqualTo(Verdict.NEXT_AFTER_NOT_REACHED);
    assertThat(verdict.lossReason()).contains("does not reach back");
  }

  @Test
  void searches_by_bisection_for_the_first_trade_that_is_not_too_old() {
    Backfill backfill = live(Paging.FROM_ID, Duration.ofSeconds(6));
    backfill.miss(LAST + 1, 107, "a test", 0);

    // Trades that are younger than 6 s begin with 104.
    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Page(104));
    assertThat(backfill.choose(page(104, 104))).isEmpty();
    assertThat(backfill.conclude(page(104, 104), LAST, 107, GRACE)).isEqualTo(new Step.Nothing());
    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Page(102));
    Step step = backfill.conclude(page(102, 104), LAST, 107, GRACE);

    assertThat(step)
        .isInstanceOfSatisfying(
            Step.Lose.class,
            lost -> {
              assertThat(lost.to()).isEqualTo(103);
              assertThat(lost.reason()).contains("backfill.max.age");
            });
  }

  @Test
  void searches_by_time_with_the_first_page_from_that_time() {
    Backfill backfill = live(Paging.FROM_TIME, Duration.ofSeconds(6));
    backfill.miss(LAST + 1, 107, "a test", 0);

    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Page(timeNs(104)));
    assertThat(backfill.isSearchingByTime()).isTrue();
    assertThat(backfill.judge(trade(104), LAST, 108, GRACE)).isEqualTo(Verdict.NEXT_AFTER_TOO_OLD);
    assertThat(backfill.isSearchingByTime()).isFalse();
  }

  @Test
  void a_refused_bisection_goes_on_above_the_refused_id() {
    Backfill backfill = live(Paging.FROM_ID, Duration.ofSeconds(6));
    backfill.miss(LAST + 1, 107, "a test", 0);
    next(backfill, GRACE);

    assertThat(backfill.fail("not that far back", true, GRACE)).isEqualTo(new Step.Nothing());
    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Page(106));
  }

  @Test
  void gives_up_after_three_refusals() {
    Backfill backfill = filling(Paging.FROM_ID);
    next(backfill, GRACE);

    assertThat(backfill.fail("unknown symbol", true, GRACE)).isEqualTo(new Step.Nothing());
    assertThat(backfill.fail("unknown symbol", true, GRACE)).isEqualTo(new Step.Nothing());
    assertThat(backfill.fail("unknown symbol", true, GRACE))
        .isInstanceOfSatisfying(
            Step.GiveUp.class, end -> assertThat(end.reason()).endsWith("unknown symbol"));
  }

  @Test
  void gives_up_when_the_retry_budget_is_spent() {
    Backfill backfill = filling(Paging.FROM_ID);

    assertThat(backfill.fail("HTTP 503", false, GRACE)).isEqualTo(new Step.Nothing());
    assertThat(next(backfill, GRACE)).isInstanceOf(NextRequest.Later.class);
    assertThat(backfill.fail("HTTP 503", false, GRACE + 299 * SECOND))
        .isEqualTo(new Step.Nothing());
    assertThat(backfill.fail("HTTP 503", false, GRACE + 300 * SECOND))
        .isInstanceOf(Step.GiveUp.class);
  }

  @Test
  void without_a_history_late_trades_have_seconds_to_arrive() {
    Backfill backfill = filling(null);
    long grace = TradeContinuity.GRACE_WITHOUT_HISTORY_NANOS;

    assertThat(next(backfill, GRACE)).isEqualTo(new NextRequest.Later(grace - GRACE));
    assertThat(backfill.isOverdue(grace - 1)).isFalse();
    assertThat(backfill.isOverdue(grace)).isTrue();
    assertThat(backfill.stop(105)).isEqualTo(105);
  }

  @Test
  void a_comparison_is_complete_when_the_history_has_nothing_newer() {
    Backfill backfill = live(Paging.FROM_ID, Duration.ofHours(1));
    backfill.compare();

    assertThat(backfill.isIdle()).isTrue();
    assertThat(next(backfill, 0)).isEqualTo(new NextRequest.Page(101));
    assertThat(backfill.conclude(List.of(), LAST, LAST, 0)).isEqualTo(new Step.Complete());
    assertThat(next(backfill, 0)).isEqualTo(NextRequest.NONE);
  }

  @Test
  void a_comparison_that_finds_a_newer_trade_fills_a_gap_up_to_the_end_of_the_history() {
    Backfill backfill = live(Paging.FROM_ID, Duration.ofHours(1));
    backfill.compare();
    next(backfill, 0);

    assertThat(backfill.judge(trade(101), LAST, NONE_HELD, 0)).isEqualTo(Verdict.NEXT);
    backfill.recover(101, 101);
    assertThat(backfill.isIdle()).isFalse();
    assertThat(backfill.conclude(page(101, 101), 101, LAST, 0)).isEqualTo(new Step.Complete());
    assertThat(backfill.closeAt(101)).isTrue();
    assertThat(reports.settled)
        .singleElement()
        .satisfies(gap -> assertThat(gap.recovered()).isEqualTo(1));
  }

  @Test
  void a_starting_point_in_the_past_is_searched_from_the_first_live_trade_back() {
    StartingPoint start = new StartingPoint(Duration.ofSeconds(20), 0, Trade.NO_SEQUENCE);
    Backfill backfill = backfill(Paging.FROM_TIME, Duration.ofHours(1), start);

    assertThat(backfill.startAt(105, 0)).isEqualTo(Trade.NO_SEQUENCE);
    assertThat(backfill.nextRequest(GRACE, NOW_NS, -1, 0, 105, 2))
        .isEqualTo(new NextRequest.Page(timeNs(90)));
    assertThat(backfill.judge(trade(89), -1, 105, GRACE)).isEqualTo(Verdict.SKIP);
    assertThat(backfill.judge(trade(90), -1, 105, GRACE)).isEqualTo(Verdict.NEXT);
    backfill.begin(90, 104, GRACE);
    assertThat(reports.gaps)
        .singleElement()
        .satisfies(gap -> assertThat(gap.missing()).isEqualTo(15));
  }

  @Test
  void a_starting_point_without_older_trades_leaves_later_gaps_alone() {
    StartingPoint start = new StartingPoint(Duration.ofSeconds(1), 0, Trade.NO_SEQUENCE);
    Backfill backfill = backfill(Paging.FROM_TIME, Duration.ofHours(1), start);
    backfill.startAt(LAST, 0);
    backfill.nextRequest(GRACE, NOW_NS, -1, 0, LAST, 2);
    assertThat(backfill.conclude(List.of(), -1, LAST - 1, GRACE)).isEqualTo(new Step.Begin(LAST));
    backfill.begin(LAST, LAST - 1, GRACE);

    backfill.miss(LAST + 1, 105, "a test", GRACE);
    next(backfill, 2 * GRACE);
    // A page that skips the first missing trade is requested again: it is not called too old.
    assertThat(skipsTo(backfill, 103)).isEqualTo(new Step.Nothing());
  }

  @Test
  void an_instrument_begins_with_its_first_live_trade_if_the_history_fails() {
    StartingPoint start = new StartingPoint(Duration.ofSeconds(20), 0, Trade.NO_SEQUENCE);
    Backfill backfill = backfill(Paging.FROM_ID, Duration.ofHours(1), start);
    backfill.startAt(105, 0);
    backfill.nextRequest(GRACE, NOW_NS, -1, 0, 105, 2);
    backfill.fail("HTTP 503", false, GRACE);

    assertThat(backfill.fail("HTTP 503", false, GRACE + 300 * SECOND))
        .isEqualTo(new Step.Begin(105));
    assertThat(reports.settled)
        .singleElement()
        .satisfies(gap -> assertThat(gap.losses().get(0).to()).isEqualTo("105"));
  }

  /** What a backfill reports. */
  private static final class Reports implements TradeContinuity.Owner {

    private final List<TradeGap> gaps = new ArrayList<>();
    private final List<TradeGap> settled = new ArrayList<>();

    @Override
    public void onTrade(Trade trade) {
      throw new AssertionError("a backfill delivers nothing");
    }

    @Override
    public void onDuplicate() {
      throw new AssertionError("a backfill drops nothing");
    }

    @Override
    public void onHistoryNeeded() {}

    @Override
    public void onHeldDue() {
      throw new AssertionError("a backfill holds nothing");
    }

    @Override
    public void onGap(TradeGap gap) {
      gaps.add(gap);
    }

    @Override
    public void onSettled(TradeGap gap) {
      settled.add(gap);
    }
  }
}
