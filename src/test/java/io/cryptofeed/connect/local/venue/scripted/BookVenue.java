package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A venue that keeps books and tells them in the words of a {@link Dialect}: a book when it is
 * subscribed or asked for, and its changes when the test wants some. A test may make it swallow a
 * change, as a network does that loses one.
 */
public final class BookVenue extends VenueServer {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LEVELS = 40;

  /** Where a message says its number within its connection. */
  public static final String NUMBER = "#number#";

  /** The words of one venue. Symbols are the venue's own. */
  public interface Dialect {

    /** What the venue answers about its instruments, and about a book, over REST; null for 404. */
    @Nullable String rest(String path, @Nullable String symbol, BookVenue venue);

    /** Takes a frame of a client. */
    void text(String message, BookVenue venue, Client client);

    /** Tells a full book, null where the stream does not. */
    @Nullable String snapshot(Market market);

    /** Tells the changes of a book since the last time. */
    String delta(Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks);

    /** Tells the best bid and ask, where the venue does. */
    default String quote(Market market) {
      throw new UnsupportedOperationException("no quotes here");
    }

    /** Whether messages are gzip files. */
    boolean packs();

    /** How many levels a side the venue keeps up to date. */
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

    private Market(String symbol) {
      this.symbol = symbol;
      for (int i = 0; i < LEVELS; i++) {
        bids.put(50_000 - i * 3, 1_000 + i);
        asks.put(50_001 + i * 3, 2_000 + i);
      }
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

    /** The number of the newest change. */
    public long sequence() {
      return sequence;
    }

    /** The number of the change before. */
    public long previous() {
      return previous;
    }

    private BookTruth truth(int depth, BigDecimal unit) {
      BookTruth truth = new BookTruth();
      bids.entrySet().stream()
          .limit(depth)
          .forEach(level -> truth.set(true, price(level.getKey()), size(level.getValue(), unit)));
      asks.entrySet().stream()
          .limit(depth)
          .forEach(level -> truth.set(false, price(level.getKey()), size(level.getValue(), unit)));
      return truth;
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
    private final ClientSocket socket;
    private final List<String> books = new ArrayList<>();
    private final List<String> quotes = new ArrayList<>();

    private long messages;

    private Client(ClientSocket socket) {
      this.socket = socket;
    }

    /** Sends a message. */
    public void send(String text) {
      String numbered = text.replace(NUMBER, Long.toString(messages++));
      if (dialect.packs()) {
        socket.send(packed(numbered), true);
      } else {
        socket.send(numbered);
      }
    }

    /** Streams a book, which begins with the full one where the venue sends it. */
    public void subscribe(String symbol) {
      books.remove(symbol);
      books.add(symbol);
      subscriptions.merge(symbol, 1, Integer::sum);
      String snapshot = dialect.snapshot(market(symbol));
      if (snapshot != null) {
        send(snapshot);
      }
    }

    /** Streams the best bid and ask from the next change on. */
    public void subscribeQuotes(String symbol) {
      quotes.add(symbol);
      subscriptions.merge(symbol, 1, Integer::sum);
    }

    /** Streams a book no longer. */
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
  private @Nullable String swallowing;

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
   * @param options what they say of a market does not count
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
      throw new IllegalArgumentException("no market " + symbol);
    }
    return market;
  }

  /** All markets. */
  public Iterable<Market> markets() {
    return markets.values();
  }

  /** Notes that a book was asked for. */
  public void asked(String symbol) {
    books.merge(symbol, 1, Integer::sum);
  }

  /** The number of the newest change of a book. */
  public long sequence(String symbol) {
    return call(() -> market(symbol).sequence);
  }

  /** How often a book, or the best of it, was subscribed. */
  public int subscriptions(String symbol) {
    return call(() -> subscriptions.getOrDefault(symbol, 0));
  }

  /** How often a full book was asked for. */
  public int requests(String symbol) {
    return call(() -> books.getOrDefault(symbol, 0));
  }

  /**
   * The book as it is now.
   *
   * @param unit how much one of the venue's units is
   */
  public BookTruth truth(String symbol, BigDecimal unit) {
    return call(() -> market(symbol).truth(dialect.depth(), unit));
  }

  /** Loses the next change of a book. */
  public void swallow(String symbol) {
    run(() -> swallowing = symbol);
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
    boolean swallowed = market.symbol.equals(swallowing);
    if (swallowed) {
      // Of the best level, which a checksum covers.
      int best = market.bids.firstKey();
      market.bids.merge(best, 1, Integer::sum);
    }
    for (int n = random.nextInt(4); n >= 0 && !swallowed; n--) {
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
    String delta =
        dialect.delta(market, changes(bidsBefore, market.bids), changes(asksBefore, market.asks));
    if (swallowed) {
      swallowing = null;
      clients.forEach(client -> client.messages++);
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

  /** What has changed in the window, and what is gone; not what has fallen out of the window. */
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

  private static byte[] packed(String text) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return packed.toByteArray();
  }

  /** The JSON of a client's frame. */
  public static JsonNode tree(String message) {
    try {
      return JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("a client sent what is no JSON", e);
    }
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
