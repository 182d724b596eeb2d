package io.cryptofeed.connect.local.venue.binance;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.JsonBytes;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.VenueSimulator;
import io.cryptofeed.connect.local.venue.VenueStream;
import io.cryptofeed.connect.local.venue.market.LevelChanges;
import io.cryptofeed.connect.local.venue.market.SimulatedInstrument;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Binance spot's public market data: the streams {@code @trade}, {@code @aggTrade}, {@code @depth}
 * and {@code @depth@100ms} at {@code /stream} and {@code /ws}, and {@code /api/v3/exchangeInfo},
 * {@code /api/v3/depth}, {@code /api/v3/historicalTrades} and {@code /api/v3/aggTrades}. Any other
 * stream is acknowledged and stays silent, as it does at Binance.
 */
public final class BinanceSimulator extends VenueSimulator {

  private static final List<String> USUAL_SYMBOLS = List.of("BTC-USDT", "ETH-USDT");
  private static final Duration FAST = Duration.ofMillis(100);
  private static final int SLOW_FACTOR = 10;
  private static final int SCALE = 8;
  private static final int WEIGHT_PER_MINUTE = 6_000;
  private static final int EXCHANGE_INFO_WEIGHT = 20;
  private static final int MAX_DEPTH = 5_000;
  private static final int HISTORICAL_TRADES_WEIGHT = 25;
  private static final int AGGREGATES_WEIGHT = 4;
  private static final int USUAL_PAGE = 500;
  private static final int MAX_PAGE = 1_000;

  /** Listed instruments without any events. */
  private static final List<String> EXTRA_SYMBOLS =
      List.of("BCC-BTC", "ETH-BTC", "1000SATS-USDT", "币安-USDT");

  private final JsonBytes json = new JsonBytes();
  private long weightMinute;
  private int usedWeight;

  // Owned by the venue's thread.
  private final Set<String> halted = new HashSet<>();

  private final Set<String> delisted = new HashSet<>();

  private BinanceSimulator(SimulatorOptions options) {
    super("binance-simulator", options, USUAL_SYMBOLS);
    list(BinanceListing::new);
  }

  /** Starts a simulator that listens when this returns. */
  public static BinanceSimulator start(SimulatorOptions options) {
    BinanceSimulator simulator = new BinanceSimulator(options);
    simulator.start();
    return simulator;
  }

  /** Announces to every client that its connection ends soon; the connections stay open. */
  public void announceShutdown() {
    run(
        () -> {
          String event = "{\"e\":\"serverShutdown\",\"E\":" + System.currentTimeMillis() + "}";
          for (VenueSession session : sessions()) {
            BinanceSession client = (BinanceSession) session;
            client
                .socket()
                .send(
                    client.isCombined()
                        ? "{\"stream\":\"!serverShutdown\",\"data\":" + event + "}"
                        : event);
          }
        });
  }

  // ---- Streams ----

  private final class BinanceListing extends Listing {
    private final String symbol;
    private final VenueStream trades;
    private final VenueStream aggregates;
    private final BookStream fast;
    private final BookStream slow;
    private final long priceUnit;
    private final long sizeUnit;

    public BinanceListing(SimulatedInstrument instrument) {
      super(instrument);
      symbol = instrument.base() + instrument.quote();
      String name = symbol.toLowerCase(Locale.ROOT);
      trades = stream(name + "@trade");
      aggregates = stream(name + "@aggTrade");
      Duration configured = options().bookInterval();
      Duration interval = configured == null ? FAST : configured;
      fast = new BookStream(stream(name + "@depth@100ms"), interval, instrument.updateId());
      slow =
          new BookStream(
              stream(name + "@depth"), interval.multipliedBy(SLOW_FACTOR), instrument.updateId());
      priceUnit = power10(SCALE - instrument.priceScale());
      sizeUnit = power10(SCALE - instrument.sizeScale());
    }

