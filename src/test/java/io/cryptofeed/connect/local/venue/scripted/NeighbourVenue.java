package io.cryptofeed.connect.local.venue.scripted;

import io.cryptofeed.connect.local.venue.ClientSocket;
import io.cryptofeed.connect.local.venue.HttpCall;
import io.cryptofeed.connect.local.venue.HttpReply;
import io.cryptofeed.connect.local.venue.SimulatorOptions;
import io.cryptofeed.connect.local.venue.VenueServer;
import io.cryptofeed.connect.local.venue.VenueSession;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * A venue with two instruments, whose messages are a {@link VenueTemplate}. Each round sends a
 * trade, a change of the book and a quote of one of them; the same round sends the same. Only the
 * odd instrument has faults.
 */
public final class NeighbourVenue extends VenueServer {

  private static final int LEVELS = 10;
  private static final int MARKED_LEVEL = 5;
  private static final Pattern REQUEST = Pattern.compile("\"(?:req_)?id\":\"?(\\w+)");
  private static final DateTimeFormatter ISO =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  /** The channels of both instruments. */
  public static final List<Channel> CHANNELS =
      List.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES);

  /** What is wrong with the messages of a round: with their templates, and with their texts. */
  public record Fault(UnaryOperator<String> template, UnaryOperator<String> text) {

    /** Nothing is wrong. */
    public static final Fault NONE = new Fault(text -> text, text -> text);

    /** The template is changed. */
    public static Fault ofTemplate(UnaryOperator<String> change) {
      return new Fault(change, text -> text);
    }

    /** The finished text is changed. */
    public static Fault ofText(UnaryOperator<String> change) {
      return new Fault(template -> template, change);
    }
  }

  /** One of the two instruments. */
  private final class Market {
    private final String symbol;
    private final String base;
    private final String key;
    private final int which;
    private final List<VenueTrade> trades = new ArrayList<>();
    private final Map<Channel, Integer> subscriptions = new HashMap<>();
    private long sequence = 1_000;
    private long previous = 1_000;
    private int bestBid = 1_000;

    /** The size of a bid that changes only in the rounds with a fault: no other round mends it. */
    private int marked = 3_000;

    private String state = "trading";

    private Market(int which, Map<String, String> names) {
      this.which = which;
      symbol = Objects.requireNonNull(names.get("symbol"), "symbol");
      base = Objects.requireNonNull(names.get("base"), "base");
      key = Objects.requireNonNull(names.get("key"), "key");
    }

    /** The best bid changes with each round, the marked one with each fault, the others never. */
    private String rows(boolean bids, int from, int to, String level) {
      List<String> rows = new ArrayList<>();
      for (int i = from; i < to; i++) {
        rows.add(
            VenueTemplate.fill(
                level,
                Map.of(
                    "price", price(bids, i),
                    "size", size(bids, i),
                    "side", side(bids ? "bid" : "ask"),
                    "time", time(sequence))));
      }
      return String.join(",", rows);
    }

    private String price(boolean bids, int i) {
      return BigDecimal.valueOf(bids ? 10_000 - i : 10_100L + i, 2).toPlainString();
    }

    private String size(boolean bids, int i) {
      int thousandths = i == 0 ? bestBid : i == MARKED_LEVEL ? marked : 2_000 + i;
      return BigDecimal.valueOf(bids ? thousandths : 2_000 + i, 3).toPlainString();
    }

    private long checksum() {
      StringBuilder text = new StringBuilder();
      if (template.text("checksum").equals("digits")) {
        for (boolean bids : List.of(false, true)) {
          for (int i = 0; i < LEVELS; i++) {
            text.append(price(bids, i).replace(".", "")).append(size(bids, i).replace(".", ""));
          }
        }
        return crc(text.toString());
      }
      for (int i = 0; i < LEVELS; i++) {
        for (boolean bids : List.of(true, false)) {
          text.append(':').append(price(bids, i)).append(':').append(size(bids, i));
        }
      }
      return (int) crc(text.substring(1));
    }

    private BookTruth truth() {
      BigDecimal unit = new BigDecimal(template.has("contract") ? template.text("contract") : "1");
      BookTruth truth = new BookTruth();
      for (boolean bids : List.of(true, false)) {
        for (int i = 0; i < LEVELS; i++) {
          truth.set(
              bids, new BigDecimal(price(bids, i)), new BigDecimal(size(bids, i)).multiply(unit));
        }
      }
      return truth;
    }
  }

  /** A connection of a client. */
  private final class Client {
    private final NumberedSender sender;
    private final Map<Market, Set<Channel>> streams = new LinkedHashMap<>();

    private Client(ClientSocket socket) {
      sender = new NumberedSender(socket, template.has("gzip"));
    }

    private boolean has(Market market, Channel channel) {
      return streams.getOrDefault(market, Set.of()).contains(channel);
    }
  }

  private final VenueTemplate template;
  private final long startNanos;
  private final Market odd;
  private final Market other;
  private final List<Client> clients = new ArrayList<>();
  private boolean refusing;
  private boolean silent;
  private boolean listed = true;

  private NeighbourVenue(VenueTemplate template, long startNanos) {
    super("neighbour-venue", SimulatorOptions.defaults());
    this.template = template;
    this.startNanos = startNanos;
    odd = new Market(1, template.map("odd"));
    other = new Market(2, template.map("other"));
  }

  /**
   * Starts a venue.
   *
   * @param startNanos the time of its first message, nanoseconds since the epoch
   */
  public static NeighbourVenue start(VenueTemplate template, long startNanos) {
    NeighbourVenue venue = new NeighbourVenue(template, startNanos);
    venue.start();
    return venue;
  }

  private static long crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return crc.getValue();
  }

  private String side(String side) {
    Map<String, String> sides = template.map("sides");
    return sides.getOrDefault(side, "");
  }

  private long nanos(long sequence) {
    return startNanos + (sequence - 1_000) * 1_000_000;
  }

  private String time(long sequence) {
    return time(template.text("time"), nanos(sequence));
  }

  private static String time(String unit, long nanos) {
    return switch (unit) {
      case "ms" -> Long.toString(nanos / 1_000_000);
      case "us" -> Long.toString(nanos / 1_000);
      default -> ISO.format(Instant.ofEpochSecond(0, nanos));
    };
  }

  // ---- What the test does ----

  /** A round of the other instrument. */
  public void other() {
    run(() -> round(other, Fault.NONE));
  }

  /** A round of the odd instrument. */
  public void odd() {
    odd(Fault.NONE);
  }

  /** A round of the odd instrument, whose messages have a fault. */
  public void odd(Fault fault) {
    run(() -> round(odd, fault));
  }

  /** A change of the odd instrument's book is lost. */
  public void loseChange() {
    run(
        () -> {
          step(odd, true);
          clients.stream()
              .filter(client -> client.has(odd, Channel.L2_BOOK))
              .forEach(client -> client.sender.skip());
        });
  }

  /** A change of the odd instrument's book has another checksum than it should have. */
  public void breakChecksum() {
    odd(Fault.ofTemplate(VenueTemplate.put("checksum", "1234567")));
  }

  /** Whether new requests for the odd instrument are rejected. */
  public void refuse(boolean refuses) {
    run(() -> refusing = refuses);
  }

  /** Whether the odd instrument's subscriptions are confirmed, but get no data. */
  public void silence(boolean isSilent) {
    run(
        () -> {
          silent = isSilent;
          clients.stream()
              .filter(client -> !isSilent && client.has(odd, Channel.L2_BOOK))
              .forEach(client -> sendSnapshot(client, odd));
        });
  }

  /** Sends a text on the connections of the odd instrument, which is a message of no stream. */
  public void noise(String text) {
    run(
        () ->
            clients.stream()
                .filter(client -> client.streams.containsKey(odd))
                .forEach(client -> client.sender.sendUnnumbered(text)));
  }

  /** The odd instrument is {@code trading} or {@code halted}. */
  public void setState(String state) {
    run(() -> odd.state = state);
  }

  /** Whether the odd instrument is listed. */
  public void list(boolean isListed) {
    run(() -> listed = isListed);
  }

  private void step(Market market, boolean marks) {
    market.previous = market.sequence;
    market.sequence++;
    market.bestBid += marks ? 0 : 1;
    market.marked += marks ? 1 : 0;
  }

  private void round(Market market, Fault fault) {
    step(market, fault != Fault.NONE);
    long number = 5_000_000L * market.which + market.sequence;
    market.trades.add(
        new VenueTrade(
            number,
            template.trades().dialect().id(market.symbol, number),
            new BigDecimal("100.5"),
            BigDecimal.valueOf(market.sequence, 3),
            Side.BUY,
            nanos(market.sequence)));
    if (market == odd && silent) {
      return;
    }
    send(market, Channel.TRADES, "trade", fault);
    send(market, Channel.L2_BOOK, "delta", fault);
    send(market, Channel.QUOTES, "quote", fault);
  }

  private void send(Market market, Channel channel, String name, Fault fault) {
    List<Client> takers = clients.stream().filter(each -> each.has(market, channel)).toList();
    if (!takers.isEmpty()) {
      String text = message(market, name, false, fault);
      takers.forEach(each -> each.sender.send(text));
    }
  }

  private String message(Market market, String name, boolean isWhole, Fault fault) {
    Map<String, String> values = values(market, isWhole, fault);
    if (template.has("checksum")) {
      values.put("checksum", Long.toString(market.checksum()));
    }
    return fault
        .text()
        .apply(VenueTemplate.fill(fault.template().apply(template.text(name)), values));
  }

  private Map<String, String> values(Market market, boolean isWhole, Fault fault) {
    String level = fault.template().apply(template.text("level"));
    String change =
        template.has("change") ? fault.template().apply(template.text("change")) : level;
    // A change is one of the best bid, or of the marked one; a whole book has both sides.
    int changed = fault == Fault.NONE ? 0 : MARKED_LEVEL;
    int from = isWhole ? 0 : changed;
    int to = isWhole ? LEVELS : changed + 1;
    Map<String, String> values = new HashMap<>();
    values.put("symbol", market.symbol);
    values.put("lower", market.symbol.toLowerCase(Locale.ROOT));
    values.put("base", market.base);
    values.put("seq", Long.toString(market.sequence));
    values.put("prev", Long.toString(market.previous));
    values.put("time", time(market.sequence));
    values.put("side", side("buy"));
    values.put("size", BigDecimal.valueOf(market.sequence, 3).toPlainString());
    values.put("price", "100.50");
    values.put("bids", "[" + market.rows(true, from, to, level) + "]");
    values.put("asks", "[" + (isWhole ? market.rows(false, from, to, level) : "") + "]");
    values.put(
        "changes",
        "["
            + market.rows(true, from, to, change)
            + (isWhole ? "," + market.rows(false, from, to, change) : "")
            + "]");
    if (!market.trades.isEmpty()) {
      VenueTrade trade = market.trades.get(market.trades.size() - 1);
      values.put("id", trade.id());
      values.put("first_fill", Long.toString(trade.number() * 3));
      values.put("last_fill", Long.toString(trade.number() * 3 + 2));
    }
    return values;
  }

  // ---- What happened ----

  /** The key of the odd instrument, without the id of the exchange. */
  public String oddKey() {
    return odd.key;
  }

  /** The key of the other instrument, without the id of the exchange. */
  public String otherKey() {
    return other.key;
  }

  /** The book of the odd instrument. */
  public BookTruth oddBook() {
    return call(odd::truth);
  }

  /** The book of the other instrument. */
  public BookTruth otherBook() {
    return call(other::truth);
  }

  /** The ids of all trades of the odd instrument. */
  public List<String> oddTrades() {
    return call(() -> odd.trades.stream().map(VenueTrade::id).toList());
  }

  /** The ids of all trades of the other instrument. */
  public List<String> otherTrades() {
    return call(() -> other.trades.stream().map(VenueTrade::id).toList());
  }

  /** How often a channel of the odd instrument was subscribed. */
  public int oddSubscriptions(Channel channel) {
    return call(() -> odd.subscriptions.getOrDefault(channel, 0));
  }

  /** How often a channel of the other instrument was subscribed. */
  public int otherSubscriptions(Channel channel) {
    return call(() -> other.subscriptions.getOrDefault(channel, 0));
  }

  // ---- The wire ----

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
        onFrame(message, client);
      }

      @Override
      public void closed() {
        clients.remove(client);
      }
    };
  }

  private void onFrame(String frame, Client client) {
    boolean subscribes = frame.contains(template.text("subscribes"));
    boolean requests = template.has("requests") && frame.contains(template.text("requests"));
    boolean refused = refusing && subscribes && wants(frame, odd);
    boolean refusesAll = refused && !template.text("refuse").contains("{symbol}");
    Set<String> replies = new LinkedHashSet<>();
    List<Runnable> starts = new ArrayList<>();
    for (Market market : List.of(odd, other)) {
      for (Channel channel : CHANNELS) {
        if (!wants(frame, market, channel)) {
          continue;
        }
        if (requests) {
          replies.add(reply(frame, market, channel, "book_reply"));
        } else if (refused && (refusesAll || market == odd)) {
          replies.add(reply(frame, market, channel, "refuse"));
        } else if (subscribes) {
          if (template.has("confirm")) {
            replies.add(reply(frame, market, channel, "confirm"));
          }
          starts.add(() -> subscribe(client, market, channel));
        } else {
          client.streams.getOrDefault(market, new LinkedHashSet<>()).remove(channel);
        }
      }
    }
    replies.forEach(
        reply -> {
          if (reply.contains(NumberedSender.NUMBER)) {
            client.sender.send(reply);
          } else {
            client.sender.sendUnnumbered(reply);
          }
        });
    starts.forEach(Runnable::run);
  }

  private boolean wants(String frame, Market market) {
    return CHANNELS.stream().anyMatch(channel -> wants(frame, market, channel));
  }

  private boolean wants(String frame, Market market, Channel channel) {
    Map<String, List<String>> streams = template.map("streams");
    return streams.getOrDefault(channel.code(), List.of()).stream()
        .allMatch(
            part -> frame.contains(VenueTemplate.fill(part, values(market, false, Fault.NONE))));
  }

  private void subscribe(Client client, Market market, Channel channel) {
    client.streams.computeIfAbsent(market, any -> new LinkedHashSet<>()).add(channel);
    market.subscriptions.merge(channel, 1, Integer::sum);
    if (channel == Channel.L2_BOOK && !(market == odd && silent)) {
      sendSnapshot(client, market);
    }
  }

  private void sendSnapshot(Client client, Market market) {
    if (template.has("snapshot")) {
      client.sender.send(message(market, "snapshot", true, Fault.NONE));
    }
  }

  private String reply(String frame, Market market, Channel channel, String name) {
    Map<String, String> values = values(market, true, Fault.NONE);
    Matcher request = REQUEST.matcher(frame);
    values.put("request", request.find() ? request.group(1) : "0");
    values.put("channel", template.name(channel));
    return VenueTemplate.fill(template.text(name), values);
  }

  @Override
  public @Nullable HttpReply answer(HttpCall call) {
    String uri = call.path() + " " + call.query();
    Map<String, String> lists = template.map("lists");
    for (Map.Entry<String, String> list : lists.entrySet()) {
      String[] request = list.getKey().split(" ", 2);
      if (call.path().endsWith(request[0])
          && (request.length == 1 || uri.contains(request[1].replace("=", "=[")))) {
        String rows =
            List.of(odd, other).stream()
                .filter(market -> market == other || listed)
                .map(this::row)
                .collect(Collectors.joining(","));
        return HttpReply.json(200, list.getValue().replace("{rows}", rows));
      }
    }
    Map<String, String> books = template.map("book_request");
    for (Map.Entry<String, String> book : books.entrySet()) {
      if (call.path().equals(book.getKey())) {
        Market market = uri.contains("[" + odd.symbol + "]") ? odd : other;
        return HttpReply.json(
            200, VenueTemplate.fill(book.getValue(), values(market, true, Fault.NONE)));
      }
    }
    TradeDialect dialect = template.trades().dialect();
    HistoryCall request = dialect.history(call);
    if (request == null) {
      return HttpReply.json(404, errorBody(404));
    }
    Market market = request.symbol().equals(odd.symbol) ? odd : other;
    return HttpReply.json(200, dialect.page(market.symbol, request.select(market.trades)));
  }

  private String row(Market market) {
    Map<String, String> states = template.map("states");
    return VenueTemplate.fill(
        template.text("row"),
        Map.of(
            "symbol", market.symbol,
            "base", market.base,
            "state", states.getOrDefault(market.state, "")));
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
