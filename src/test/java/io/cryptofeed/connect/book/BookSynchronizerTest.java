package io.cryptofeed.connect.book;

import static io.cryptofeed.connect.book.Updates.delta;
import static io.cryptofeed.connect.book.Updates.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules.Link;
import io.cryptofeed.connect.book.BookRules.Source;
import io.cryptofeed.connect.book.BookSynchronizer.State;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.SnapshotReason;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BookSynchronizerTest {

  private final List<String> published = new ArrayList<>();
  private final List<Fault> faults = new ArrayList<>();
  private int snapshotsAsked;

  private final BookSynchronizer.Listener listener =
      new BookSynchronizer.Listener() {
        @Override
        public void onValid(BookUpdate update) {
          published.add(
              (update.reason() == null ? "delta " : update.reason().code() + " snapshot ")
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
      };

  private final BookSynchronizer overRest =
      new BookSynchronizer(new BookRules(Source.REST, Link.STEP_OVERLAP), listener);
  private final BookSynchronizer inStream =
      new BookSynchronizer(new BookRules(Source.STREAM, Link.NONE), listener);

  @Test
  void publishes_nothing_before_it_is_started() {
    overRest.onUpdate(snapshot(1).get());
    overRest.onUpdate(delta(2, 2).get());

    assertThat(published).isEmpty();
    assertThat(snapshotsAsked).isZero();
    assertThat(overRest.state()).isEqualTo(State.EMPTY);
  }

  @Test
  void asks_for_a_snapshot_only_when_updates_are_being_kept() {
    overRest.start(SnapshotReason.INITIAL);
    assertThat(snapshotsAsked).isZero();

    overRest.onUpdate(delta(10, 12).get());
    overRest.onUpdate(delta(13, 13).get());

    assertThat(snapshotsAsked).isEqualTo(1);
    assertThat(published).isEmpty();
  }

  @Test
  void joins_a_snapshot_inside_the_kept_updates() {
    overRest.start(SnapshotReason.INITIAL);
    overRest.onUpdate(delta(10, 12).get());
    overRest.onUpdate(delta(13, 15).get());
    overRest.onUpdate(delta(16, 16).get());
    overRest.onUpdate(snapshot(14).bid("10", "1").get());

    assertThat(published)
        .containsExactly("initial snapshot 14 sequence", "delta 15 sequence", "delta 16 sequence");
  }

  @Test
  void joins_if_the_first_delta_starts_directly_after_the_snapshot() {
    overRest.start(SnapshotReason.INITIAL);
    overRest.onUpdate(delta(10, 12).get());
    overRest.onUpdate(delta(13, 15).get());
    overRest.onUpdate(snapshot(12).get());

    assertThat(published).containsExactly("initial snapshot 12 sequence", "delta 15 sequence");
  }

  @Test
  void joins_a_snapshot_that_is_newer_than_all_kept_updates() {
    overRest.start(SnapshotReason.INITIAL);
    overRest.onUpdate(delta(10, 12).get());
    overRest.onUpdate(snapshot(20).get());
    overRest.onUpdate(delta(13, 19).get());
    overRest.onUpdate(delta(20, 22).get());

    assertThat(published).containsExactly("initial snapshot 20 sequence", "delta 22 sequence");
    assertThat(faults).isEmpty();
  }

  @Test
  void asks_again_when_the_snapshot_is_older_than_the_kept_updates() {
    overRest.start(SnapshotReason.INITIAL);
    overRest.onUpdate(delta(10, 12).get());
    overRest.onUpdate(snapshot(8).get());

    assertThat(snapshotsAsked).isEqualTo(2);
    assertThat(published).isEmpty();

    overRest.onUpdate(snapshot(12).get());
    assertThat(published).containsExactly("initial snapshot 12 sequence");
  }

  @Test
  void an_old_update_is_ignored_and_is_not_a_fault() {
    valid(20);
    overRest.onUpdate(delta(18, 20).get());
    overRest.onUpdate(delta(19, 21).get());

    assertThat(published).endsWith("delta 21 sequence");
    assertThat(faults).isEmpty();
  }

  @Test
  void a_gap_is_a_fault_with_its_bounds_and_nothing_is_published_after_it() {
    valid(20);
    published.clear();
    overRest.onUpdate(delta(24, 25).get());
    overRest.onUpdate(delta(26, 26).get());

    assertThat(faults)
        .containsExactly(new Fault(Fault.Kind.GAP, "updates 21 to 23 are missing", 21, 23));
    assertThat(published).isEmpty();
    assertThat(overRest.state()).isEqualTo(State.INVALID);
  }

  @Test
  void the_update_that_shows_a_gap_is_kept_for_the_new_start() {
    BookSynchronizer[] self = new BookSynchronizer[1];
    self[0] =
        new BookSynchronizer(
            new BookRules(Source.REST, Link.STEP_OVERLAP),
            new BookSynchronizer.Listener() {
              @Override
              public void onValid(BookUpdate update) {
                listener.onValid(update);
              }

              @Override
              public void onSnapshotNeeded() {
                listener.onSnapshotNeeded();
              }

              @Override
              public void onRefreshNeeded() {}

              @Override
              public void onFault(Fault fault) {
                self[0].start(SnapshotReason.GAP);
              }
            });
    self[0].start(SnapshotReason.INITIAL);
    self[0].onUpdate(delta(10, 10).get());
    self[0].onUpdate(snapshot(10).get());
    self[0].onUpdate(delta(15, 16).get());
    assertThat(snapshotsAsked).isEqualTo(2);

    self[0].onUpdate(snapshot(15).get());

    assertThat(published)
        .containsExactly(
            "initial snapshot 10 sequence", "gap snapshot 15 sequence", "delta 16 sequence");
  }

  @Test
  void a_late_second_answer_does_not_turn_the_book_back() {
    valid(20);
    overRest.onUpdate(delta(21, 30).get());
    overRest.onUpdate(snapshot(22).get());
    overRest.onUpdate(delta(31, 31).get());

    assertThat(published).endsWith("delta 30 sequence", "delta 31 sequence");
  }

  @Test
  void gives_up_waiting_for_a_snapshot_that_does_not_come() {
    overRest.start(SnapshotReason.INITIAL);
    for (int i = 0; i <= BookSynchronizer.MAX_BUFFERED_DELTAS; i++) {
      overRest.onUpdate(delta(i, i).get());
    }

    assertThat(faults).singleElement().satisfies(fault -> assertThat(fault.hasRange()).isFalse());
    assertThat(overRest.state()).isEqualTo(State.INVALID);
  }

  @Test
  void drops_deltas_of_a_stream_until_its_snapshot() {
    inStream.start(SnapshotReason.INITIAL);
    inStream.onUpdate(delta(-1, -1).bid("10", "5").get());
    inStream.onUpdate(snapshot(-1).bid("9", "1").get());
    inStream.onUpdate(delta(-1, -1).bid("10", "2").get());

    assertThat(published).containsExactly("initial snapshot -1 none", "delta -1 none");
    assertThat(inStream.book().bids()).hasSize(2);
    assertThat(snapshotsAsked).isZero();
  }

  @Test
  void a_second_snapshot_of_a_stream_says_that_the_venue_sent_it() {
    inStream.start(SnapshotReason.INITIAL);
    inStream.onUpdate(snapshot(-1).bid("9", "1").get());
    inStream.onUpdate(snapshot(-1).bid("8", "1").get());

    assertThat(published).containsExactly("initial snapshot -1 none", "venue snapshot -1 none");
  }

  @Test
  void a_crossed_book_is_a_fault_and_the_crossing_update_is_not_published() {
    inStream.start(SnapshotReason.INITIAL);
    inStream.onUpdate(snapshot(-1).bid("9", "1").ask("10", "1").get());
    inStream.onUpdate(delta(-1, -1).bid("10.5", "1").get());

    assertThat(published).containsExactly("initial snapshot -1 none");
    assertThat(faults)
        .singleElement()
        .satisfies(fault -> assertThat(fault.description()).contains("10.5"));
  }

  @Test
  void a_book_that_was_never_published_keeps_its_first_reason() {
    inStream.start(SnapshotReason.INITIAL);
    inStream.start(SnapshotReason.RECONNECT);
    inStream.onUpdate(snapshot(-1).get());
    inStream.start(SnapshotReason.RECONNECT);
    inStream.onUpdate(snapshot(-1).get());

    assertThat(published).containsExactly("initial snapshot -1 none", "reconnect snapshot -1 none");
  }

  private void valid(long sequence) {
    overRest.start(SnapshotReason.INITIAL);
    overRest.onUpdate(delta(sequence, sequence).get());
    overRest.onUpdate(snapshot(sequence).get());
    assertThat(overRest.state()).isEqualTo(State.VALID);
  }
}
