package io.cryptofeed.connect.book;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.SnapshotReason;
import java.math.BigDecimal;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Books of every kind of venue in storms of faults, made up at random from a seed: messages are
 * dropped, doubled, reordered and cut short, snapshots come late, stale, or not at all. Whatever
 * happens, what is published is the venue's true book at that moment, and after the storm the book
 * is right again.
 */
class BookSynchronizerFaultsTest {

  private static final int STORMS = 30;
  private static final int MANY_STORMS = 1_000;
  private static final int MESSAGES = 400;

  /** The kinds of venue, by their rules. */
  private enum Venue {
    RANGES_OVER_REST(new BookRules(Source.REST, Link.STEP_OVERLAP)),
    PREVIOUS_OVER_REST(new BookRules(Source.REST, Link.PREVIOUS)),
    PREVIOUS_IN_STREAM(new BookRules(Source.STREAM, Link.PREVIOUS)),
    PREVIOUS_IN_STREAM_OR_REST(new BookRules(Source.STREAM_OR_REST, Link.PREVIOUS)),
    PREVIOUS_BY_REQUEST(new BookRules(Source.REQUEST, Link.PREVIOUS)),
    STEPS_IN_STREAM(new BookRules(Source.STREAM, Link.STEP, 0, 0, 1, null)),
    CHECKSUM(
        new BookRules(
            Source.STREAM,
            Link.NONE,
            10,
            0,
            -1,
            new ChecksumRule(ChecksumRule.Form.DIGITS, 10, null)));

    private final BookRules rules;

    Venue(BookRules rules) {
      this.rules = rules;
    }

    private boolean isStepped() {
      return rules.link() == Link.STEP || rules.link() == Link.STEP_OVERLAP;
    }
  }

  /** A book as it truly is, its history, and the messages that tell it. */
  private static final class Market {

    private final Random random;
    private final Venue venue;
    private final TreeMap<Integer, Integer> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<Integer, Integer> asks = new TreeMap<>();
    private final Map<Long, String> history = new HashMap<>();
    private final Map<Integer, String> byChecksum = new HashMap<>();
    private long sequence = 1_000;

    private Market(Random random, Venue venue) {
      this.random = random;
      this.venue = venue;
      for (int i = 0; i < 15; i++) {
        bids.put(500 - i, 1 + i);
        asks.put(501 + i, 1 + i);
      }
      remember();
    }

    private void remember() {
      history.put(sequence, text(bids, asks, depth()));
      byChecksum.put(checksum(), text(bids, asks, depth()));
    }

    private int depth() {
      return venue.rules.depth() == 0 ? Integer.MAX_VALUE : venue.rules.depth();
    }

    private int checksum() {
      OrderBook book = new OrderBook();
      try {
        book.apply(snapshot());
      } catch (InvalidBookException e) {
        throw new IllegalStateException(e);
      }
      return new BookChecksum(new ChecksumRule(ChecksumRule.Form.DIGITS, 10, null))
          .compute(book.bidSide(), book.askSide());
    }

    private BookUpdate snapshot() {
      Updates updates = Updates.snapshot(numbered(sequence));
      top(bids).forEach((price, size) -> updates.bid(price.toString(), size.toString()));
      top(asks).forEach((price, size) -> updates.ask(price.toString(), size.toString()));
      return updates.get();
    }

    private Map<Integer, Integer> top(TreeMap<Integer, Integer> side) {
      TreeMap<Integer, Integer> top = new TreeMap<>(side.comparator());
      side.entrySet().stream()
          .limit(depth())
          .forEach(level -> top.put(level.getKey(), level.getValue()));
      return top;
    }

    private long numbered(long number) {
      return venue.rules.link() == Link.NONE ? BookUpdate.NO_SEQUENCE : number;
    }

    private BookUpdate signed(BookUpdate update) {
      return venue.rules.checksum() == null
          ? update
          : update.withChecksum(Integer.toUnsignedLong(checksum()));
    }

