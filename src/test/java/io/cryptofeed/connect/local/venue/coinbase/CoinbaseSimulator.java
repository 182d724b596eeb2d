package io.cryptofeed.connect.local.venue.coinbase;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.IsoTime;
import io.cryptofeed.connect.local.venue.JsonBytes;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.VenueStream;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.local.venue.market.LevelChanges;
import io.cryptofeed.connect.local.venue.market.SimulatedInstrument;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Coinbase Exchange's public market data: the channels {@code matches}, {@code level2_batch} and
 * {@code heartbeat}, and {@code /products}, {@code /products/<id>/book} and {@code
 * /products/<id>/trades}. Other public channels are refused.
 */
public final class CoinbaseSimulator extends VenueSimulator {

  private static final List<String> USUAL_SYMBOLS = List.of("BTC-USD", "ETH-USD");
  private static final Duration BATCH = Duration.ofMillis(50);
  private static final long HEARTBEAT_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final Pattern BOOK_PATH = Pattern.compile("/products/([^/]+)/book");
  private static final Pattern TRADES_PATH = Pattern.compile("/products/([^/]+)/trades");
  private static final int MOST_SKIPPED_SEQUENCES = 20;
  private static final int MAX_PAGE = 1_000;

  /** A listed product without any events. */
  private static final String QUIET_PRODUCT = "ETH-BTC";

  private static final List<String> EXTRA_PRODUCTS =
      List.of(
          product("XRP-GBP", "0.0001", "1", "delisted", true),
          product("WLUNA-USD", "0.001", "0.001", "offline", true),
          product(QUIET_PRODUCT, "0.00001", "0.00000001", "online", false),
          product("KEEP-USD", "0.0001", "0.1", "online", true));

  private final JsonBytes json = new JsonBytes();
  private final IsoTime time = new IsoTime();
  private final long bookNanos;

  private CoinbaseSimulator(SimulatorOptions options) {
    super("coinbase-simulator", options, USUAL_SYMBOLS);
    Duration interval = options.bookInterval();
    bookNanos = (interval == null ? BATCH : interval).toNanos();
    list(CoinbaseListing::new);
    // Makes a first trade for last_match, because products without any trade are rare.
    for (Listing listing : listings()) {
      listing.traded(listing.instrument().trade(nowMicros()));
    }
  }

  /** Starts a simulator that listens when this returns. */
  public static CoinbaseSimulator start(SimulatorOptions options) {
    CoinbaseSimulator simulator = new CoinbaseSimulator(options);
    simulator.start();
    return simulator;
  }

  /** The book in the delta of this time, in microseconds since the epoch. */
  public BookTruth bookInDelta(String symbol, long micros) {
    return call(
        () -> {
          CoinbaseListing listing = (CoinbaseListing) listing(symbol);
          Long id = listing.updates.get(micros);
          if (id == null) {
            throw new IllegalArgumentException("no delta of " + symbol + " has the time " + micros);
          }
          return listing.instrument().bookAt(id);
        });
  }

  /** The book in the newest snapshot that was sent until then; it carries no time of its own. */
  public BookTruth bookInSnapshot(String symbol, long receivedMicros) {
    return call(
        () -> {
          CoinbaseListing listing = (CoinbaseListing) listing(symbol);
          Map.Entry<Long, Long> sent = listing.snapshots.floorEntry(receivedMicros);
          if (sent == null) {
            throw new IllegalArgumentException("no snapshot of " + symbol + " was sent before");
          }
          return listing.instrument().bookAt(sent.getValue());
        });
  }

  // ---- Channels ----

  private final class CoinbaseListing extends Listing {
    /** The id of the newest change in each snapshot and delta, by the time of the message. */
    private final TreeMap<Long, Long> snapshots = new TreeMap<>();

