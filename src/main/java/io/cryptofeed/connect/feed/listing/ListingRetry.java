package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.feed.Backoff;
import io.cryptofeed.connect.feed.FeedLoop;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Retries requests for instruments with backoff. Used by its event loop. */
public final class ListingRetry {

  private static final Logger LOG = LoggerFactory.getLogger(ListingRetry.class);

  private final FeedLoop loop;
  private final Backoff backoff;

  public ListingRetry(FeedLoop loop, Backoff backoff) {
    this.loop = loop;
    this.backoff = backoff;
  }

  /** The instruments are listed. */
  public void succeeded() {
    backoff.opened(System.nanoTime());
  }

  /**
   * A request failed.
   *
   * @param exchange whose instruments are listed
   * @param reason why it failed
   * @param retry sends the request again; called after a while
   */
  public void failed(String exchange, String reason, Runnable retry) {
    long wait = backoff.failed(System.nanoTime());
    if (backoff.isLoggable()) {
      LOG.warn(
          "exchange={} cannot list instruments, attempt {}, next in {} ms: {}",
          exchange,
          backoff.attempts(),
          TimeUnit.NANOSECONDS.toMillis(wait),
          reason);
    }
    loop.later(wait, retry);
  }
}
