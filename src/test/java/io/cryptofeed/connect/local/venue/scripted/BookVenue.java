package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A venue that keeps books and sends them in the format of a {@link Dialect}: a snapshot when a
 * book is subscribed or requested, and deltas when the test changes the books. A test can make it
 * lose a delta.
 */
public final class BookVenue extends VenueServer {

  private static final int LEVELS = 40;

  /** The messages of one venue. Symbols are the venue's own. */
  public interface Dialect {

    /** The REST response with the instruments or with a book; null for 404. */
    @Nullable String rest(String path, @Nullable String symbol, BookVenue venue);

    /** Handles a frame of a client. */
    void text(String message, BookVenue venue, Client client);

    /** The snapshot that the stream sends on subscribing; null if it sends none. */
    @Nullable String snapshot(Market market);

    /** A delta with the levels that changed since the last message. */
    String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks);

    /** A message with the best bid and ask, if the venue sends any. */
    default String quote(Market market) {
      throw new UnsupportedOperationException("this venue sends no quotes");
    }

    /** Whether messages are gzip files. */
    boolean gzips();

    /** How many levels per side the venue updates. */
    default int depth() {
      return Integer.MAX_VALUE;
    }
  }

  /** A book: prices are hundredths, sizes thousandths. */
  public static final class Market {
    private final String symbol;
    private final TreeMap<Integer, Integer> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<Integer, Integer> asks = new TreeMap<>();
    private long previous = 1_000;
    private long sequence = 1_000;

    /** Every book that there was, by its sequence number. */
    private final Map<Long, List<int[]>> history = new HashMap<>();

    private Market(String symbol) {
      this.symbol = symbol;
      for (int i = 0; i < LEVELS; i++) {
        bids.put(50_000 - i * 3, 1_000 + i);
        asks.put(50_001 + i * 3, 2_000 + i);
      }
      remember();
    }

    private void remember() {
      history.put(sequence, List.of(pairs(bids), pairs(asks)));
    }

    /** Price and size of each level, the best first. */
    private static int[] pairs(TreeMap<Integer, Integer> side) {
      int[] pairs = new int[2 * side.size()];
      int at = 0;
      for (Map.Entry<Integer, Integer> level : side.entrySet()) {
        pairs[at++] = level.getKey();
        pairs[at++] = level.getValue();
      }
      return pairs;
    }

    /** The venue's symbol. */
    public String symbol() {
      return symbol;
    }

    /** Bids, the best first. */
    public Map<Integer, Integer> bids() {
      return bids;
    }

    /** Asks, the best first. */
    public Map<Integer, Integer> asks() {
      return asks;
    }

    /** The sequence number of the newest delta. */
    public long sequence() {
      return sequence;
    }

    /** The sequence number of the delta before. */
    public long previous() {
      return previous;
    }

    private BookTruth truth(long at, int depth, BigDecimal unit) {
      List<int[]> sides = history.get(at);
      if (sides == null) {
        throw new IllegalArgumentException(symbol + " never had the sequence number " + at);
      }
      BookTruth truth = new BookTruth();
      set(truth, true, sides.get(0), depth, unit);
      set(truth, false, sides.get(1), depth, unit);
      return truth;
    }

    private static void set(BookTruth truth, boolean bid, int[] pairs, int depth, BigDecimal unit) {
      for (int i = 0; i < pairs.length && i / 2 < depth; i += 2) {
        truth.set(bid, price(pairs[i]), size(pairs[i + 1], unit));
      }
    }

    private static BigDecimal price(int hundredths) {
      return BigDecimal.valueOf(hundredths, 2);
    }

    private static BigDecimal size(int thousandths, BigDecimal unit) {
      return BigDecimal.valueOf(thousandths, 3).multiply(unit);
    }
  }

  /** A connection of a client. */
  public final class Client {
    private final NumberedSender sender;
    private final List<String> books = new ArrayList<>();
    private final List<String> quotes = new ArrayList<>();

    private Client(ClientSocket socket) {
      sender = new NumberedSender(socket, dialect.gzips());
    }

    /** Sends a message. */
    public void send(String text) {
      sender.send(text);
    }

    /** Streams a book, starting with a snapshot if the venue sends one. */
    public void subscribe(String symbol) {
      books.remove(symbol);
      books.add(symbol);
      subscriptions.merge(symbol, 1, Integer::sum);
      String snapshot = dialect.snapshot(market(symbol));
      if (snapshot != null) {
        send(snapshot);
      }
    }

    /** Streams the best bid and ask, starting with the next change. */
    public void subscribeQuotes(String symbol) {
      quotes.add(symbol);
      subscriptions.merge(symbol, 1, Integer::sum);
    }

    /** Stops to stream a book. */
    public void unsubscribe(String symbol) {
      books.remove(symbol);
    }
  }

  private final Dialect dialect;
  private final Random random;

  // Owned by the venue's thread.
  private final Map<String, Market> markets = new LinkedHashMap<>();
  private final List<Client> clients = new ArrayList<>();
  private final Map<String, Integer> subscriptions = new HashMap<>();
  private final Map<String, Integer> books = new HashMap<>();
  private @Nullable String losing;

  private BookVenue(Dialect dialect, long seed, List<String> symbols, SimulatorOptions options) {
    super("book-venue", options);
    this.dialect = dialect;
    random = new Random(seed);
    symbols.forEach(symbol -> markets.put(symbol, new Market(symbol)));
  }

  /** Starts a venue that listens when this returns. */
  public static BookVenue start(Dialect dialect, long seed, List<String> symbols) {
    return start(dialect, seed, symbols, SimulatorOptions.defaults());
  }

  /**
   * The same, with a certificate, a port, or a choice of peers.
   *
   * @param options those about the market are ignored
   */
  public static BookVenue start(
      Dialect dialect, long seed, List<String> symbols, SimulatorOptions options) {
    BookVenue venue = new BookVenue(dialect, seed, symbols, options);
    venue.start();
    return venue;
  }

  /** The market of a symbol. */
  public Market market(String symbol) {
    Market market = markets.get(symbol);
    if (market == null) {
      throw new IllegalArgumentException(
          "unknown symbol '" + symbol + "'; known are " + markets.keySet());
    }
    return market;
  }

  /** All markets. */
  public Iterable<Market> markets() {
    return markets.values();
  }

  /** Counts a request for a book. */
  public void countRequest(String symbol) {
    books.merge(symbol, 1, Integer::sum);
  }

  /** The sequence number of the newest delta of a book. */
  public long sequence(String symbol) {
    return call(() -> market(symbol).sequence);
  }

  /** How often a book, or its best bid and ask, was subscribed. */
  public int subscriptions(String symbol) {
    return call(() -> subscriptions.getOrDefault(symbol, 0));
  }

  /** How often a snapshot was requested. */
  public int requests(String symbol) {
    return call(() -> books.getOrDefault(symbol, 0));
  }

  /**
   * The book as it is now.
   *
   * @param unit the size of one of the venue's units
   */
  public BookTruth truth(String symbol, BigDecimal unit) {
    return call(() -> market(symbol).truth(market(symbol).sequence, dialect.depth(), unit));
  }

  /** The book as it was at a sequence number. */
  public BookTruth truth(String symbol, long sequence, BigDecimal unit) {
    return call(() -> market(symbol).truth(sequence, dialect.depth(), unit));
  }

  /** Loses the next delta of a book. */
  public void loseNext(String symbol) {
    run(() -> losing = symbol);
  }

  /** Changes every book so many times. */
  public void change(int times) {
    run(
        () -> {
          for (int i = 0; i < times; i++) {
            markets.values().forEach(this::change);
          }
        });
  }

  private void change(Market market) {
    Map<Integer, Integer> bidsBefore = window(market.bids);
    Map<Integer, Integer> asksBefore = window(market.asks);
    boolean lost = market.symbol.equals(losing);
    if (lost) {
      // The best level changes, because every checksum covers it.
      int best = market.bids.firstKey();
      market.bids.merge(best, 1, Integer::sum);
    }
    for (int n = random.nextInt(4); n >= 0 && !lost; n--) {
      boolean bid = random.nextBoolean();
      TreeMap<Integer, Integer> side = bid ? market.bids : market.asks;
      int price =
          bid
              ? market.asks.firstKey() - 1 - random.nextInt(60)
              : market.bids.firstKey() + 1 + random.nextInt(60);
      int size = random.nextInt(3) == 0 && side.size() > 5 ? 0 : 1 + random.nextInt(9_999);
      if (size == 0) {
        side.remove(price);
      } else {
        side.put(price, size);
      }
    }
    market.previous = market.sequence;
    market.sequence++;
    market.remember();
    String delta =
        dialect.delta(market, changes(bidsBefore, market.bids), changes(asksBefore, market.asks));
    if (lost) {
      losing = null;
      clients.forEach(client -> client.sender.skip());
      return;
    }
    for (Client client : clients) {
      if (client.books.contains(market.symbol)) {
        client.send(delta);
      }
      if (client.quotes.contains(market.symbol)) {
        client.send(dialect.quote(market));
      }
    }
  }

  private Map<Integer, Integer> window(TreeMap<Integer, Integer> side) {
    Map<Integer, Integer> window = new LinkedHashMap<>();
    side.entrySet().stream()
        .limit(dialect.depth())
        .forEach(level -> window.put(level.getKey(), level.getValue()));
    return window;
  }

  /** Levels that changed or were removed; not those that only dropped out of the window. */
  private Map<Integer, Integer> changes(
      Map<Integer, Integer> before, TreeMap<Integer, Integer> side) {
    Map<Integer, Integer> changes = new LinkedHashMap<>();
    window(side)
        .forEach(
            (price, size) -> {
              if (!size.equals(before.get(price))) {
                changes.put(price, size);
              }
            });
    before
        .keySet()
        .forEach(
            price -> {
              if (!side.containsKey(price)) {
                changes.put(price, 0);
              }
            });
    return changes;
  }

  @Override
  public VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    Client client = new Client(socket);
    return new VenueSession() {
      @Override
      public void opened() {
        clients.add(client);
      }

      @Override
      public void text(String message) {
        dialect.text(message, BookVenue.this, client);
      }

      @Override
      public void closed() {
        clients.remove(client);
      }
    };
  }

  @Override
  public HttpReply answer(HttpCall call) {
    String body = dialect.rest(call.path(), call.parameter("symbol"), this);
    return body == null ? HttpReply.json(404, errorBody(404)) : HttpReply.json(200, body);
  }

  @Override
  public String errorBody(int status) {
    return "{\"code\":" + status + "}";
  }

  @Override
  public boolean compresses() {
    return false;
  }
}