    private final TreeMap<Long, Long> updates = new TreeMap<>();
    private final String product;
    private final VenueStream matches;
    private final VenueStream book;
    private final VenueStream heartbeat;
    private final LevelChanges changes;
    private final SplittableRandom random;
    private final JsonBytes lastMatch = new JsonBytes();
    private long sequence;
    private long lastSent = System.nanoTime();
    private long lastHeartbeat = System.nanoTime();
    private boolean longZero;

    public CoinbaseListing(SimulatedInstrument instrument) {
      super(instrument);
      product = instrument.symbol();
      matches = stream("matches:" + product);
      book = stream("level2_batch:" + product);
      heartbeat = stream("heartbeat:" + product);
      changes = new LevelChanges(instrument.updateId());
      random = new SplittableRandom(options().seed() + product.hashCode());
      sequence = 134_000_000_000L + random.nextInt(1_000_000);
    }

    @Override
    public void traded(SimulatedInstrument.TakerOrder order) {
      String taker = orderId();
      for (int i = 0; i < order.sizes().length; i++) {
        json.clear().put("{\"type\":\"match\"");
        lastMatch.clear().put(",\"trade_id\":").putLong(order.firstTradeId() + i);
        lastMatch.put(",\"maker_order_id\":\"").put(orderId());
        lastMatch.put("\",\"taker_order_id\":\"").put(taker);
        // The maker's side.
        lastMatch.put(order.buy() ? "\",\"side\":\"sell" : "\",\"side\":\"buy");
        lastMatch.put("\",\"size\":\"");
        lastMatch.putShortDecimal(order.sizes()[i], instrument().sizeScale());
        lastMatch.put("\",\"price\":\"").putDecimal(order.price(), instrument().priceScale());
        lastMatch.put("\",\"product_id\":\"").put(product);
        lastMatch.put("\",\"sequence\":").putLong(nextSequence()).put(",\"time\":\"");
        time.put(lastMatch, order.timeMicros());
        lastMatch.put("\"}");
        if (matches.subscribers() > 0) {
          publishTrade(matches, json.put(lastMatch));
        }
      }
    }

    private String orderId() {
      return new UUID(random.nextLong(), random.nextLong()).toString();
    }

    /** The sequence number of the full channel; these channels send only a part of it. */
    private long nextSequence() {
      sequence += 1 + random.nextInt(MOST_SKIPPED_SEQUENCES);
      return sequence;
    }

    @Override
    public void level(long updateId, boolean bid, long price, long size) {
      changes.add(updateId, bid, price, size);
    }

    @Override
    public void sendBookIfDue(long nanoTime) {
      if (nanoTime - lastSent >= bookNanos) {
        lastSent = nanoTime;
        sendBook();
      }
    }

    @Override
    public void sendBook() {
      if (changes.isEmpty()) {
        return;
      }
      nextSequence();
      if (book.subscribers() > 0) {
        json.clear().put("{\"type\":\"l2update\",\"product_id\":\"").put(product);
        json.put("\",\"changes\":[");
        boolean first = changes("buy", changes.bids(), true);
        changes("sell", changes.asks(), first);
        json.put("],\"time\":\"");
        time.put(json, rememberBook(updates));
        publishBook(book, json.put("\"}"));
      }
      changes.restart();
    }

    private boolean changes(String side, NavigableMap<Long, Long> levels, boolean isFirst) {
      boolean first = isFirst;
      for (Map.Entry<Long, Long> level : levels.entrySet()) {
        json.put(first ? "[\"" : ",[\"").put(side).put("\",\"");
        json.putDecimal(level.getKey(), instrument().priceScale()).put("\",\"");
        size(level.getValue());
        json.put("\"]");
        first = false;
      }
      return first;
    }

    /** A removed level is written "0" or with all its decimals, and clients must accept both. */
    private void size(long lots) {
      if (lots != 0) {
        json.putShortDecimal(lots, instrument().sizeScale());
        return;
      }
      longZero = !longZero;
      json.putDecimal(0, longZero ? 8 : 0);
    }

