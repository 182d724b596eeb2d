package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.fuzz.Fuzz;
import io.cryptofeed.connect.fuzz.Mutator;
import io.cryptofeed.connect.fuzz.StrictJson;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Answers over REST, changed by chance: read or malformed, never half read, numbers bounded. */
@Tag("fuzz")
class AnswersFuzzTest {

  @Test
  void an_answer_is_read_or_malformed() {
    List<HostileAnswersTest.Answer> answers = HostileAnswersTest.answers();
    List<String> bodies = answers.stream().map(HostileAnswersTest.Answer::body).toList();
    Fuzz.run(
        "answers",
        200,
        random -> {
          Mutator mutator = new Mutator(random);
          HostileAnswersTest.Answer answer = mutator.pick(answers);
          check(answer, mutator.mutated(answer.body(), bodies));
        });
  }

  private static void check(HostileAnswersTest.Answer answer, byte[] body) {
    boolean[] isRead = {false};
    long allocated =
        Fuzz.allocated(
            () -> {
              try {
                answer.read(body, number -> assertThat(number.scale()).isBetween(0, 300));
                isRead[0] = true;
              } catch (MalformedMessageException declared) {
                assertThat(declared.getMessage()).isNotBlank();
              }
            });
    String shown = new String(body, StandardCharsets.UTF_8);
    assertThat(allocated).as(shown).isLessThan((4L << 20) + 500L * body.length);
    if (isRead[0]) {
      assertThat(StrictJson.isValid(body)).as(shown).isTrue();
    }
  }
}
