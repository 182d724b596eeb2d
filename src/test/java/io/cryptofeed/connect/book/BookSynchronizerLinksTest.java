package io.cryptofeed.connect.book;

import static io.cryptofeed.connect.book.Updates.delta;
import static io.cryptofeed.connect.book.Updates.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.book.BookSynchronizer.State;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What links the updates of a book, with each venue's exceptions. */
class BookSynchronizerLinksTest {

  private final List<String> published = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private int snapshotsAsked;

  private BookSynchronizer started(BookRules rules) {
    BookSynchronizer synchronizer =
        new BookSynchronizer(
            rules,
            new BookSynchronizer.Listener() {
              @Override
              public void onValid(BookUpdate update) {
                published.add(
                    (update.isSnapshot() ? "snapshot " : "delta ")
                        + update.sequence()
                        + " "
                        + update.integrity().code());
              }

              @Override
              public void onSnapshotNeeded() {
                snapshotsAsked++;
              }

              @Override
              public void onRefreshNeeded() {}

              @Override
              public void onFault(Fault fault) {
                faults.add(fault);
              }
            });
    synchronizer.start(SnapshotReason.INITIAL);
    return synchronizer;
  }

  private static BookUpdate after(long previous, long sequence) {
    BookUpdate update = delta(BookUpdate.NO_SEQUENCE, sequence).bid("9", "1").get();
    update.follow(previous);
    return update;
  }

  private static BookUpdate nothing(long previous, long sequence) {
    BookUpdate update = delta(BookUpdate.NO_SEQUENCE, sequence).get();
    update.follow(previous);
    return update;
  }