    @Override
    public void tick(long nanoTime) {
      if (nanoTime - lastHeartbeat >= HEARTBEAT_NANOS) {
        lastHeartbeat = nanoTime;
        json.clear().put("{\"type\":\"heartbeat\",\"sequence\":").putLong(sequence);
        json.put(",\"last_trade_id\":").putLong(instrument().lastTradeId());
        json.put(",\"product_id\":\"").put(product).put("\",\"time\":\"");
        time.put(json, nowMicros());
        heartbeat.publish(json.put("\"}"));
      }
    }

    public void subscribe(String channel, ClientSocket socket) {
      switch (channel) {
        case "matches" -> {
          matches.subscribe(socket, false);
          socket.send(json.clear().put("{\"type\":\"last_match\"").put(lastMatch));
        }
        case "level2_batch" -> {
          book.subscribe(socket, false);
          snapshot();
          socket.send(json);
        }
        default -> heartbeat.subscribe(socket, false);
      }
    }

    /** The time at which a message shows the book as it is now; no two messages share it. */
    private long rememberBook(TreeMap<Long, Long> sent) {
      long micros = Math.max(nowMicros(), sent.isEmpty() ? 0 : sent.lastKey() + 1);
      if (instrument().keepsHistory()) {
        sent.put(micros, instrument().updateId());
      }
      return micros;
    }

    private void snapshot() {
      rememberBook(snapshots);
      json.clear().put("{\"type\":\"snapshot\",\"product_id\":\"").put(product);
      json.put("\",\"asks\":");
      levels(instrument().asks(), "");
      json.put(",\"bids\":");
      levels(instrument().bids(), "");
      json.put('}');
    }

    private void levels(NavigableMap<Long, Long> side, String afterSize) {
      json.put('[');
      boolean first = true;
      for (Map.Entry<Long, Long> level : side.entrySet()) {
        json.put(first ? "[\"" : ",[\"");
        json.putDecimal(level.getKey(), instrument().priceScale()).put("\",\"");
        json.putShortDecimal(level.getValue(), instrument().sizeScale()).put('"');
        json.put(afterSize).put(']');
        first = false;
      }
      json.put(']');
    }

    public String restBook() {
      json.clear().put("{\"bids\":");
      levels(instrument().bids(), ",1");
      json.put(",\"asks\":");
      levels(instrument().asks(), ",1");
      json.put(",\"sequence\":").putLong(sequence).put(",\"auction_mode\":false,");
      json.put("\"auction\":null,\"time\":\"");
      time.put(json, nowMicros());
      return json.put("\"}").toString();
    }

    /** The trades with lower ids, the newest first. */
    public String historicalTrades(long beforeId, int limit) {
      json.clear().put('[');
      String separator = "{\"trade_id\":";
      for (SimulatedInstrument.HistoricalTrade trade : instrument().tradesBefore(beforeId, limit)) {
        json.put(separator).putLong(trade.id());
        separator = ",{\"trade_id\":";
        // The maker's side.
        json.put(",\"side\":\"").put(trade.buy() ? "sell" : "buy").put("\",\"size\":\"");
        json.putDecimal(trade.size(), instrument().sizeScale()).put("\",\"price\":\"");
        json.putDecimal(trade.price(), instrument().priceScale()).put("\",\"time\":\"");
        time.put(json, trade.timeMicros());
        json.put("\"}");
      }
      return json.put(']').toString();
    }
  }

