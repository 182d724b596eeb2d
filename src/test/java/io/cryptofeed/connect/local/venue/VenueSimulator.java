package io.cryptofeed.connect.local.venue;

import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.SimulatedInstrument;
import io.cryptofeed.connect.local.venue.market.SimulatedMarket;
import io.cryptofeed.connect.local.venue.market.TradeTruth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A venue with a market of its own, whose truth is known: every trade, and the book at any time.
 * Faults concern what clients are told, never the truth.
 */
public abstract class VenueSimulator extends VenueServer {

  private static final int FIREHOSE_ORDERS = 256;
  private static final double MOST_SECONDS_TO_CATCH_UP = 1;

  private final SimulatedMarket market;
  private final List<Listing> listings = new ArrayList<>();
  private final Map<String, Feed> feeds = new TreeMap<>();

  // Owned by the venue's thread.
  private boolean paused;
  private long lastTick = System.nanoTime();
  private boolean firehose;
  private int ordersPerBookMessage;
  private int ordersSinceBook;
  private boolean pumping;

  public VenueSimulator(String name, SimulatorOptions options, List<String> usualSymbols) {
    super(name, options);
    market =
        new SimulatedMarket(
            options.symbols().isEmpty() ? usualSymbols : options.symbols(),
            options.depth(),
            options.seed(),
            options.keepHistory());
  }

  /** An instrument as this venue lists it: tells clients what happens to it. */
  public abstract static class Listing implements SimulatedInstrument.LevelSink {
    private final SimulatedInstrument instrument;
    private double owedTrades;
    private double owedChanges;
    private boolean halted;
    private Feed.@Nullable Fault bookFault;
    private Feed.@Nullable Fault tradeFault;
    private long bookMessages;

    public Listing(SimulatedInstrument instrument) {
      this.instrument = instrument;
    }

    public final SimulatedInstrument instrument() {
      return instrument;
    }

    /** Tells a taker order's trades. */
    public abstract void traded(SimulatedInstrument.TakerOrder order);

    /** Tells the collected changes of the book where their time has come. */
    public abstract void tellBook(long nanoTime);

    /** Tells the collected changes of the book now. */
    public abstract void tellBook();

    /** Tells what a venue tells once in a while. */
    public void tick(long nanoTime) {}

    public final void publishBook(Feed feed, JsonBytes message) {
      bookMessages++;
      bookFault = publish(feed, message, bookFault);
    }

    public final void publishTrade(Feed feed, JsonBytes message) {
      tradeFault = publish(feed, message, tradeFault);
    }

    private static Feed.@Nullable Fault publish(
        Feed feed, JsonBytes message, Feed.@Nullable Fault fault) {
      if (fault == null) {
        feed.publish(message);
      } else {
        feed.publish(message, fault);
      }
      return null;
    }
  }

  /** Lists all instruments; called once, by the constructors of the venues. */
  public final void list(Function<SimulatedInstrument, Listing> listing) {
    market.instruments().forEach(instrument -> listings.add(listing.apply(instrument)));
  }

  /** The stream of this name; a new one, on which nothing happens, when there was none. */
  public final Feed feed(String name) {
    return feeds.computeIfAbsent(name, Feed::new);
  }

  public final List<Listing> listings() {
    return listings;
  }

  // ---- The truth ----

  /** The normalised symbols that are traded. */
  public final List<String> symbols() {
    return List.copyOf(market.symbols());
  }

  /** All trades of an instrument, the oldest first. */
  public final List<TradeTruth> trades(String symbol) {
    return call(() -> market.instrument(symbol).trades());
  }

  /** How many trades of an instrument happened. */
  public final long tradeCount(String symbol) {
    return call(() -> market.instrument(symbol).tradeCount());
  }

  /** The book of an instrument as it is now. */
  public final BookTruth book(String symbol) {
    return call(() -> market.instrument(symbol).book());
  }

  /** The id of the newest change of a book. */
  public final long updateId(String symbol) {
    return call(() -> market.instrument(symbol).updateId());
  }

  /** The book of an instrument after the change with this id. */
  public final BookTruth bookAt(String symbol, long updateId) {
    return call(() -> market.instrument(symbol).bookAt(updateId));
  }

  /** How many messages of book changes there were for subscribers, skipped ones included. */
  public final long bookMessages(String symbol) {
    return call(() -> listing(symbol).bookMessages);
  }

  /** How many clients are subscribed to each stream, by the venue's name of the stream. */
  public final Map<String, Integer> subscriptions() {
    return call(
        () -> {
          Map<String, Integer> counts = new TreeMap<>();
          for (Feed feed : feeds.values()) {
            if (feed.subscribers() > 0) {
              counts.put(feed.name(), feed.subscribers());
            }
          }
          return counts;
        });
  }

  // ---- The market at command ----

  /**
   * Lets the market stand still; all that happened so far is told before this returns, so that a
   * client that has read everything knows the truth.
   */
  public final void pauseTrading() {
    run(
        () -> {
          paused = true;
          firehose = false;
          listings.forEach(Listing::tellBook);
        });
  }

  /** Ends {@link #pauseTrading()}. */
  public final void resumeTrading() {
    run(() -> paused = false);
  }

