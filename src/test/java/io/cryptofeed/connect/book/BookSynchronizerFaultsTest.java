package io.cryptofeed.connect.book;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.feed.books.PublishedBook;
import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import java.math.BigDecimal;
import java.time.Duration;
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
 * happens, the book that a consumer builds from the records is the venue's true book at every
 * record, cut to the depth that is published and as far as it is known, and after the storm the
 * book is right again.
 */
class BookSynchronizerFaultsTest {

  /** For each way to publish a book. */
  private static final int STORMS = 10;

  private static final int MANY_STORMS = 200;
  private static final int MESSAGES = 400;

  /** The levels of a limited snapshot. */
  private static final int LIMIT = 5;

  /** What is published of a book, by turns. */
  private static final List<BookOptions> OPTIONS =
      List.of(
          new BookOptions(BookOptions.Mode.DELTA, 0, Duration.ZERO),
          new BookOptions(BookOptions.Mode.DELTA, 3, Duration.ZERO),
          new BookOptions(BookOptions.Mode.BOTH, 0, Duration.ZERO),
          new BookOptions(BookOptions.Mode.BOTH, 4, Duration.ZERO),
          new BookOptions(BookOptions.Mode.SNAPSHOT, 5, Duration.ZERO));

  /** The kinds of venue, by their rules. */
  private enum Venue {
    RANGES_OVER_REST(new BookRules(Source.REST, Link.STEP_OVERLAP)),
    PREVIOUS_OVER_REST(new BookRules(Source.REST, Link.PREVIOUS)),
    PREVIOUS_IN_STREAM(new BookRules(Source.STREAM, Link.PREVIOUS)),
    PREVIOUS_IN_STREAM_OR_REST(new BookRules(Source.STREAM_OR_REST, Link.PREVIOUS)),
    PREVIOUS_BY_REQUEST(new BookRules(Source.REQUEST, Link.PREVIOUS)),
    LIMITED_OVER_REST(new BookRules(Source.REST, Link.STEP_OVERLAP, 0, LIMIT, -1, null)),
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
    private final Map<Long, BookTruth> history = new HashMap<>();
    private final Map<Long, BookTruth> byChecksum = new HashMap<>();
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
      BookTruth truth = new BookTruth();
      top(bids, depth()).forEach((price, size) -> set(truth, true, price, size));
      top(asks, depth()).forEach((price, size) -> set(truth, false, price, size));
      history.put(sequence, truth);
      if (venue.rules.checksum() != null) {
        byChecksum.put(Integer.toUnsignedLong(checksum()), truth);
      }
    }

    private static void set(BookTruth truth, boolean bid, int price, int size) {
      truth.set(bid, BigDecimal.valueOf(price), BigDecimal.valueOf(size));
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
      int levels = venue.rules.snapshotLevels() == 0 ? depth() : venue.rules.snapshotLevels();
      top(bids, levels).forEach((price, size) -> updates.bid(price.toString(), size.toString()));
      top(asks, levels).forEach((price, size) -> updates.ask(price.toString(), size.toString()));
      return updates.get();
    }

    private static Map<Integer, Integer> top(TreeMap<Integer, Integer> side, int levels) {
      TreeMap<Integer, Integer> top = new TreeMap<>(side.comparator());
      side.entrySet().stream()
          .limit(levels)
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
      Map<Integer, Integer> bidsBefore = top(bids, depth());
      Map<Integer, Integer> asksBefore = top(asks, depth());
      for (int n = 1 + random.nextInt(3); n > 0; n--) {
        change();
      }
      Updates updates =
          Updates.delta(
              venue.isStepped() ? numbered(previous + 1) : BookUpdate.NO_SEQUENCE,
              numbered(sequence));
      tell(bidsBefore, top(bids, depth()), updates, true);
      tell(asksBefore, top(asks, depth()), updates, false);
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
  }

  /** The owner of a book, which judges what a consumer makes of the records. */
  private static final class Storm implements PublishedBook.Owner {

    private final Random random;
    private final Venue venue;
    private final Market market;
    private final BookOptions options;
    private final PublishedBook book;
    private final ArrayDeque<BookUpdate> onTheWay = new ArrayDeque<>();
    private final List<String> wrong = new ArrayList<>();
    private @Nullable BookUpdate held;
    private int snapshotDueIn = -1;
    private int refreshDueIn = -1;
    private int refreshes;
    private int limitedRecords;

    /** Identifies the book where records have no sequence. */
    private long deliveredChecksum = BookUpdate.NO_CHECKSUM;

