package io.cryptofeed.connect.feed.listing;

import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.InstrumentOffsets;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.NormalisedSymbol;
import io.cryptofeed.connect.market.TradingState;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides which instruments of an exchange are streamed: those that the configured symbols name
 * among the listed ones. It lists them again at an interval, and follows the changes. Used by its
 * event loop.
 *
 * <ol>
 *   <li>A halt ends no stream. While one lasts, the list is read more often, to report its end.
 *   <li>A symbol that is missing at the start was delisted if a committed offset knows it;
 *       otherwise the listener decides.
 *   <li>Absence counts only if every list of the exchange was read.
 * </ol>
 */
public final class ListingFollower {

  private static final Logger LOG = LoggerFactory.getLogger(ListingFollower.class);

  /** How soon the list is read again in a halt, doubled each time, and if a part was missing. */
  private static final long SOON_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final String exchange;
  private final List<String> symbols;
  private final Duration refreshInterval;
  private final RandomGenerator random;
  private final FeedLoop loop;
  private final InstrumentOffsets offsets;
  private final Source source;
  private final Listener listener;
  private final Set<Instrument> streamed = new LinkedHashSet<>();

  /** The instruments of {@link #streamed} that the listener knows. */
  private final Set<Instrument> added = new HashSet<>();

  /** The instruments of {@link #streamed} that are not traded now. */
  private final Set<Instrument> halted = new HashSet<>();

  private boolean started;
  private boolean missingJudged;
  private long haltCheckNanos = SOON_NANOS;

  /** Counts the starts and stops: what was requested before the last one is out of date. */
  private int epoch;

  /** Lists the instruments of the exchange, with retries until that succeeds. */
  @FunctionalInterface
  public interface Source {

    /**
     * Requests the list.
     *
     * @param then takes what is listed; called on the event loop
     */
    void list(Consumer<Listing> then);
  }

  /** Streams the instruments. */
  public interface Listener {

    /**
     * The exchange does not list some of the configured symbols, and none of them has been streamed
     * before; called at most once, before the others are added if the first list is complete.
     *
     * @throws RuntimeException if the feed cannot go on, so that nothing is added
     */
    void onMissing(SymbolResolution resolution);

    /** An instrument was delisted while nothing was streamed. */
    void onDelistedBefore(Instrument instrument);

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

    /** An instrument that is streamed is not traded for now. */
    void onHalted(Instrument instrument);

    /** An instrument that is streamed is traded again. */
    void onResumed(Instrument instrument);
  }

  /**
   * @param exchange the id of the exchange
   * @param symbols normalised symbols and patterns
   * @param refreshInterval how often the instruments are listed again, zero for never
   * @param random jitter
   * @param offsets gets what the streams of new instruments need to know
   */
  public ListingFollower(
      String exchange,
      List<String> symbols,
      Duration refreshInterval,
      RandomGenerator random,
      FeedLoop loop,
      InstrumentOffsets offsets,
      Source source,
      Listener listener) {
    this.exchange = exchange;
    this.symbols = symbols;
    this.refreshInterval = refreshInterval;
    this.random = random;
    this.loop = loop;
    this.offsets = offsets;
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
    source.list(current(this::onListed));
  }

  /** A step that does nothing after the next start or stop. */
  private <T> Consumer<T> current(Consumer<T> step) {
    int own = epoch;
    return value -> {
      if (own == epoch) {
        step.accept(value);
      }
    };
  }

  private void onListed(Listing listing) {
    SymbolResolution resolution = SymbolResolution.of(symbols, listing.instruments());
    boolean judges = !missingJudged && listing.complete();
    List<Instrument> doubtful = new ArrayList<>();
    if (judges) {
      resolution.missing().forEach(symbol -> doubtful.addAll(spellings(symbol)));
    }
    if (!started) {
      doubtful.addAll(haltedByPattern(resolution));
    }
    Consumer<Set<Instrument>> then =
        current(
            known -> {
              if (judges) {
                missingJudged = true;
                judge(resolution, known);
              }
              if (started) {
                follow(listing, resolution);
              } else {
                begin(resolution, known);
              }
              refreshLater(listing);
            });
    if (doubtful.isEmpty()) {
      then.accept(Set.of());
    } else {
      offsets.known(List.copyOf(doubtful), then);
    }
  }

