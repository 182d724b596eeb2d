package io.cryptofeed.connect.proxy.manager;

import io.cryptofeed.connect.proxy.pool.Pool;
import io.cryptofeed.connect.proxy.pool.ProxyEvents;
import io.cryptofeed.connect.proxy.settings.Compliance;
import io.cryptofeed.connect.proxy.settings.ManagerSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.spi.ProxyManager;
import io.cryptofeed.connect.proxy.spi.ProxyManager.Candidate;
import io.cryptofeed.connect.text.UntrustedText;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks a manager for the members of pools, again and again. What it answered last stays until it
 * answers something better: an error, an empty list and no answer at all change nothing. Everything
 * happens on one event loop.
 */
public final class PoolSupply implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PoolSupply.class);
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final double LEAST_WEIGHT = 0.1;
  private static final double MOST_WEIGHT = 10;
  private static final double JITTER = 0.1;

  /** After a failure it is asked again sooner. */
  private static final Duration LONGEST_RETRY = Duration.ofSeconds(10);

  private final ManagerSettings settings;
  private final ProxyManager manager;
  private final Compliance compliance;
  private final EventLoop loop;
  private final RandomGenerator random;
  private final ProxyEvents events;
  private volatile boolean closed;

  public PoolSupply(
      ManagerSettings settings,
      ProxyManager manager,
      Compliance compliance,
      EventLoop loop,
      RandomGenerator random,
      ProxyEvents events) {
    this.settings = settings;
    this.manager = manager;
    this.compliance = compliance;
    this.loop = loop;
    this.random = random;
    this.events = events;
  }

  /**
   * Makes the manager that is configured.
   *
   * @throws IllegalArgumentException names the key
   */
  public static ProxyManager manager(ManagerSettings settings) {
    ProxyManager manager =
        settings.className().equals("dns")
            ? new DnsProxyManager()
            : Plugins.make(settings.className(), ProxyManager.class, "proxy.manager.class");
    try {
      manager.configure(settings.config());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("proxy.manager.config: " + e.getMessage(), e);
    } catch (RuntimeException e) {
      throw new IllegalArgumentException(
          "proxy.manager.class: "
              + settings.className()
              + " could not be configured ("
              + e.getClass().getName()
              + ")",
          e);
    }
    return manager;
  }

  /** Whether a manager's answers differ from exchange to exchange. */
  public boolean isPerExchange() {
    return manager.isPerExchange();
  }

  /**
   * Begins to supply a pool. Any thread.
   *
   * @param name the pool's name, as it is configured
   * @param exchange null unless {@link #isPerExchange}
   */
  public void supply(Pool pool, String name, @Nullable String exchange) {
    loop.execute(() -> refresh(pool, name, exchange));
  }

  private void refresh(Pool pool, String name, @Nullable String exchange) {
    if (closed) {
      return;
    }
    CompletableFuture<List<Candidate>> asked;
    try {
      asked = manager.members(name, exchange).toCompletableFuture().copy();
    } catch (RuntimeException e) {
      asked = CompletableFuture.failedFuture(e);
    }
    asked
        .orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete(
            (members, failure) -> {
              if (!closed) {
                loop.execute(() -> refreshed(pool, name, exchange, members, failure));
              }
            });
  }

  private void refreshed(
      Pool pool,
      String name,
      @Nullable String exchange,
      @Nullable List<Candidate> candidates,
      @Nullable Throwable failure) {
    if (closed) {
      return;
    }
    List<MemberSettings> members = candidates == null ? List.of() : accepted(pool, candidates);
    String fault = null;
    if (failure != null) {
      fault = words(failure);
    } else if (members.isEmpty()) {
      fault = "it has no proxy that may be used";
    } else {
      pool.setMembers(members, System.nanoTime());
    }
    events.managerRefreshed(pool.name(), members.size(), fault);
    loop.schedule(() -> refresh(pool, name, exchange), wait(fault != null), TimeUnit.MILLISECONDS);
  }

  private long wait(boolean failed) {
    Duration usual = settings.refresh();
    boolean sooner = failed && usual.compareTo(LONGEST_RETRY) > 0;
    long millis = (sooner ? LONGEST_RETRY : usual).toMillis();
    return Math.round(millis * (1 - JITTER + 2 * JITTER * random.nextDouble()));
  }

  /** Never the whole message of a manager's exception: it may hold a URL with a password. */
  private static String words(Throwable failure) {
    Throwable cause = failure.getCause() == null ? failure : failure.getCause();
    return cause instanceof TimeoutException
        ? "it did not respond within " + PATIENCE.toSeconds() + " s"
        : cause.getClass().getSimpleName();
  }

  private List<MemberSettings> accepted(Pool pool, List<Candidate> candidates) {
    List<MemberSettings> members = new ArrayList<>();
    for (int i = 0; i < candidates.size(); i++) {
      try {
        members.add(accepted(candidates.get(i)));
      } catch (IllegalArgumentException e) {
        LOG.warn(
            "pool={} the manager's proxy {} is left out: {}",
            pool.name(),
            i + 1,
            UntrustedText.sanitised(e.getMessage()));
      }
    }
    return members;
  }

  private MemberSettings accepted(Candidate candidate) {
    ProxyUrl url = ProxyUrl.parse(candidate.url());
    compliance
        .fault(url)
        .ifPresent(
            fault -> {
              throw new IllegalArgumentException(fault);
            });
    if (!(candidate.weight() >= LEAST_WEIGHT && candidate.weight() <= MOST_WEIGHT)) {
      throw new IllegalArgumentException("its weight is not 0.1 to 10: " + candidate.weight());
    }
    String region = candidate.region();
    return new MemberSettings(
        url,
        candidate.weight(),
        region == null ? null : region.toUpperCase(Locale.ROOT),
        candidate.priority(),
        true);
  }

  @Override
  public void close() {
    closed = true;
    manager.close();
  }
}