    @Override
    public void traded(SimulatedInstrument.TakerOrder order) {
      if (trades.subscribers() > 0) {
        for (int i = 0; i < order.sizes().length; i++) {
          head("trade", order.timeMicros() / 1_000);
          json.put(",\"t\":").putLong(order.firstTradeId() + i);
          price(order.price()).put("\",\"q\":\"").putDecimal(order.sizes()[i] * sizeUnit, SCALE);
          tail(order);
          publishTrade(trades, json);
        }
      }
      if (aggregates.subscribers() > 0) {
        head("aggTrade", order.timeMicros() / 1_000);
        json.put(",\"a\":");
        aggregate(order);
        publishTrade(aggregates, json);
      }
    }

    private void aggregate(SimulatedInstrument.TakerOrder order) {
      json.putLong(order.id());
      price(order.price()).put("\",\"q\":\"").putDecimal(order.totalSize() * sizeUnit, SCALE);
      json.put("\",\"f\":").putLong(order.firstTradeId());
      json.put(",\"l\":").putLong(order.lastTradeId());
      json.put(",\"T\":");
      end(order);
    }

    private void head(String type, long millis) {
      json.clear().put("{\"e\":\"").put(type).put("\",\"E\":").putLong(millis);
      json.put(",\"s\":\"").put(symbol).put('"');
    }

    private JsonBytes price(long ticks) {
      return json.put(",\"p\":\"").putDecimal(ticks * priceUnit, SCALE);
    }

    private void tail(SimulatedInstrument.TakerOrder order) {
      json.put("\",\"T\":");
      end(order);
    }

    private void end(SimulatedInstrument.TakerOrder order) {
      // If the taker sells, the buyer is the maker.
      json.putLong(order.timeMicros() / 1_000)
          .put(order.buy() ? ",\"m\":false,\"M\":true}" : ",\"m\":true,\"M\":true}");
    }

    @Override
    public void level(long updateId, boolean bid, long price, long size) {
      fast.changes.add(updateId, bid, price, size);
      slow.changes.add(updateId, bid, price, size);
    }

    @Override
    public void sendBookIfDue(long nanoTime) {
      sendIfDue(fast, nanoTime);
      sendIfDue(slow, nanoTime);
    }

    private void sendIfDue(BookStream stream, long nanoTime) {
      if (nanoTime - stream.lastSent >= stream.intervalNanos) {
        stream.lastSent = nanoTime;
        send(stream);
      }
    }

    @Override
    public void sendBook() {
      send(fast);
      send(slow);
    }

    private void send(BookStream stream) {
      LevelChanges changes = stream.changes;
      if (changes.isEmpty()) {
        return;
      }
      if (stream.target.subscribers() > 0) {
        head("depthUpdate", System.currentTimeMillis());
        json.put(",\"U\":").putLong(changes.firstUpdateId());
        json.put(",\"u\":").putLong(changes.lastUpdateId());
        json.put(",\"b\":");
        levels(changes.bids(), Integer.MAX_VALUE);
        json.put(",\"a\":");
        levels(changes.asks(), Integer.MAX_VALUE);
        json.put('}');
        publishBook(stream.target, json);
      }
      changes.restart();
    }

    private void levels(NavigableMap<Long, Long> side, int limit) {
      json.put('[');
      int count = 0;
      for (Map.Entry<Long, Long> level : side.entrySet()) {
        if (count == limit) {
          break;
        }
        json.put(count++ == 0 ? "[\"" : ",[\"");
        json.putDecimal(level.getKey() * priceUnit, SCALE).put("\",\"");
        json.putDecimal(level.getValue() * sizeUnit, SCALE).put("\"]");
      }
      json.put(']');
    }

    /** The trades with this id and greater ones, as {@code historicalTrades} writes them. */
    public String historicalTrades(long fromId, int limit) {
      json.clear().put('[');
      String separator = "{\"id\":";
      for (SimulatedInstrument.HistoricalTrade trade : instrument().tradesFrom(fromId, limit)) {
        json.put(separator).putLong(trade.id());
        separator = ",{\"id\":";
        json.put(",\"price\":\"").putDecimal(trade.price() * priceUnit, SCALE);
        json.put("\",\"qty\":\"").putDecimal(trade.size() * sizeUnit, SCALE);
        json.put("\",\"time\":").putLong(trade.timeMicros() / 1_000);
        json.put(",\"isBuyerMaker\":").put(trade.buy() ? "false" : "true");
        json.put(",\"isBestMatch\":true}");
      }
      return json.put(']').toString();
    }

