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
 * A venue with a market of its own, which knows every trade and the book at any time. Faults change
 * only the messages to clients, never the market.
 */
public abstract class VenueSimulator extends VenueServer {

  private static final int FIREHOSE_ORDERS = 256;
  private static final double MOST_SECONDS_TO_CATCH_UP = 1;

  private final SimulatedMarket market;
  private final List<Listing> listings = new ArrayList<>();
  private final Map<String, VenueStream> streams = new TreeMap<>();

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

  /** An instrument as this venue lists it: sends its events to clients. */
  public abstract static class Listing implements SimulatedInstrument.LevelSink {
    private final SimulatedInstrument instrument;
    private double owedTrades;
    private double owedChanges;
    private boolean halted;
    private VenueStream.@Nullable Fault bookFault;
    private VenueStream.@Nullable Fault tradeFault;
    private long bookMessages;

    public Listing(SimulatedInstrument instrument) {
      this.instrument = instrument;
    }

    public final SimulatedInstrument instrument() {
      return instrument;
    }

    /** Sends the trades of a taker order. */
    public abstract void traded(SimulatedInstrument.TakerOrder order);

    /** Sends the collected changes of the book if their interval has passed. */
    public abstract void sendBookIfDue(long nanoTime);

    /** Sends the collected changes of the book now. */
    public abstract void sendBook();

    /** Sends messages that are due at an interval. */
    public void tick(long nanoTime) {}

    public final void publishBook(VenueStream stream, JsonBytes message) {
      bookMessages++;
      bookFault = publish(stream, message, bookFault);
    }

    public final void publishTrade(VenueStream stream, JsonBytes message) {
      tradeFault = publish(stream, message, tradeFault);
    }

    private static VenueStream.@Nullable Fault publish(
        VenueStream stream, JsonBytes message, VenueStream.@Nullable Fault fault) {
      if (fault == null) {
        stream.publish(message);
      } else {
        stream.publish(message, fault);
      }
      return null;
    }
  }

  /** Lists all instruments; called once, by the constructors of the venues. */
  public final void list(Function<SimulatedInstrument, Listing> listing) {
    market.instruments().forEach(instrument -> listings.add(listing.apply(instrument)));
  }

  /** The stream of this name; a new one without messages if there is none. */
  public final VenueStream stream(String name) {
    return streams.computeIfAbsent(name, VenueStream::new);
  }

  public final List<Listing> listings() {
    return listings;
  }

  // ---- What happened ----

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

  /** How many messages about a book were made for subscribers, skipped ones included. */
  public final long bookMessages(String symbol) {
    return call(() -> listing(symbol).bookMessages);
  }

  /** How many clients are subscribed to each stream, by the venue's name of the stream. */
  public final Map<String, Integer> subscriptions() {
    return call(
        () -> {
          Map<String, Integer> counts = new TreeMap<>();
          for (VenueStream stream : streams.values()) {
            if (stream.subscribers() > 0) {
              counts.put(stream.name(), stream.subscribers());
            }
          }
          return counts;
        });
  }

  // ---- Making trades and changes ----

  /**
   * Pauses the market. Everything that happened is sent before this returns, so that a client that
   * has read everything has all trades and the right books.
   */
  public final void pauseTrading() {
    run(
        () -> {
          paused = true;
          firehose = false;
          listings.forEach(Listing::sendBook);
        });
  }

  /** Ends {@link #pauseTrading()}. */
  public final void resumeTrading() {
    run(() -> paused = false);
  }

  /** Pauses one instrument; its streams stay subscribed. */
  public final void haltTrading(String symbol) {
    run(
        () -> {
          listing(symbol).halted = true;
          listing(symbol).sendBook();
        });
  }

  /** Ends {@link #haltTrading(String)}. */
  public final void resumeTrading(String symbol) {
    run(() -> listing(symbol).halted = false);
  }

  /** Makes so many taker orders trade now, even if trading is paused. */
  public final void trade(String symbol, int orders) {
    run(
        () -> {
          Listing listing = listing(symbol);
          for (int i = 0; i < orders; i++) {
            listing.traded(listing.instrument.trade(nowMicros()));
          }
        });
  }

  /** Changes the book so many times now, even if trading is paused, and sends it at once. */
  public final void changeBook(String symbol, int changes) {
    run(
        () -> {
          Listing listing = listing(symbol);
          for (int i = 0; i < changes; i++) {
            listing.instrument.changeBook(listing);
          }
          listing.sendBook();
        });
  }

  /** Makes the best bid an ask so many times, each five times in a message. */
  public final void fall(String symbol, int messages) {
    run(
        () -> {
          Listing listing = listing(symbol);
          for (int i = 0; i < messages; i++) {
            for (int n = 0; n < 5; n++) {
              listing.instrument.fall(listing);
            }
            listing.sendBook();
          }
        });
  }

  /**
   * Makes events as fast as the slowest client reads them, instead of at the configured rates,
   * until {@link #pauseTrading()}.
   *
   * @param ordersPerBookMessage how many taker orders are between two messages of book changes; 0
   *     for no book changes
   */
  public final void firehose(int ordersPerBookMessage) {
    if (options().keepHistory()) {
      throw new IllegalStateException(
          "a firehose would fill the memory with its history: start the simulator with"
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

  /** The next message of this instrument's book is lost: a gap. */
  public final void skipNextUpdate(String symbol) {
    run(() -> listing(symbol).bookFault = VenueStream.Fault.SKIP);
  }

  /** The next message of this instrument's book is sent twice. */
  public final void duplicateNext(String symbol) {
    run(() -> listing(symbol).bookFault = VenueStream.Fault.DUPLICATE);
  }

  /** The next message of this instrument's book is sent after the one that follows it. */
  public final void reorderNext(String symbol) {
    run(() -> listing(symbol).bookFault = VenueStream.Fault.REORDER);
  }

  /** The next trade message of this instrument is lost. */
  public final void skipNextTrade(String symbol) {
    run(() -> listing(symbol).tradeFault = VenueStream.Fault.SKIP);
  }

  /** The next trade message of this instrument is sent twice. */
  public final void duplicateNextTrade(String symbol) {
    run(() -> listing(symbol).tradeFault = VenueStream.Fault.DUPLICATE);
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
        advance(listing, seconds, nowMicros);
      }
      listing.sendBookIfDue(nanoTime);
      listing.tick(nanoTime);
    }
  }

  private void advance(Listing listing, double seconds, long nowMicros) {
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
      boolean bookIsDue = ordersPerBookMessage > 0 && ++ordersSinceBook >= ordersPerBookMessage;
      for (Listing listing : listings) {
        listing.traded(listing.instrument.trade(nowMicros));
        if (bookIsDue) {
          listing.instrument.changeBook(listing);
          listing.sendBook();
        }
      }
      if (bookIsDue) {
        ordersSinceBook = 0;
      }
    }
    flushAll();
    pump();
  }

  private boolean isAnythingSubscribed() {
    for (VenueStream stream : streams.values()) {
      if (stream.subscribers() > 0) {
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

  /** The listing of an instrument; used by the thread of the venue. */
  protected final Listing listing(String symbol) {
    SimulatedInstrument wanted = market.instrument(symbol);
    return listings.stream()
        .filter(listing -> listing.instrument == wanted)
        .findFirst()
        .orElseThrow();
  }
}