  /** The instruments that a missing symbol may have been: few symbols have a small letter. */
  private List<Instrument> spellings(String symbol) {
    List<Instrument> spellings = new ArrayList<>();
    spellings.add(NormalisedSymbol.unlisted(exchange, symbol));
    for (int i = 0; i < symbol.indexOf('-'); i++) {
      if (Character.isUpperCase(symbol.charAt(i))) {
        String spelling =
            symbol.substring(0, i)
                + Character.toLowerCase(symbol.charAt(i))
                + symbol.substring(i + 1);
        spellings.add(NormalisedSymbol.unlisted(exchange, spelling));
      }
    }
    return spellings;
  }

  /** Venues keep markets that ended long ago among the halted ones, and a pattern takes none. */
  private static List<Instrument> haltedByPattern(SymbolResolution resolution) {
    return resolution.found().stream()
        .filter(instrument -> instrument.state() == TradingState.HALTED)
        .filter(instrument -> !resolution.isNamed(instrument))
        .toList();
  }

  private void judge(SymbolResolution resolution, Set<Instrument> known) {
    List<String> neverListed = new ArrayList<>();
    for (String symbol : resolution.missing()) {
      List<Instrument> before = spellings(symbol).stream().filter(known::contains).toList();
      for (Instrument instrument : before) {
        LOG.warn(
            "exchange={} symbol={} was streamed before, but is not listed any more",
            exchange,
            instrument.symbol());
        listener.onDelistedBefore(instrument);
      }
      if (before.isEmpty()) {
        neverListed.add(symbol);
      }
    }
    if (!neverListed.isEmpty()) {
      listener.onMissing(resolution.withMissing(neverListed));
    }
  }

  private void begin(SymbolResolution resolution, Set<Instrument> known) {
    List<Instrument> first = new ArrayList<>(resolution.found());
    List<Instrument> ended = new ArrayList<>(haltedByPattern(resolution));
    ended.removeAll(known);
    first.removeAll(ended);
    if (first.isEmpty()) {
      LOG.warn(
          "exchange={} nothing is streamed: it lists none of the symbols {}", exchange, symbols);
    }
    started = true;
    add(first, false);
  }

  private void follow(Listing listing, SymbolResolution resolution) {
    ListingChange change = ListingChange.of(listing, resolution, List.copyOf(streamed));
    for (ListingChange.Gone gone : change.gone()) {
      LOG.warn("exchange={} symbol={} {}", exchange, gone.instrument().symbol(), gone.reason());
      streamed.remove(gone.instrument());
      halted.remove(gone.instrument());
      added.remove(gone.instrument());
      listener.onRemoved(gone.instrument(), gone.reason());
    }
    for (Instrument instrument : change.halted()) {
      if (halted.add(instrument)) {
        haltCheckNanos = SOON_NANOS;
        if (added.contains(instrument)) {
          halt(instrument);
        }
      }
    }
    for (Instrument instrument : change.trading()) {
      if (halted.remove(instrument) && added.contains(instrument)) {
        LOG.info("exchange={} symbol={} is traded again", exchange, instrument.symbol());
        listener.onResumed(instrument);
      }
    }
    if (!change.added().isEmpty()) {
      LOG.info(
          "exchange={} newly listed: {}",
          exchange,
          change.added().stream().map(Instrument::symbol).toList());
      add(change.added(), true);
    }
  }

  private void halt(Instrument instrument) {
    LOG.warn(
        "exchange={} symbol={} is listed, but it is not traded now", exchange, instrument.symbol());
    listener.onHalted(instrument);
  }

  private void add(List<Instrument> instruments, boolean newlyListed) {
    streamed.addAll(instruments);
    instruments.stream()
        .filter(instrument -> instrument.state() == TradingState.HALTED)
        .forEach(halted::add);
    offsets.prepare(
        instruments,
        () -> {
          // One may have been removed in the meantime.
          List<Instrument> kept = new ArrayList<>(instruments);
          kept.retainAll(streamed);
          if (!newlyListed || !kept.isEmpty()) {
            listener.onAdded(kept, newlyListed);
          }
          added.addAll(kept);
          kept.stream().filter(halted::contains).forEach(this::halt);
        });
  }

  private void refreshLater(Listing listing) {
    long interval = refreshInterval.toNanos();
    if (!listing.complete()) {
      interval = interval == 0 ? SOON_NANOS : Math.min(interval, SOON_NANOS);
    } else if (interval > 0 && !halted.isEmpty()) {
      interval = Math.min(interval, haltCheckNanos);
      haltCheckNanos = Math.min(2 * haltCheckNanos, refreshInterval.toNanos());
    }
    if (interval > 0) {
      // Tasks that were started together do not send their requests together.
      long wait = interval - random.nextLong(interval / 10 + 1);
      int own = epoch;
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
