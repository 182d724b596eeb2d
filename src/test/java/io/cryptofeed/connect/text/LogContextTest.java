package io.cryptofeed.connect.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MDC;

class LogContextTest {

  private static final String KEY = "connector.context";

  @AfterEach
  void clear() {
    MDC.clear();
  }

  private static String contextIn(ThreadFactory threads) throws Exception {
    CompletableFuture<String> seen = new CompletableFuture<>();
    threads.newThread(() -> seen.complete(String.valueOf(MDC.get(KEY)))).start();
    return seen.get(10, TimeUnit.SECONDS);
  }

  @Test
  void threads_log_in_the_context_in_which_their_factory_was_made() throws Exception {
    MDC.put(KEY, "[crypto|task-3] ");
    ThreadFactory threads = LogContext.inherited((ThreadFactory) Thread::new);
    MDC.put(KEY, "[other|task-0] ");

    assertThat(contextIn(threads)).isEqualTo("[crypto|task-3] ");
  }

  @Test
  void shared_threads_log_with_the_connector_alone() throws Exception {
    for (String context :
        new String[] {"[crypto|task-3] ", "[crypto|task-3|offsets] ", "[crypto] "}) {
      MDC.put(KEY, context);
      assertThat(contextIn(LogContext.ofConnector(Thread::new))).isEqualTo("[crypto] ");
    }
  }

  @Test
  void without_a_context_none_is_made_up() throws Exception {
    assertThat(contextIn(LogContext.inherited((ThreadFactory) Thread::new))).isEqualTo("null");
    assertThat(contextIn(LogContext.ofConnector(Thread::new))).isEqualTo("null");
  }
}