  @Test
  void numbers_may_jump_as_long_as_each_names_the_one_before() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.PREVIOUS));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(100, 117));
    book.onUpdate(after(117, 118));

    assertThat(published)
        .containsExactly("snapshot 100 sequence", "delta 117 sequence", "delta 118 sequence");
    assertThat(faults).isEmpty();
  }

  /** A quiet book of OKX is confirmed each minute. */
  @Test
  void a_sign_of_life_changes_nothing_and_is_not_handed_on() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.PREVIOUS));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(nothing(100, 100));
    book.onUpdate(after(100, 105));

    assertThat(published).containsExactly("snapshot 100 sequence", "delta 105 sequence");
    assertThat(faults).isEmpty();
  }

  /** After maintenance OKX goes on from the last number to a smaller one. */
  @Test
  void numbers_may_be_reset_where_the_chain_is_not_broken() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.PREVIOUS));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(100, 3));
    book.onUpdate(after(3, 5));

    assertThat(published)
        .containsExactly("snapshot 100 sequence", "delta 3 sequence", "delta 5 sequence");
    assertThat(faults).isEmpty();
  }

  @Test
  void an_update_that_names_another_one_before_it_shows_a_gap() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.PREVIOUS));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(101, 102));

    assertThat(faults)
        .containsExactly(
            new Fault(
                Fault.Kind.GAP, "an update is linked to 101, but the last one was 100", -1, -1));
    assertThat(book.state()).isEqualTo(State.INVALID);
  }

  @Test
  void an_old_update_is_dropped() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.PREVIOUS));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(90, 95));
    book.onUpdate(after(95, 100));

    assertThat(published).containsExactly("snapshot 100 sequence");
    assertThat(faults).isEmpty();
  }

  /** The first event of Binance's futures straddles the snapshot, or follows it. */
  @Test
  void the_first_update_may_straddle_the_snapshot_and_no_later_one() {
    BookSynchronizer book = started(new BookRules(Source.REST, Link.PREVIOUS));
    book.onUpdate(after(80, 90));
    book.onUpdate(after(90, 110));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(105, 120));

    assertThat(published).containsExactly("snapshot 100 sequence", "delta 110 sequence");
    assertThat(faults).hasSize(1);
  }

  @Test
  void a_snapshot_older_than_all_updates_is_asked_for_again() {
    BookSynchronizer book = started(new BookRules(Source.REQUEST, Link.PREVIOUS));
    book.onUpdate(after(80, 90));
    book.onUpdate(snapshot(70).bid("8", "1").get());
    assertThat(snapshotsAsked).isEqualTo(2);
    assertThat(published).isEmpty();

    book.onUpdate(snapshot(85).bid("8", "1").get());

    assertThat(published).containsExactly("snapshot 85 sequence", "delta 90 sequence");
  }

  @Test
  void where_the_stream_does_not_begin_with_a_book_rest_gives_it() {
    BookSynchronizer book = started(new BookRules(Source.STREAM_OR_REST, Link.PREVIOUS));
    book.onUpdate(after(99, 101));
    assertThat(snapshotsAsked).isEqualTo(1);
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(after(101, 102));
    // And still the stream may send a book of its own.
    book.onUpdate(snapshot(200).bid("8", "2").get());
    book.onUpdate(after(200, 201));

    assertThat(published)
        .containsExactly(
            "snapshot 100 sequence",
            "delta 101 sequence",
            "delta 102 sequence",
            "snapshot 200 sequence",
            "delta 201 sequence");
  }

  @Test
  void steps_are_strict() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.STEP));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(delta(101, 101).bid("8", "2").get());
    book.onUpdate(delta(101, 101).bid("8", "2").get());
    book.onUpdate(delta(103, 103).bid("8", "3").get());

    assertThat(published).containsExactly("snapshot 100 sequence", "delta 101 sequence");
    assertThat(faults)
        .containsExactly(new Fault(Fault.Kind.GAP, "updates 102 to 102 are missing", 102, 102));
  }

  /** When Bybit's service restarts, its numbers begin with 1, and that update is a full book. */
  @Test
  void a_restart_of_the_venue_is_a_full_book() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.STEP, 0, 0, 1, null));
    book.onUpdate(snapshot(100).bid("8", "1").get());
    book.onUpdate(delta(1, 1).bid("7", "2").get());
    book.onUpdate(delta(2, 2).bid("7", "3").get());

    assertThat(published)
        .containsExactly("snapshot 100 sequence", "snapshot 1 sequence", "delta 2 sequence");
    assertThat(book.book().bids()).hasSize(1);
  }

  @Test
  void where_the_connection_answers_for_its_books_each_counts_as_linked() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.CONNECTION));
    book.onUpdate(snapshot(-1).bid("8", "1").get());
    book.onUpdate(delta(-1, -1).bid("9", "1").get());

    assertThat(published).containsExactly("snapshot -1 sequence", "delta -1 sequence");
  }

  @Test
  void every_message_may_be_a_full_book() {
    BookSynchronizer book = started(new BookRules(Source.EVERY, Link.NONE));
    book.onUpdate(snapshot(5).bid("8", "1").get());
    book.onUpdate(snapshot(6).bid("9", "1").get());

    assertThat(published).containsExactly("snapshot 5 none", "snapshot 6 none");
  }

  @Test
  void a_wrong_checksum_is_a_checksum_fault() {
    BookSynchronizer book =
        started(
            new BookRules(
                Source.STREAM,
                Link.NONE,
                10,
                0,
                -1,
                new ChecksumRule(ChecksumRule.Form.DIGITS, 10, null)));
    book.onUpdate(snapshot(-1).bid("8", "1").get().withChecksum(12345));

    assertThat(published).isEmpty();
    assertThat(faults).extracting(Fault::kind).containsExactly(Fault.Kind.CHECKSUM);
    assertThat(faults.get(0).description())
        .startsWith("the venue's checksum 12345 differs from that of the book, ");
  }

  @Test
  void a_value_that_means_no_checksum_proves_nothing_and_disproves_nothing() {
    BookSynchronizer book =
        started(
            new BookRules(
                Source.STREAM,
                Link.PREVIOUS,
                0,
                0,
                -1,
                new ChecksumRule(ChecksumRule.Form.INTERLEAVED, 25, 0L)));
    book.onUpdate(snapshot(7).bid("8", "1").get().withChecksum(0));
    BookUpdate next = after(7, 9);
    book.onUpdate(next.withChecksum(0));

    assertThat(published).containsExactly("snapshot 7 sequence", "delta 9 sequence");
  }

  @Test
  void unsorted_or_double_levels_of_a_snapshot_are_faults() {
    BookRules rules = new BookRules(Source.STREAM, Link.STEP);
    started(rules).onUpdate(snapshot(1).bid("8", "1").bid("9", "1").bid("7", "1").get());
    started(rules).onUpdate(snapshot(1).ask("8", "1").ask("8.0", "2").get());
    started(rules).onUpdate(snapshot(1).ask("8", "1").ask("9", "2").ask("8", "1").get());

    assertThat(published).isEmpty();
    assertThat(faults)
        .hasSize(3)
        .allSatisfy(
            fault -> {
              assertThat(fault.kind()).isEqualTo(Fault.Kind.INTEGRITY);
              assertThat(fault.description()).startsWith("a snapshot's levels are unsorted");
            });
  }

  /** Backpack lists its bids worst first. */
  @Test
  void a_snapshot_may_begin_with_the_worst_level() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.STEP));
    book.onUpdate(snapshot(1).bid("7", "1").bid("8", "2").ask("9", "1").ask("10", "1").get());

    assertThat(book.book().bids())
        .extracting(level -> level.price().intValue())
        .containsExactly(8, 7);
    assertThat(faults).isEmpty();
  }

  @Test
  void a_locked_book_is_a_fault() {
    BookSynchronizer book = started(new BookRules(Source.STREAM, Link.STEP));
    book.onUpdate(snapshot(1).bid("8", "1").ask("9", "1").get());
    book.onUpdate(delta(2, 2).bid("9", "1").get());

    assertThat(published).containsExactly("snapshot 1 sequence");
    assertThat(faults).extracting(Fault::kind).containsExactly(Fault.Kind.INTEGRITY);
  }
}