    private BookUpdate next() {
      long previous = sequence;
      int step = venue.isStepped() && venue.rules.link() == Link.STEP ? 1 : 1 + random.nextInt(5);
      sequence += step;
      Map<Integer, Integer> bidsBefore = top(bids);
      Map<Integer, Integer> asksBefore = top(asks);
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        change();
      }
      Updates updates =
          Updates.delta(
              venue.isStepped() ? numbered(previous + 1) : BookUpdate.NO_SEQUENCE,
              numbered(sequence));
      tell(bidsBefore, top(bids), updates, true);
      tell(asksBefore, top(asks), updates, false);
      BookUpdate update = updates.get();
      if (venue.rules.link() == Link.PREVIOUS) {
        update.follow(previous);
      }
      remember();
      return signed(update);
    }

    private void change() {
      boolean bid = random.nextBoolean();
      TreeMap<Integer, Integer> side = bid ? bids : asks;
      int best = bid ? asks.firstKey() - 1 : bids.firstKey() + 1;
      int price = bid ? best - random.nextInt(14) : best + random.nextInt(14);
      if (random.nextInt(3) == 0 && side.size() > 3) {
        side.remove(price);
      } else {
        side.put(price, 1 + random.nextInt(900));
      }
    }

    /** A venue with a window does not say which levels fall out of it. */
    private void tell(
        Map<Integer, Integer> before, Map<Integer, Integer> after, Updates to, boolean bid) {
      List<String[]> changes = new ArrayList<>();
      after.forEach(
          (price, size) -> {
            if (!size.equals(before.get(price))) {
              changes.add(new String[] {price.toString(), size.toString()});
            }
          });
      TreeMap<Integer, Integer> side = bid ? bids : asks;
      before.forEach(
          (price, size) -> {
            if (!side.containsKey(price)) {
              changes.add(new String[] {price.toString(), "0"});
            }
          });
      Collections.shuffle(changes, random);
      for (String[] change : changes) {
        if (bid) {
          to.bid(change[0], change[1]);
        } else {
          to.ask(change[0], change[1]);
        }
      }
    }

    private static String text(
        TreeMap<Integer, Integer> bids, TreeMap<Integer, Integer> asks, int depth) {
      return text(bids, depth) + " | " + text(asks, depth);
    }