    /** The aggregates with this id and greater ones, as {@code aggTrades} writes them. */
    public String historicalAggregates(long fromId, int limit) {
      json.clear().put('[');
      String separator = "{\"a\":";
      for (SimulatedInstrument.TakerOrder order : instrument().ordersFrom(fromId, limit)) {
        json.put(separator);
        separator = ",{\"a\":";
        aggregate(order);
      }
      return json.put(']').toString();
    }

    public String snapshot(int limit) {
      json.clear().put("{\"lastUpdateId\":").putLong(instrument().updateId());
      json.put(",\"bids\":");
      levels(instrument().bids(), limit);
      json.put(",\"asks\":");
      levels(instrument().asks(), limit);
      return json.put('}').toString();
    }
  }

  /** The changes of one book at one pace. */
  private static final class BookStream {
    private final VenueStream target;
    private final long intervalNanos;
    private final LevelChanges changes;
    private long lastSent = System.nanoTime();

    public BookStream(VenueStream target, Duration interval, long updateId) {
      this.target = target;
      this.intervalNanos = interval.toNanos();
      this.changes = new LevelChanges(updateId);
    }
  }

  @Override
  public @Nullable VenueSession openSession(HttpCall handshake, ClientSocket socket) {
    return BinanceSession.open(
        handshake,
        socket,
        new BinanceSession.Streams() {
          @Override
          public void subscribe(String stream, ClientSocket client, boolean wrap) {
            stream(stream).subscribe(client, wrap);
          }

          @Override
          public void unsubscribe(String stream, ClientSocket client) {
            stream(stream).unsubscribe(client);
          }
        },
        options());
  }

  @Override
  public boolean compresses() {
    return false;
  }

  // ---- REST ----

  @Override
  public HttpReply answer(HttpCall call) {
    int weight =
        switch (call.path()) {
          case "/api/v3/exchangeInfo" -> EXCHANGE_INFO_WEIGHT;
          case "/api/v3/depth" -> depthWeight(limit(call, 100, MAX_DEPTH));
          case "/api/v3/historicalTrades" -> HISTORICAL_TRADES_WEIGHT;
          case "/api/v3/aggTrades" -> AGGREGATES_WEIGHT;
          default -> 1;
        };
    long now = System.currentTimeMillis();
    long minute = TimeUnit.MILLISECONDS.toMinutes(now);
    if (minute != weightMinute) {
      weightMinute = minute;
      usedWeight = 0;
    }
    usedWeight += weight;
    HttpReply reply;
    if (usedWeight > WEIGHT_PER_MINUTE) {
      long untilNextMinute = 60 - TimeUnit.MILLISECONDS.toSeconds(now) % 60;
      reply =
          HttpReply.json(429, errorBody(429)).with("Retry-After", String.valueOf(untilNextMinute));
    } else {
      reply =
          switch (call.path()) {
            case "/api/v3/exchangeInfo" -> exchangeInfo(call);
            case "/api/v3/depth" ->
                ofMarket(
                    call,
                    listing -> listing.snapshot(limit(call, 100, MAX_DEPTH)),
                    "{\"lastUpdateId\":1,\"bids\":[],\"asks\":[]}");
            case "/api/v3/historicalTrades" ->
                history(call, (listing, from, limit) -> listing.historicalTrades(from, limit));
            case "/api/v3/aggTrades" ->
                history(call, (listing, from, limit) -> listing.historicalAggregates(from, limit));
            default -> HttpReply.json(404, "{\"code\":-1100,\"msg\":\"No such path.\"}");
          };
    }
    return reply.with("X-MBX-USED-WEIGHT-1M", String.valueOf(usedWeight));
  }

  private static int limit(HttpCall call, int usual, int most) {
    String limit = call.parameter("limit");
    return limit == null || !limit.matches("[0-9]{1,6}")
        ? usual
        : Math.min(most, Math.max(1, Integer.parseInt(limit)));
  }

