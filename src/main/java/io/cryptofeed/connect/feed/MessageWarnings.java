package io.cryptofeed.connect.feed;

import io.cryptofeed.connect.text.Repeats;
import io.cryptofeed.connect.text.UntrustedText;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Warns about messages of one exchange that cannot be used. The first of a kind is logged at once,
 * the others as one line a minute with their count and an example: a message that is malformed a
 * thousand times a second must not fill the log. Safe for use by many threads; the time is passed
 * in.
 */
public final class MessageWarnings {

  private static final Logger LOG = LoggerFactory.getLogger(MessageWarnings.class);

  private final String exchange;
  private final Repeats<String> repeats = new Repeats<>();

  /** The newest detail of each problem. */
  private final Map<String, String> examples = new ConcurrentHashMap<>();

  public MessageWarnings(String exchange) {
    this.exchange = exchange;
  }

  /**
   * Warns about a message.
   *
   * @param problem the kind of problem, such as {@code a message is malformed}; one of a few
   * @param detail what is wrong with this message
   */
  public void warn(String problem, String detail, long nowNanos) {
    String shown = UntrustedText.sanitised(detail);
    examples.put(problem, shown);
    if (repeats.isFirst(problem, nowNanos)) {
      LOG.warn("exchange={} {}: {}", exchange, problem, shown);
    }
  }

  /** Logs the summaries that are due; called about once a second. */
  public void summarise(long nowNanos) {
    repeats.report(
        nowNanos,
        (problem, count) ->
            LOG.warn(
                "exchange={} {}: {} more times within a minute, for example: {}",
                exchange,
                problem,
                count,
                examples.get(problem)));
  }
}