    private static String text(TreeMap<Integer, Integer> side, int depth) {
      StringBuilder text = new StringBuilder();
      side.entrySet().stream()
          .limit(depth)
          .forEach(
              level ->
                  text.append(level.getKey()).append('x').append(level.getValue()).append(' '));
      return text.toString();
    }
  }

  /** A consumer that applies what is published, and an owner that starts books anew. */
  private static final class Storm implements BookSynchronizer.Listener {

    private final Random random;
    private final Venue venue;
    private final Market market;
    private final BookSynchronizer synchronizer;
    private final TreeMap<Integer, Integer> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<Integer, Integer> asks = new TreeMap<>();
    private final ArrayDeque<BookUpdate> onTheWay = new ArrayDeque<>();
    private final List<Fault> faults = new ArrayList<>();
    private @Nullable BookUpdate held;
    private int snapshotDueIn = -1;
    private @Nullable BookUpdate staleSnapshot;
    private boolean calm;
    private int published;
    private int wrong;

    private Storm(long seed, Venue venue) {
      random = new Random(seed);
      this.venue = venue;
      market = new Market(random, venue);
      synchronizer = new BookSynchronizer(venue.rules, this);
      synchronizer.start(SnapshotReason.INITIAL);
      if (venue.rules.source() == Source.STREAM || venue.rules.source() == Source.STREAM_OR_REST) {
        snapshotDueIn = 0;
      }
    }

    private void run() {
      for (int i = 0; i < MESSAGES; i++) {
        calm = i > MESSAGES * 3 / 4;
        step();
      }
      for (int i = 0; i < 60 && synchronizer.state() != BookSynchronizer.State.VALID; i++) {
        step();
      }
    }

    private void step() {
      if (random.nextInt(9) == 0) {
        staleSnapshot = market.signed(market.snapshot());
      }
      onTheWay.add(market.next());
      int fault = calm ? 99 : random.nextInt(40);
      BookUpdate message = onTheWay.remove();
      switch (fault) {
        case 0 -> {}
        case 1 -> {
          deliver(message.copy());
          deliver(message);
        }
        case 2 -> held = message;
        // A message that is cut short cannot be read, and neither can the next.
        case 3 -> market.next();
        default -> deliver(message);
      }
      if (fault != 2 && held != null) {
        BookUpdate late = held;
        held = null;
        deliver(late);
      }
      if (snapshotDueIn == 0) {
        snapshotDueIn = -1;
        answer();
      } else if (snapshotDueIn > 0) {
        snapshotDueIn--;
      }
    }

    private void deliver(BookUpdate update) {
      synchronizer.onUpdate(update);
    }

    private void answer() {
      int fault = calm ? 99 : random.nextInt(6);
      if (fault == 0) {
        // It fails, and is asked for again.
        snapshotDueIn = 1 + random.nextInt(5);
        return;
      }
      boolean inStream = venue.rules.source() == Source.STREAM;
      BookUpdate stale = staleSnapshot;
      if (fault == 1 && stale != null && !inStream) {
        deliver(stale.copy());
      } else {
        deliver(market.signed(market.snapshot()));
      }
      if (synchronizer.state() != BookSynchronizer.State.VALID) {
        snapshotDueIn = 1 + random.nextInt(5);
      }
    }

    @Override
    public void onValid(BookUpdate update) {
      published++;
      if (update.isSnapshot()) {
        bids.clear();
        asks.clear();
      }
      apply(bids, update.bidPrices(), update.bidSizes());
      apply(asks, update.askPrices(), update.askSizes());
      trim(bids);
      trim(asks);
      String mine = Market.text(bids, asks, market.depth());
      String truth =
          venue.rules.checksum() == null
              ? market.history.get(update.sequence())
              : market.byChecksum.get((int) update.checksum());
      if (!mine.equals(truth)) {
        wrong++;
      }
    }

    private void trim(TreeMap<Integer, Integer> side) {
      while (side.size() > market.depth()) {
        side.pollLastEntry();
      }
    }

    private static void apply(
        TreeMap<Integer, Integer> side, DecimalColumn prices, DecimalColumn sizes) {
      for (int i = 0; i < prices.size(); i++) {
        BigDecimal price = prices.value(i);
        if (sizes.signum(i) == 0) {
          side.remove(price.intValueExact());
        } else {
          side.put(price.intValueExact(), sizes.value(i).intValueExact());
        }
      }
    }

    @Override
    public void onSnapshotNeeded() {
      if (snapshotDueIn < 0) {
        snapshotDueIn = random.nextInt(6);
      }
    }

    @Override
    public void onRefreshNeeded() {}

    @Override
    public void onFault(Fault fault) {
      faults.add(fault);
      synchronizer.start(SnapshotReason.GAP);
      if (!venue.rules.buffersDeltas()) {
        snapshotDueIn = random.nextInt(6);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(Venue.class)
  void what_is_published_is_the_true_book_and_the_book_recovers(Venue venue) {
    survive(venue, STORMS);
  }

  @ParameterizedTest
  @EnumSource(Venue.class)
  @Tag("long")
  void what_is_published_is_the_true_book_in_many_storms(Venue venue) {
    survive(venue, MANY_STORMS);
  }

  private static void survive(Venue venue, int storms) {
    int faults = 0;
    for (long seed = 1; seed <= storms; seed++) {
      Storm storm = new Storm(seed, venue);
      storm.run();
      assertThat(storm.wrong).as("wrong books published, seed %d", seed).isZero();
      assertThat(storm.published).as("seed %d", seed).isGreaterThan(MESSAGES / 8);
      assertThat(storm.synchronizer.state())
          .as("after the storm, seed %d", seed)
          .isEqualTo(BookSynchronizer.State.VALID);
      faults += storm.faults.size();
    }
    assertThat(faults).isGreaterThan(storms);
  }

  @Test
  void a_corrupt_number_among_the_best_levels_is_found_by_the_checksum() {
    for (long seed = 1; seed <= STORMS; seed++) {
      Storm storm = new Storm(seed, Venue.CHECKSUM);
      storm.calm = true;
      storm.step();
      storm.step();
      assertThat(storm.faults).isEmpty();
      BookUpdate message;
      do {
        message = storm.market.next();
      } while (message.bidPrices().size() == 0 || message.bidSizes().signum(0) == 0);
      message.bidSizes().multiply(0, new BigDecimal("3"));

      storm.deliver(message);

      assertThat(storm.faults).hasSize(1);
      assertThat(storm.faults.get(0).kind()).isEqualTo(Fault.Kind.CHECKSUM);
    }
  }
}
