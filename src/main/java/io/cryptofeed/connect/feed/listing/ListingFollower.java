package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.market.Instrument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which instruments of an exchange are streamed: those that the configured symbols name
 * among the listed ones. It lists them again at an interval, and follows the changes. Used by its
 * event loop.
 */
public final class ListingFollower {

  private static final Logger LOG = LoggerFactory.getLogger(ListingFollower.class);

  private final String exchange;
  private final List<String> symbols;
  private final Duration refreshInterval;
  private final RandomGenerator random;
  private final FeedLoop loop;
  private final BiConsumer<List<Instrument>, Runnable> preparation;
  private final Source source;
  private final Listener listener;
  private final Set<Instrument> streamed = new LinkedHashSet<>();
  private boolean resolved;

  /** Counts the starts and stops: what was requested before the last one is out of date. */
  private int epoch;

  /** Lists the instruments of the exchange, with retries until that succeeds. */
  @FunctionalInterface
  public interface Source {

    /**
     * Requests the list.
     *
     * @param then takes all instruments that are listed; called on the event loop
     */
    void list(Consumer<List<Instrument>> then);
  }

  /** Streams the instruments. */
  public interface Listener {

    /**
     * The exchange does not list some of the configured symbols; called once, before the others are
     * added.
     *
     * @throws RuntimeException if the feed cannot go on, so that nothing is added
     */
    void onMissing(SymbolResolution resolution);

    /**
     * Instruments are to be streamed.
     *
     * @param newlyListed false for those of the first list, which may be none
     */
    void onAdded(List<Instrument> instruments, boolean newlyListed);

    /**
     * An instrument is not to be streamed any more.
     *
     * @param reason for people
     */
    void onRemoved(Instrument instrument, String reason);
  }

  /**
   * @param exchange the id of the exchange
   * @param symbols normalised symbols and patterns
   * @param refreshInterval how often the instruments are listed again, zero for never
   * @param random jitter
   * @param preparation gets what the streams of new instruments need to know, and then runs a step
   *     on the event loop
   */
  public ListingFollower(
      String exchange,
      List<String> symbols,
      Duration refreshInterval,
      RandomGenerator random,
      FeedLoop loop,
      BiConsumer<List<Instrument>, Runnable> preparation,
      Source source,
      Listener listener) {
    this.exchange = exchange;
    this.symbols = symbols;
    this.refreshInterval = refreshInterval;
    this.random = random;
    this.loop = loop;
    this.preparation = preparation;
    this.source = source;
    this.listener = listener;
  }

  /** Lists the instruments now; what was requested before is ignored. */
  public void start() {
    epoch++;
    list();
  }

  /** Ignores what has been requested, and requests nothing more until the next start. */
  public void stop() {
    epoch++;
  }

  private void list() {
    int own = epoch;
    source.list(
        listed -> {
          if (own == epoch) {
            onListed(SymbolResolution.of(symbols, listed));
          }
        });
  }

  private void onListed(SymbolResolution resolution) {
    if (resolved) {
      follow(resolution);
    } else {
      resolve(resolution);
    }
    refreshLater();
  }

  private void resolve(SymbolResolution resolution) {
    for (Instrument instrument : resolution.found()) {
      if (!instrument.active()) {
        LOG.warn(
            "exchange={} symbol={} is listed, but it is not traded now",
            exchange,
            instrument.symbol());
      }
    }
    if (!resolution.missing().isEmpty()) {
      listener.onMissing(resolution);
    }
    if (resolution.found().isEmpty()) {
      LOG.warn(
          "exchange={} nothing is streamed: it lists none of the symbols {}", exchange, symbols);
    }
    resolved = true;
    add(resolution.found(), false);
  }

  private void follow(SymbolResolution resolution) {
    ListingChange change = ListingChange.of(resolution.found(), List.copyOf(streamed));
    for (ListingChange.Gone gone : change.gone()) {
      LOG.warn("exchange={} symbol={} {}", exchange, gone.instrument().symbol(), gone.reason());
      streamed.remove(gone.instrument());
      listener.onRemoved(gone.instrument(), gone.reason());
    }
    if (!change.added().isEmpty()) {
      LOG.info(
          "exchange={} newly listed: {}",
          exchange,
          change.added().stream().map(Instrument::symbol).toList());
      add(change.added(), true);
    }
  }

  private void add(List<Instrument> instruments, boolean newlyListed) {
    streamed.addAll(instruments);
    preparation.accept(
        instruments,
        () -> {
          // One may have been removed in the meantime.
          List<Instrument> added = new ArrayList<>(instruments);
          added.retainAll(streamed);
          if (!newlyListed || !added.isEmpty()) {
            listener.onAdded(added, newlyListed);
          }
        });
  }

  private void refreshLater() {
    long interval = refreshInterval.toNanos();
    if (interval > 0) {
      int own = epoch;
      // Tasks that were started together do not send their requests together.
      long wait = interval - random.nextLong(interval / 10 + 1);
      loop.later(
          wait,
          () -> {
            if (own == epoch) {
              list();
            }
          });
    }
  }
}
