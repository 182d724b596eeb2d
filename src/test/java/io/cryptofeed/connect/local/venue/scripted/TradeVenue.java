package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.JsonText;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.VenueStream;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A venue whose trades the test makes. It streams them and keeps a history, both in the format of
 * one {@link TradeExchange}. Messages can be lost, sent twice or out of order, and responses of the
 * history can have every {@link HistoryFault}; {@link #truth} has what really happened.
 */
public final class TradeVenue extends VenueServer {

  private static final long BEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final int OVERLAP = 3;
  private static final int STALE_TRADES = 5;

  private final TradeExchange exchange;
  private final TradeDialect dialect;
  private final Random random;

  // Owned by the venue's thread.
  private final Map<String, Market> markets = new LinkedHashMap<>();
  private final Set<Client> clients = new LinkedHashSet<>();
  private final Deque<HistoryFault> faults = new ArrayDeque<>();
  private final List<String> historyCalls = new ArrayList<>();
  private int listings;

  private volatile ListEditor editor = (call, list) -> list;

  /** A market: its trades, and the faults of its stream. */
  private static final class Market {
    private final String symbol;
    private final List<VenueTrade> trades = new ArrayList<>();
    private long nextNumber;
    private long timeNanos;
    private int price = 50_000;
    private int reach;
    private int subscriptions;
    private int requests;
    private VenueStream.@Nullable Fault fault;
    private @Nullable String late;
    private @Nullable UnaryOperator<String> damage;

    private Market(String symbol, long firstNumber, long timeNanos, int reach) {
      this.symbol = symbol;
      this.nextNumber = firstNumber;
      this.timeNanos = timeNanos;
      this.reach = reach;
    }
  }

  /** A connection of a client. */
  public final class Client {
    private final NumberedSender sender;
    private final Set<String> symbols = new LinkedHashSet<>();
    private final Set<String> beats = new HashSet<>();

    private Client(ClientSocket socket) {
      sender = new NumberedSender(socket, dialect.gzips());
    }

    /** Sends a message. */
    public void send(String text) {
      sender.send(text);
    }

    /** Streams the trades of a market, if it exists. */
    public void subscribe(String symbol) {
      Market market = markets.get(symbol);
      if (market == null) {
        return;
      }
      symbols.add(symbol);
      market.subscriptions++;
      String replay = market.trades.isEmpty() ? null : dialect.replay(symbol, market.trades);
      if (replay != null) {
        send(replay);
      }
    }

    /** Stops to stream the trades of a market. */
    public void unsubscribe(String symbol) {
      symbols.remove(symbol);
    }

    /** The markets that are streamed. */
    public Set<String> symbols() {
      return symbols;
    }

    /** The markets of which the client wants heartbeats. */
    public Set<String> beats() {
      return beats;
    }

    /** The id of the newest trade of a market, null when there is none. */
    @Nullable String newestId(String symbol) {
      List<VenueTrade> trades = market(symbol).trades;
      return trades.isEmpty() ? null : trades.get(trades.size() - 1).id();
    }
  }

  private TradeVenue(TradeExchange exchange, long seed, SimulatorOptions options) {
    super("trade-venue", options);
    this.exchange = exchange;
    dialect = exchange.dialect();
    random = new Random(seed);
    long anHourAgo = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - hours(1);
    for (String symbol : exchange.venueSymbols()) {
      long first = 1_000_000L * (markets.size() + 1) + random.nextInt(100_000);
      markets.put(symbol, new Market(symbol, first, anHourAgo, dialect.reach(symbol)));
    }
  }

  private static long hours(long hours) {
    return TimeUnit.HOURS.toNanos(hours);
  }

  /**
   * Starts a venue that listens when this returns. The clock of its trades starts an hour ago and
   * advances with each trade.
   *
   * @param seed the same seed makes the same trades
   */
  public static TradeVenue start(TradeExchange exchange, long seed) {
    return start(exchange, seed, SimulatorOptions.defaults());
  }

  /**
   * The same, with a certificate, a port, or a choice of peers.
   *
   * @param options those about the market are ignored
   */
  public static TradeVenue start(TradeExchange exchange, long seed, SimulatorOptions options) {
    TradeVenue venue = new TradeVenue(exchange, seed, options);
    venue.start();
    return venue;
  }

  private Market market(String symbol) {
    Market market = markets.get(symbol);
    if (market == null) {
      throw new IllegalArgumentException(
          "unknown symbol '" + symbol + "' of " + exchange + "; known are " + markets.keySet());
    }
    return market;
  }

  // ---- Making trades ----

  /** Makes so many trades and sends them. */
  public void trade(String symbol, int trades) {
    run(() -> makeTrades(market(symbol), trades, true));
  }

  /** Makes so many trades whose messages are lost. */
  public void lose(String symbol, int trades) {
    run(() -> makeTrades(market(symbol), trades, false));
  }

  /** Advances the clock of the trades without a trade. */
  public void elapse(Duration time) {
    run(() -> markets.values().forEach(market -> market.timeNanos += time.toNanos()));
  }

  private void makeTrades(Market market, int trades, boolean sent) {
    int left = trades;
    while (left > 0) {
      int together = Math.min(left, 1 + random.nextInt(dialect.maxTradesInMessage()));
      List<VenueTrade> batch = dialect.joinsFills() ? order(market, together) : new ArrayList<>();
      while (batch.size() < together) {
        batch.addAll(order(market, 1));
      }
      left -= together;
      send(market, batch, sent);
    }
  }

  /** Trades of one order: one price, one side, one time. */
  private List<VenueTrade> order(Market market, int fills) {
    market.price = Math.max(1_000, market.price + random.nextInt(21) - 10);
    // Several orders often have the same time.
    market.timeNanos += random.nextInt(3) == 0 ? 0 : random.nextInt(3_000_000);
    long time = market.timeNanos - market.timeNanos % dialect.clockNanos();
    Side taker = random.nextBoolean() ? Side.BUY : Side.SELL;
    List<VenueTrade> order = new ArrayList<>();
    for (int i = 0; i < fills; i++) {
      long number = market.nextNumber++;
      order.add(
          new VenueTrade(
              number,
              dialect.id(market.symbol, number),
              BigDecimal.valueOf(market.price, 2),
              BigDecimal.valueOf(1 + random.nextInt(9_999), 3),
              taker,
              time));
    }
    market.trades.addAll(order);
    return order;
  }

  private void send(Market market, List<VenueTrade> trades, boolean sent) {
    String message = dialect.live(market.symbol, trades);
    if (market.damage != null) {
      message = market.damage.apply(message);
      market.damage = null;
    }
    if (!sent) {
      // A lost message takes a number, too.
      subscribers(market).forEach(client -> client.sender.skip());
      return;
    }
    VenueStream.Fault fault = market.fault;
    String late = market.late;
    market.fault = null;
    market.late = null;
    if (fault == VenueStream.Fault.REORDER) {
      market.late = message;
      return;
    }
    for (Client client : subscribers(market)) {
      client.send(message);
      if (fault == VenueStream.Fault.DUPLICATE) {
        client.send(message);
      }
      if (late != null) {
        client.send(late);
      }
    }
  }

  private List<Client> subscribers(Market market) {
    return clients.stream().filter(client -> client.symbols.contains(market.symbol)).toList();
  }

  // ---- Faults ----

  /** The next message about a market is sent twice. */
  public void duplicateNext(String symbol) {
    run(() -> market(symbol).fault = VenueStream.Fault.DUPLICATE);
  }

  /** The next message about a market is changed before it is sent. */
  public void damageNext(String symbol, UnaryOperator<String> damage) {
    run(() -> market(symbol).damage = damage);
  }

  /** The next message about a market is sent after the one that follows it. */
  public void reorderNext(String symbol) {
    run(() -> market(symbol).fault = VenueStream.Fault.REORDER);
  }

  /** The next responses of the history have a fault; later faults are queued. */
  public void failHistory(HistoryFault fault, int times) {
    run(
        () -> {
          for (int i = 0; i < times; i++) {
            faults.add(fault);
          }
        });
  }

  /** Limits the history of a market to so many of the newest trades. */
  public void keepNewest(String symbol, int trades) {
    run(() -> market(symbol).reach = trades);
  }

  // ---- What happened ----

  /** The exchange that is simulated. */
  public TradeExchange exchange() {
    return exchange;
  }

  /** All trades of a market, the oldest first. */
  public List<VenueTrade> truth(String symbol) {
    return call(() -> List.copyOf(market(symbol).trades));
  }

  /** How many clients stream the trades of a market now. */
  public int subscribers(String symbol) {
    return call(() -> subscribers(market(symbol)).size());
  }

  /** How often the trades of a market were subscribed. */
  public int subscriptions(String symbol) {
    return call(() -> market(symbol).subscriptions);
  }

  /** How often the history of a market was requested. */
  public int historyRequests(String symbol) {
    return call(() -> market(symbol).requests);
  }

  /** How often the list of instruments, or a part of it, was requested. */
  public int listings() {
    return call(() -> listings);
  }

  /** Every request to the history, path and parameters, in order. */
  public List<String> historyCalls() {
    return call(() -> List.copyOf(historyCalls));
  }

  // ---- The wire ----

  @Override
  public VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    Client client = new Client(socket);
    return new VenueSession() {
      private long seconds;
      private long lastBeat = System.nanoTime();

      @Override
      public void opened() {
        clients.add(client);
      }

      @Override
      public void text(String message) {
        if (message.startsWith("{")) {
          dialect.frame(JsonText.parse(message), client);
        } else {
          dialect.text(message, client);
        }
      }

      @Override
      public void tick(long nanoTime) {
        if (nanoTime - lastBeat >= BEAT_NANOS) {
          lastBeat = nanoTime;
          dialect.beat(++seconds, client);
        }
      }

      @Override
      public void closed() {
        clients.remove(client);
      }
    };
  }

  // ---- REST ----

  /** Changes a list of instruments before it is sent. */
  @FunctionalInterface
  public interface ListEditor {

    /**
     * @param list the response with the list, as JSON
     */
    String edit(HttpCall call, String list);
  }

  /** From now on, changes every list of instruments. */
  public void editLists(ListEditor edits) {
    editor = edits;
  }

  @Override
  public @Nullable HttpReply answer(HttpCall call) {
    String instruments = dialect.instruments(call);
    if (instruments != null) {
      listings++;
      return HttpReply.json(200, editor.edit(call, instruments));
    }
    HistoryCall request = dialect.history(call);
    Market market = request == null ? null : markets.get(request.symbol());
    if (request == null || market == null) {
      return HttpReply.json(404, errorBody(404));
    }
    market.requests++;
    historyCalls.add(call.path() + " " + call.query());
    return historyPage(market, request, faults.poll());
  }

  private @Nullable HttpReply historyPage(
      Market market, HistoryCall request, @Nullable HistoryFault fault) {
    List<VenueTrade> known = reachable(market);
    if (fault == null) {
      return page(market, request.select(known));
    }
    return switch (fault) {
      case TOO_MANY_REQUESTS -> HttpReply.json(429, errorBody(429)).with("Retry-After", "1");
      case SERVER_ERROR -> HttpReply.json(500, errorBody(500));
      case REFUSAL -> HttpReply.json(200, dialect.refusal());
      case GARBAGE -> new HttpReply(200, Map.of("Content-Type", "text/html"), "<html>sorry</html>");
      case TRUNCATED -> {
        String body = dialect.page(market.symbol, request.select(known));
        yield HttpReply.json(200, body.substring(0, body.length() / 2));
      }
      case EMPTY -> page(market, List.of());
      case OVERLAPPING -> page(market, request.overlapping(OVERLAP).select(known));
      case WITH_A_GAP -> {
        List<VenueTrade> rows = new ArrayList<>(request.select(known));
        if (!rows.isEmpty()) {
          rows.remove(rows.size() / 2);
        }
        yield page(market, rows);
      }
      case STALE ->
          page(market, request.select(known.subList(0, Math.max(0, known.size() - STALE_TRADES))));
      case SILENCE -> null;
    };
  }

  private static List<VenueTrade> reachable(Market market) {
    int size = market.trades.size();
    return market.trades.subList(Math.max(0, size - market.reach), size);
  }

  private HttpReply page(Market market, List<VenueTrade> rows) {
    return HttpReply.json(200, dialect.page(market.symbol, rows));
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