  private static int depthWeight(int limit) {
    return limit <= 100 ? 5 : limit <= 500 ? 25 : limit <= 1_000 ? 50 : 250;
  }

  /** A page of historical trades, starting with an id. */
  private interface HistoryPage {
    String of(BinanceListing listing, long fromId, int limit);
  }

  private HttpReply history(HttpCall call, HistoryPage list) {
    if (!options().keepHistory()) {
      return HttpReply.json(503, errorBody(503));
    }
    int limit = limit(call, USUAL_PAGE, MAX_PAGE);
    String fromId = call.parameter("fromId");
    if (fromId != null && !fromId.matches("[0-9]{1,18}")) {
      return error(-1100, "Illegal characters found in parameter 'fromId'.");
    }
    if (fromId == null) {
      return error(-1102, "Mandatory parameter 'fromId' was not sent, was empty/null.");
    }
    return ofMarket(call, listing -> list.of(listing, Long.parseLong(fromId), limit), "[]");
  }

  /**
   * @param ofQuiet the response for a market without events
   */
  private HttpReply ofMarket(
      HttpCall call, Function<BinanceListing, String> answer, String ofQuiet) {
    String symbol = call.parameter("symbol");
    if (symbol == null) {
      return error(
          -1102, "Mandatory parameter 'symbol' was not sent, was empty/null, or malformed.");
    }
    for (Listing listing : listings()) {
      BinanceListing candidate = (BinanceListing) listing;
      if (candidate.symbol.equals(symbol)) {
        return HttpReply.json(200, answer.apply(candidate));
      }
    }
    for (String extra : EXTRA_SYMBOLS) {
      if (extra.replace("-", "").equals(symbol)) {
        return HttpReply.json(200, ofQuiet);
      }
    }
    return invalidSymbol();
  }

  private static HttpReply invalidSymbol() {
    return error(-1121, "Invalid symbol.");
  }

  private static HttpReply error(int code, String text) {
    return HttpReply.json(400, "{\"code\":" + code + ",\"msg\":\"" + text + "\"}");
  }

  @Override
  public String errorBody(int status) {
    return switch (status) {
      case 429, 418 ->
          "{\"code\":-1003,\"msg\":\"Too many requests; current limit is 6000 request weight per 1 MINUTE.\"}";
      case 451 -> "{\"code\":0,\"msg\":\"Service unavailable from a restricted location.\"}";
      default ->
          "{\"code\":-1000,\"msg\":\"An unknown error occurred while processing the request.\"}";
    };
  }

  /** From now on, lists a market as halted. */
  public void halt(String symbol) {
    run(() -> halted.add(symbol));
  }

  /** From now on, lists a market as trading again. */
  public void unhalt(String symbol) {
    run(() -> halted.remove(symbol));
  }

  /** From now on, does not list a market; its streams continue. */
  public void delist(String symbol) {
    run(() -> delisted.add(symbol));
  }

  /** From now on, lists a market again. */
  public void relist(String symbol) {
    run(() -> delisted.remove(symbol));
  }

  private HttpReply exchangeInfo(HttpCall call) {
    Map<String, String> listed = listedSymbols();
    List<String> wanted = new ArrayList<>();
    String symbol = call.parameter("symbol");
    String symbols = call.parameter("symbols");
    if (symbol != null) {
      wanted.add(symbol);
    } else if (symbols != null) {
      Collections.addAll(wanted, symbols.replaceAll("[\\[\\]\" ]", "").split(","));
    } else {
      wanted.addAll(listed.keySet());
    }
    if (!listed.keySet().containsAll(wanted)) {
      return invalidSymbol();
    }
    StringBuilder body = new StringBuilder("{\"timezone\":\"UTC\",\"serverTime\":");
    body.append(System.currentTimeMillis())
        .append(",\"rateLimits\":[{\"rateLimitType\":\"REQUEST_WEIGHT\",")
        .append("\"interval\":\"MINUTE\",\"intervalNum\":1,\"limit\":6000},")
        .append("{\"rateLimitType\":\"RAW_REQUESTS\",")
        .append("\"interval\":\"MINUTE\",\"intervalNum\":5,\"limit\":300000}],")
        .append("\"exchangeFilters\":[],\"symbols\":[");
    for (int i = 0; i < wanted.size(); i++) {
      body.append(i == 0 ? "" : ",").append(listed.get(wanted.get(i)));
    }
    return HttpReply.json(200, body.append("]}").toString());
  }