  @Override
  public @Nullable VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    if (!handshake.path().isEmpty() && !handshake.path().equals("/")) {
      return null;
    }
    return new CoinbaseSession(
        socket,
        new CoinbaseSession.Channels() {
          @Override
          public boolean isProduct(String product) {
            return find(product) != null || product.equals(QUIET_PRODUCT);
          }

          @Override
          public void subscribe(String channel, String product, ClientSocket client) {
            CoinbaseListing listing = find(product);
            if (listing != null) {
              listing.subscribe(channel, client);
            }
          }

          @Override
          public void unsubscribe(String channel, String product, ClientSocket client) {
            stream(channel + ":" + product).unsubscribe(client);
          }
        },
        options());
  }

  private @Nullable CoinbaseListing find(String product) {
    for (Listing listing : listings()) {
      if (listing.instrument().symbol().equals(product)) {
        return (CoinbaseListing) listing;
      }
    }
    return null;
  }

  @Override
  public boolean compresses() {
    return true;
  }

  // ---- REST ----

  @Override
  public HttpReply answer(HttpCall call) {
    if (!call.headers().contains("User-Agent")) {
      return HttpReply.json(400, "{\"message\":\"User-Agent header is required.\"}");
    }
    if (call.path().equals("/products")) {
      return HttpReply.json(200, products());
    }
    Matcher book = BOOK_PATH.matcher(call.path());
    if (book.matches() && "2".equals(call.parameter("level"))) {
      CoinbaseListing listing = find(book.group(1));
      if (listing != null) {
        return HttpReply.json(200, listing.restBook());
      }
    }
    Matcher trades = TRADES_PATH.matcher(call.path());
    return trades.matches() ? historicalTrades(trades.group(1), call) : notFound();
  }

  private HttpReply historicalTrades(String product, HttpCall call) {
    CoinbaseListing listing = find(product);
    if (listing == null) {
      return product.equals(QUIET_PRODUCT) ? HttpReply.json(200, "[]") : notFound();
    }
    if (!options().keepHistory()) {
      return HttpReply.json(503, errorBody(503));
    }
    String after = call.parameter("after");
    String limit = call.parameter("limit");
    return HttpReply.json(
        200,
        listing.historicalTrades(
            after == null ? Long.MAX_VALUE : Long.parseLong(after),
            limit == null ? MAX_PAGE : Math.min(MAX_PAGE, Integer.parseInt(limit))));
  }

  private HttpReply notFound() {
    return HttpReply.json(404, errorBody(404));
  }

  private String products() {
    StringBuilder body = new StringBuilder("[").append(String.join(",", EXTRA_PRODUCTS));
    for (Listing listing : listings()) {
      SimulatedInstrument instrument = listing.instrument();
      String tick = new JsonBytes().putDecimal(1, instrument.priceScale()).toString();
      String lot = new JsonBytes().putDecimal(1, instrument.sizeScale()).toString();
      body.append(',').append(product(instrument.symbol(), tick, lot, "online", false));
    }
    return body.append(']').toString();
  }

  private static String product(
      String id, String tick, String lot, String status, boolean disabled) {
    int dash = id.indexOf('-');
    String base = id.substring(0, dash);
    String quote = id.substring(dash + 1);
    return "{\"id\":\""
        + id
        + "\",\"base_currency\":\""
        + base
        + "\",\"quote_currency\":\""
        + quote
        + "\",\"quote_increment\":\""
        + tick
        + "\",\"base_increment\":\""
        + lot
        + "\",\"display_name\":\""
        + base
        + "/"
        + quote
        + "\",\"min_market_funds\":\"1\",\"margin_enabled\":false,\"post_only\":false,"
        + "\"limit_only\":false,\"cancel_only\":false,\"status\":\""
        + status
        + "\",\"status_message\":\"\",\"trading_disabled\":"
        + disabled
        + ",\"fx_stablecoin\":false,\"max_slippage_percentage\":\"0.02000000\","
        + "\"auction_mode\":false,\"high_bid_limit_percentage\":\"\"}";
  }

  @Override
  public String errorBody(int status) {
    return switch (status) {
      case 429 -> "{\"message\":\"Public rate limit exceeded\"}";
      case 404 -> "{\"message\":\"NotFound\"}";
      default -> "{\"message\":\"Internal server error\"}";
    };
  }
}