    private @Nullable BookUpdate staleSnapshot;
    private boolean calm;

    private Storm(long seed, Venue venue, BookOptions options) {
      random = new Random(seed);
      this.venue = venue;
      market = new Market(random, venue);
      this.options = options;
      book = new PublishedBook(venue.rules, Updates.BTC, options, this);
      if (venue.rules.source() == Source.STREAM || venue.rules.source() == Source.STREAM_OR_REST) {
        snapshotDueIn = 0;
      }
    }

    private void run() {
      for (int i = 0; i < MESSAGES; i++) {
        calm = i > MESSAGES * 3 / 4;
        step();
      }
      for (int i = 0; i < 60 && book.synchronizer().state() != BookSynchronizer.State.VALID; i++) {
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
      if (refreshDueIn == 0) {
        refresh();
      } else if (refreshDueIn > 0) {
        refreshDueIn--;
      }
    }

    /** Requests a newer snapshot, which may be an old one, or may not come. */
    private void refresh() {
      book.synchronizer().expectRefresh();
      onTheWay.add(market.next());
      deliver(onTheWay.remove());
      int fault = calm ? 99 : random.nextInt(6);
      BookUpdate stale = staleSnapshot;
      if (fault == 1 && stale != null) {
        deliver(stale.copy());
      } else if (fault != 0) {
        deliver(market.snapshot());
      }
      boolean wanted = book.synchronizer().isRefreshing();
      refreshDueIn = wanted ? random.nextInt(4) : -1;
      refreshes += wanted ? 0 : 1;
    }

    private void deliver(BookUpdate update) {
      deliveredChecksum = update.checksum();
      book.synchronizer().onUpdate(update);
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
      if (book.synchronizer().state() != BookSynchronizer.State.VALID) {
        snapshotDueIn = 1 + random.nextInt(5);
      }
    }

    @Override
    public void onRecord(ConsumedBook consumer) {
      Long sequence = consumer.sequence();
      BookTruth truth =
          requireNonNull(
              sequence == null
                  ? market.byChecksum.get(deliveredChecksum)
                  : market.history.get(sequence));
      try {
        consumer.requireEqual(
            truth.bids(), truth.asks(), options.depth(), venue + " at " + sequence);
        limitedRecords += consumer.bidsKnownTo() == null ? 0 : 1;
      } catch (AssertionError difference) {
        wrong.add(String.valueOf(difference.getMessage()));
      }
    }

    @Override
    public void onSnapshotNeeded() {
      if (snapshotDueIn < 0) {
        snapshotDueIn = random.nextInt(6);
      }
    }

    @Override
    public void onRefreshNeeded() {
      refreshDueIn = random.nextInt(4);
    }

    @Override
    public void onFault(Fault fault) {
      refreshDueIn = -1;
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
    int refreshes = 0;
    int limited = 0;
    for (BookOptions options : OPTIONS) {
      for (long seed = 1; seed <= storms; seed++) {
        Storm storm = new Storm(seed, venue, options);
        storm.run();
        String name = "%s, seed %d".formatted(options, seed);
        assertThat(storm.wrong).as("wrong books, %s", name).isEmpty();
        assertThat(storm.book.records()).as(name).hasSizeGreaterThan(MESSAGES / 16);
        assertThat(storm.book.synchronizer().state())
            .as("after the storm, %s", name)
            .isEqualTo(BookSynchronizer.State.VALID);
        faults += storm.book.faults().size();
        refreshes += storm.refreshes;
        limited += storm.limitedRecords;
      }
    }
    assertThat(faults).isGreaterThan(storms);
    boolean isLimited = venue.rules.snapshotLevels() > 0;
    assertThat(refreshes > 0).isEqualTo(isLimited);
    assertThat(limited > 0).isEqualTo(isLimited);
  }

  @Test
  void a_corrupt_number_among_the_best_levels_is_found_by_the_checksum() {
    for (long seed = 1; seed <= STORMS; seed++) {
      Storm storm = new Storm(seed, Venue.CHECKSUM, OPTIONS.get(0));
      storm.calm = true;
      storm.step();
      storm.step();
      assertThat(storm.book.faults()).isEmpty();
      BookUpdate message;
      do {
        message = storm.market.next();
      } while (message.bidPrices().size() == 0 || message.bidSizes().signum(0) == 0);
      message.bidSizes().multiply(0, new BigDecimal("3"));

      storm.deliver(message);

      assertThat(storm.book.faults()).hasSize(1);
      assertThat(storm.book.faults().get(0).kind()).isEqualTo(Fault.Kind.CHECKSUM);
    }
  }
}