  /** The record of every listed symbol; a halted market comes first. */
  private Map<String, String> listedSymbols() {
    Map<String, String> listed = new LinkedHashMap<>();
    for (String extra : EXTRA_SYMBOLS) {
      int dash = extra.indexOf('-');
      String status = listed.isEmpty() ? "BREAK" : "TRADING";
      String base = extra.substring(0, dash);
      String quote = extra.substring(dash + 1);
      listed.put(base + quote, listing(base, quote, status, "0.00000100", "0.00100000"));
    }
    for (Listing listing : listings()) {
      SimulatedInstrument instrument = listing.instrument();
      if (delisted.contains(instrument.base() + "-" + instrument.quote())) {
        continue;
      }
      String tick = unit(instrument.priceScale());
      String lot = unit(instrument.sizeScale());
      listed.put(
          instrument.base() + instrument.quote(),
          listing(
              instrument.base(),
              instrument.quote(),
              halted.contains(instrument.base() + "-" + instrument.quote()) ? "BREAK" : "TRADING",
              tick,
              lot));
    }
    return listed;
  }

  private String listing(String base, String quote, String status, String tick, String lot) {
    List<String> filters =
        new ArrayList<>(
            List.of(
                "{\"filterType\":\"PRICE_FILTER\",\"minPrice\":\""
                    + tick
                    + "\",\"maxPrice\":\"1000000.00000000\",\"tickSize\":\""
                    + tick
                    + "\"}",
                "{\"filterType\":\"LOT_SIZE\",\"minQty\":\""
                    + lot
                    + "\",\"maxQty\":\"9000.00000000\",\"stepSize\":\""
                    + lot
                    + "\"}",
                "{\"filterType\":\"ICEBERG_PARTS\",\"limit\":100}",
                "{\"filterType\":\"MARKET_LOT_SIZE\",\"minQty\":\"0.00000000\","
                    + "\"maxQty\":\"120.00000000\",\"stepSize\":\"0.00000000\"}",
                "{\"filterType\":\"NOTIONAL\",\"minNotional\":\"5.00000000\","
                    + "\"applyMinToMarket\":true,\"maxNotional\":\"9000000.00000000\","
                    + "\"applyMaxToMarket\":false,\"avgPriceMins\":5}",
                "{\"filterType\":\"MAX_NUM_ORDERS\",\"maxNumOrders\":200}"));
    // The venue sometimes changes their order; only the type identifies them.
    Collections.shuffle(filters, new Random(options().seed() + (base + quote).hashCode()));
    return "{\"symbol\":\""
        + base
        + quote
        + "\",\"status\":\""
        + status
        + "\",\"baseAsset\":\""
        + base
        + "\",\"baseAssetPrecision\":8,\"quoteAsset\":\""
        + quote
        + "\",\"quotePrecision\":8,\"quoteAssetPrecision\":8,"
        + "\"orderTypes\":[\"LIMIT\",\"LIMIT_MAKER\",\"MARKET\"],\"icebergAllowed\":true,"
        + "\"isSpotTradingAllowed\":true,\"isMarginTradingAllowed\":false,\"filters\":["
        + String.join(",", filters)
        + "],\"permissions\":[],\"permissionSets\":[[\"SPOT\"]],"
        + "\"defaultSelfTradePreventionMode\":\"NONE\","
        + "\"allowedSelfTradePreventionModes\":[\"NONE\"]}";
  }

  /** One unit of the last of {@code scale} decimal places, as this venue formats numbers. */
  private static String unit(int scale) {
    return new JsonBytes().putDecimal(power10(SCALE - scale), SCALE).toString();
  }

  private static long power10(int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= 10;
    }
    return power;
  }
}
