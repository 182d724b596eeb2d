package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RepeatsTest {

  private static final long MINUTE = Repeats.WINDOW.toNanos();

  private final Repeats<String> repeats = new Repeats<>();

  @Test
  void only_the_first_of_similar_events_is_logged_at_once() {
    assertThat(repeats.isFirst("a", 0)).isTrue();
    assertThat(repeats.isFirst("a", 1)).isFalse();
    assertThat(repeats.isFirst("b", 2)).isTrue();
  }

  @Test
  void the_others_are_reported_as_a_count_when_a_minute_is_over() {
    repeats.isFirst("a", 0);
    repeats.isFirst("a", 1);
    repeats.isFirst("a", 2);

    assertThat(reported(MINUTE - 1)).isEmpty();
    assertThat(reported(MINUTE)).containsExactly("a 2");
    assertThat(reported(2 * MINUTE)).isEmpty();
  }

  @Test
  void an_event_after_a_minute_without_one_is_a_first_one_again() {
    repeats.isFirst("a", 0);
    reported(MINUTE);

    assertThat(repeats.isFirst("a", MINUTE)).isTrue();
  }

  @Test
  void an_event_in_the_minute_after_a_report_is_counted_for_the_next_one() {
    repeats.isFirst("a", 0);
    repeats.isFirst("a", 1);
    reported(MINUTE);

    assertThat(repeats.isFirst("a", MINUTE + 1)).isFalse();
    assertThat(reported(2 * MINUTE)).containsExactly("a 1");
  }

  private List<String> reported(long nowNanos) {
    List<String> lines = new ArrayList<>();
    repeats.report(nowNanos, (key, count) -> lines.add(key + " " + count));
    return lines;
  }
}
