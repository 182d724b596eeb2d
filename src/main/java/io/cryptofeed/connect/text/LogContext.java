package io.cryptofeed.connect.text;

import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What a worker adds to each line of the log: the name of the connector, and the number of the
 * task. It is bound to the worker's own threads, and some logging libraries do not pass it on to
 * the threads that these start. Here it is taken where a thread factory is made, and set in each of
 * its threads.
 */
public final class LogContext {

  /** The key of Connect's own context: {@code [crypto|task-0] }. */
  private static final String CONNECTOR = "connector.context";

  private static final Pattern TASK = Pattern.compile("\\|[^\\]]*(?=\\] ?$)");

  private LogContext() {}

  /** Threads that log in the context of the present one. */
  public static ThreadFactory inherited(ThreadFactory threads) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    return work -> threads.newThread(in(context, work));
  }

  /** Threads that the tasks of a connector share: they log with its name, without a task. */
  public static ThreadFactory ofConnector(ThreadFactory threads) {
    Map<String, String> context = MDC.getCopyOfContextMap();
    if (context != null) {
      context.computeIfPresent(CONNECTOR, (key, text) -> TASK.matcher(text).replaceFirst(""));
    }
    return work -> threads.newThread(in(context, work));
  }

  /** Work for another thread, which logs in the context of the present one. */
  public static Runnable inherited(Runnable work) {
    return in(MDC.getCopyOfContextMap(), work);
  }

  private static Runnable in(@Nullable Map<String, String> context, Runnable work) {
    return () -> {
      if (context != null) {
        MDC.setContextMap(context);
      }
      work.run();
    };
  }
}
