package io.cryptofeed.connect.feed;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.proxy.monitor.LogLines;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A flood of bad messages must not fill the log. */
class MessageWarningsTest {

  private static final long MINUTE = TimeUnit.MINUTES.toNanos(1);

  private final LogLines log = LogLines.of(MessageWarnings.class.getName());
  private final MessageWarnings warnings = new MessageWarnings("own");

  @AfterEach
  void stopListening() {
    log.close();
  }

  @Test
  void a_flood_of_bad_messages_is_one_line_and_then_one_summary_a_minute_with_an_example() {
    for (int i = 1; i <= 1_000; i++) {
      warnings.warn("a message is malformed", "field 'p' of message " + i, i);
      warnings.summarise(i);
    }
    assertThat(log.all())
        .containsExactly("WARN exchange=own a message is malformed: field 'p' of message 1");

    warnings.summarise(MINUTE + 1);
    warnings.summarise(2 * MINUTE + 1);

    assertThat(log.all())
        .hasSize(2)
        .element(1)
        .isEqualTo(
            "WARN exchange=own a message is malformed: 999 more times within a minute, for"
                + " example: field 'p' of message 1000");
  }

  @Test
  void each_problem_has_a_line_of_its_own() {
    warnings.warn("a message is malformed", "field 'p'", 0);
    warnings.warn("the exchange reports an error", "slow down", 0);

    assertThat(log.all())
        .containsExactly(
            "WARN exchange=own a message is malformed: field 'p'",
            "WARN exchange=own the exchange reports an error: slow down");
  }
}