  /** Lets one instrument stand still, while its streams stay subscribed. */
  public final void haltTrading(String symbol) {
    run(
        () -> {
          listing(symbol).halted = true;
          listing(symbol).tellBook();
        });
  }

  /** Ends {@link #haltTrading(String)}. */
  public final void resumeTrading(String symbol) {
    run(() -> listing(symbol).halted = false);
  }

  /** Lets so many taker orders trade now, even while trading is paused. */
  public final void trade(String symbol, int orders) {
    run(
        () -> {
          Listing listing = listing(symbol);
          for (int i = 0; i < orders; i++) {
            listing.traded(listing.instrument.trade(nowMicros()));
          }
        });
  }

  /** Changes the book so many times now, even while trading is paused, and tells it at once. */
  public final void changeBook(String symbol, int changes) {
    run(
        () -> {
          Listing listing = listing(symbol);
          for (int i = 0; i < changes; i++) {
            listing.instrument.changeBook(listing);
          }
          listing.tellBook();
        });
  }

  /**
   * Makes events as fast as the clients take them, instead of at the configured rates, until {@link
   * #pauseTrading()}. A client that does not keep up is waited for.
   *
   * @param ordersPerBookMessage how many taker orders come between two messages of book changes; 0
   *     for no book changes
   */
  public final void firehose(int ordersPerBookMessage) {
    if (options().keepHistory()) {
      throw new IllegalStateException(
          "a firehose would fill the memory with history: start the simulator with"
              + " keepHistory(false)");
    }
    run(
        () -> {
          this.ordersPerBookMessage = ordersPerBookMessage;
          paused = false;
          firehose = true;
        });
  }

  // ---- Faults ----

  /** The next message of this instrument's book is lost on its way: a gap. */
  public final void skipNextUpdate(String symbol) {
    run(() -> listing(symbol).bookFault = Feed.Fault.SKIP);
  }

  /** The next message of this instrument's book is sent twice. */
  public final void duplicateNext(String symbol) {
    run(() -> listing(symbol).bookFault = Feed.Fault.DUPLICATE);
  }

  /** The next message of this instrument's book is sent after the one that follows it. */
  public final void reorderNext(String symbol) {
    run(() -> listing(symbol).bookFault = Feed.Fault.REORDER);
  }

  /** The next trade message of this instrument is lost on its way. */
  public final void skipNextTrade(String symbol) {
    run(() -> listing(symbol).tradeFault = Feed.Fault.SKIP);
  }

  /** The next trade message of this instrument is sent twice. */
  public final void duplicateNextTrade(String symbol) {
    run(() -> listing(symbol).tradeFault = Feed.Fault.DUPLICATE);
  }

  // ---- The clock ----

  @Override
  public final void tick(long nanoTime) {
    double seconds =
        Math.min(
            (nanoTime - lastTick) / (double) TimeUnit.SECONDS.toNanos(1), MOST_SECONDS_TO_CATCH_UP);
    lastTick = nanoTime;
    if (firehose) {
      pump();
    }
    long nowMicros = nowMicros();
    for (Listing listing : listings) {
      if (!paused && !firehose && !listing.halted) {
        happen(listing, seconds, nowMicros);
      }
      listing.tellBook(nanoTime);
      listing.tick(nanoTime);
    }
  }

  private void happen(Listing listing, double seconds, long nowMicros) {
    listing.owedTrades += options().tradesPerSecond() * seconds;
    while (listing.owedTrades >= 1) {
      SimulatedInstrument.TakerOrder order = listing.instrument.trade(nowMicros);
      listing.owedTrades -= order.sizes().length;
      listing.traded(order);
    }
    listing.owedChanges += options().bookChangesPerSecond() * seconds;
    for (; listing.owedChanges >= 1; listing.owedChanges--) {
      listing.instrument.changeBook(listing);
    }
  }

  @Override
  public final void writable() {
    if (firehose) {
      pump();
    }
  }

  private void pump() {
    if (!pumping) {
      pumping = true;
      soon(this::pumpOnce);
    }
  }

  private void pumpOnce() {
    pumping = false;
    if (!firehose || isStalled() || !clientsTakeMore() || !isAnythingSubscribed()) {
      return;
    }
    long nowMicros = nowMicros();
    for (int i = 0; i < FIREHOSE_ORDERS; i++) {
      boolean tellBook = ordersPerBookMessage > 0 && ++ordersSinceBook >= ordersPerBookMessage;
      for (Listing listing : listings) {
        listing.traded(listing.instrument.trade(nowMicros));
        if (tellBook) {
          listing.instrument.changeBook(listing);
          listing.tellBook();
        }
      }
      if (tellBook) {
        ordersSinceBook = 0;
      }
    }
    flushAll();
    pump();
  }

  private boolean isAnythingSubscribed() {
    for (Feed feed : feeds.values()) {
      if (feed.subscribers() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Microseconds since the epoch. */
  public static long nowMicros() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000 + now.getNano() / 1_000;
  }

  private Listing listing(String symbol) {
    SimulatedInstrument wanted = market.instrument(symbol);
    return listings.stream()
        .filter(listing -> listing.instrument == wanted)
        .findFirst()
        .orElseThrow();
  }
}
