package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.exchange.profile.Profile.BookSection;
import io.cryptofeed.connect.exchange.profile.Profile.Endpoints;
import io.cryptofeed.connect.exchange.profile.Profile.Frames;
import io.cryptofeed.connect.exchange.profile.Profile.InstrumentRules;
import io.cryptofeed.connect.exchange.profile.Profile.NextPage;
import io.cryptofeed.connect.exchange.profile.Profile.RestError;
import io.cryptofeed.connect.exchange.profile.Profile.SnapshotRules;
import io.cryptofeed.connect.exchange.profile.Profile.Socket;
import io.cryptofeed.connect.exchange.profile.Profile.StepRule;
import io.cryptofeed.connect.exchange.profile.Profile.StreamNames;
import io.cryptofeed.connect.exchange.profile.Profile.SubscribeRules;
import io.cryptofeed.connect.exchange.profile.Profile.SymbolCase;
import io.cryptofeed.connect.exchange.profile.Profile.SymbolText;
import io.cryptofeed.connect.exchange.profile.Profile.TextRule;
import io.cryptofeed.connect.exchange.profile.Profile.WordRule;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profile and checks it: what passes here can be compiled and run. Every complaint names
 * the file and the line.
 */
public final class ProfileLoader {

  /** The key that names the profile which is taken over. */
  static final String EXTENDS = "extends";

  private static final String SYMBOL_PLACE = "{symbol}";

  /** {@code exchange.profiles.path} is a key of the connector, and no setting of an exchange. */
  private static final String RESERVED_ID = "profiles";

  private ProfileLoader() {}

  /**
   * Reads a profile.
   *
   * @throws InvalidProfileException when it cannot be used
   */
  public static Profile load(ProfileNode root) {
    root.only(
        "venue",
        EXTENDS,
        "name",
        "aliases",
        "restrictions",
        "endpoints",
        "limits",
        "liveness",
        "subscribe",
        "envelopes",
        "messages",
        "connection_sequence",
        "words",
        "book",
        "instruments",
        "history",
        "rest_error");
    ProfileNode inherits = root.entries().get(EXTENDS);
    if (inherits != null) {
      throw inherits.invalid("only a profile of a folder of one's own can extend another");
    }
    ProfileNode endpoints = root.get("endpoints").only("live", "sandbox");
    return new Profile(
        id(root.get("venue")),
        root.get("name").text(),
        root.findAll("aliases", ProfileLoader::id),
        root.find("restrictions", ProfileNode::text),
        endpoints(endpoints.get("live")),
        endpoints.find("sandbox", ProfileLoader::endpoints),
        connectionRules(root.get("limits"), root.get("liveness")),
        subscribe(root.get("subscribe")),
        envelopes(root),
        root.get("messages").items().stream().map(MessageLoader::message).toList(),
        root.find("connection_sequence", ProfileNode::pointer),
        Set.copyOf(root.findAll("words", ProfileNode::text)),
        Objects.requireNonNullElse(root.find("book", ProfileLoader::books), List.of()),
        instruments(root.get("instruments")),
        Objects.requireNonNullElse(root.find("history", HistoryLoader::histories), List.of()),
        root.find("rest_error", ProfileLoader::restError));
  }

  /** The id of an exchange. */
  static String id(ProfileNode node) {
    String id = node.text();
    if (!id.matches("[a-z][a-z0-9_]*")) {
      throw node.invalid(
          "an exchange's id is made of lower-case letters, digits and '_', not '" + id + "'");
    }
    if (id.equals(RESERVED_ID)) {
      throw node.invalid("no exchange can be called '" + id + "': choose another name");
    }
    return id;
  }

  private static Endpoints endpoints(ProfileNode node) {
    node.only("websocket", "rest");
    ProfileNode websocket = node.get("websocket");
    List<Socket> sockets =
        websocket.isScalar()
            ? List.of(new Socket(url(websocket, "wss"), Set.of(), Set.of(), null))
            : websocket.items().stream().map(ProfileLoader::socket).toList();
    return new Endpoints(sockets, url(node.get("rest"), "https"));
  }

  private static Socket socket(ProfileNode node) {
    node.only("url", "channels", "market_types", "mode");
    return new Socket(
        url(node.get("url"), "wss"),
        Set.copyOf(node.findAll("channels", name -> MessageLoader.channel(name.text(), name))),
        Set.copyOf(node.findAll("market_types", type -> type.oneOf(MarketType.class))),
        node.find("mode", ProfileNode::text));
  }

  private static URI url(ProfileNode node, String scheme) {
    String text = node.text();
    try {
      URI url = URI.create(text);
      if (scheme.equals(url.getScheme()) && url.getHost() != null) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      throw node.invalid("not a URL: '" + text + "'");
    }
    throw node.invalid("not a " + scheme + " URL: '" + text + "'");
  }

  private static ConnectionRules connectionRules(ProfileNode limits, ProfileNode liveness) {
    limits.only("streams_per_connection", "sent_frames", "connects", "rest_weight", "max_age");
    liveness.only(
        "max_silence",
        "ping_interval",
        "ping",
        "compression",
        "confirmation",
        "first_data",
        "stale_after");
    Duration pingInterval = durationOrZero(liveness, "ping_interval");
    String pingFrame = liveness.find("ping", ProfileLoader::pingFrame);
    if (pingFrame != null && pingInterval.isZero()) {
      throw liveness.invalid("'ping' needs 'ping_interval'");
    }
    return new ConnectionRules(
        limits.get("streams_per_connection").positive(),
        rate(limits.get("sent_frames")),
        rate(limits.get("connects")),
        rate(limits.get("rest_weight")),
        durationOrZero(limits, "max_age"),
        pingInterval,
        pingFrame,
        liveness.get("max_silence").duration(),
        durations(liveness, "first_data"),
        durations(liveness, "stale_after"),
        liveness.get("compression").flag(),
        !Boolean.FALSE.equals(liveness.find("confirmation", ProfileNode::flag)));
  }

  /** A bare word, or a JSON object. */
  private static String pingFrame(ProfileNode node) {
    return node.isScalar()
        ? node.text()
        : new FrameTemplate(node).fill(new FrameTemplate.Values()).toString();
  }

  private static RateRule rate(ProfileNode node) {
    node.only("permits", "window");
    return new RateRule(node.get("permits").positive(), node.get("window").duration());
  }

  /** A duration that may be absent. */
  static Duration durationOrZero(ProfileNode node, String key) {
    return Objects.requireNonNullElse(node.find(key, ProfileNode::duration), Duration.ZERO);
  }

  private static Map<Channel, Duration> durations(ProfileNode node, String key) {
    Map<Channel, Duration> durations = new EnumMap<>(Channel.class);
    ProfileNode byChannel = node.entries().get(key);
    if (byChannel != null) {
      byChannel
          .entries()
          .forEach(
              (name, value) -> durations.put(MessageLoader.channel(name, value), value.duration()));
    }
    return durations;
  }

  private static SubscribeRules subscribe(ProfileNode node) {
    node.only(
        "mode",
        "symbol_case",
        "per_frame",
        "frame",
        "unsubscribe",
        "frames",
        "each",
        "streams",
        "companions");
    SubscribeRules.Mode mode = node.get("mode").oneOf(SubscribeRules.Mode.class);
    FrameTemplate each = node.find("each", FrameTemplate::new);
    Map<Channel, StreamNames> streams = new EnumMap<>(Channel.class);
    boolean named = mode == SubscribeRules.Mode.LIST && each == null;
    node.get("streams")
        .entries()
        .forEach(
            (name, value) ->
                streams.put(MessageLoader.channel(name, value), streamNames(named, value)));
    if (streams.isEmpty()) {
      throw node.get("streams").invalid("'streams' needs at least one channel");
    }
    List<String> companions = node.findAll("companions", ProfileNode::text);
    if (mode == SubscribeRules.Mode.LIST && !companions.isEmpty()) {
      throw node.get("companions").invalid("companions need mode list_per_channel");
    }
    int perFrame = node.get("per_frame").positive();
    Map<Channel, Frames> framesOf = new EnumMap<>(Channel.class);
    ProfileNode byChannel = node.entries().get("frames");
    if (byChannel != null) {
      byChannel
          .entries()
          .forEach(
              (name, value) ->
                  framesOf.put(
                      MessageLoader.channel(name, value),
                      frames(mode, perFrame, value.only("frame", "unsubscribe"))));
    }
    return new SubscribeRules(
        mode,
        node.get("symbol_case").oneOf(SymbolCase.class),
        perFrame,
        frames(mode, perFrame, node),
        framesOf,
        each,
        streams,
        companions);
  }

  private static Frames frames(SubscribeRules.Mode mode, int perFrame, ProfileNode node) {
    return new Frames(
        frame(mode, perFrame, node.get("frame")), frame(mode, perFrame, node.get("unsubscribe")));
  }

  private static FrameTemplate frame(SubscribeRules.Mode mode, int perFrame, ProfileNode node) {
    FrameTemplate template = new FrameTemplate(node);
    boolean listed =
        template.has(FrameTemplate.Place.STREAMS) || template.has(FrameTemplate.Place.ARGUMENTS);
    boolean single = template.has(FrameTemplate.Place.STREAM);
    if (mode == SubscribeRules.Mode.LIST && !listed && !single) {
      throw node.invalid("mode list needs a place #streams, #arguments or #stream in each frame");
    }
    if (mode == SubscribeRules.Mode.LIST_PER_CHANNEL
        && !template.has(FrameTemplate.Place.SYMBOLS)) {
      throw node.invalid("mode list_per_channel needs a place #symbols in each frame");
    }
    if (single && perFrame > 1) {
      throw node.invalid("a place #stream needs 'per_frame: 1'");
    }
    return template;
  }

  private static StreamNames streamNames(boolean needsSymbol, ProfileNode node) {
    if (node.isScalar()) {
      return new StreamNames(List.of(), List.of(streamName(needsSymbol, node)));
    }
    Map<String, ProfileNode> byMode = node.entries();
    if (byMode.isEmpty()) {
      throw node.invalid("a channel needs the name of its stream");
    }
    byMode.forEach(ProfileLoader::checkMode);
    return new StreamNames(
        List.copyOf(byMode.keySet()),
        byMode.values().stream().map(name -> streamName(needsSymbol, name)).toList());
  }

  /** Users write modes in any case. */
  private static void checkMode(String mode, ProfileNode node) {
    if (!mode.matches("[a-z0-9][a-z0-9_.-]*")) {
      throw node.invalid(
          "a mode is made of lower-case letters, digits, '_', '.' and '-', not '" + mode + "'");
    }
  }

  private static String streamName(boolean needsSymbol, ProfileNode node) {
    String name = node.text();
    boolean hasSymbol = name.contains(SYMBOL_PLACE);
    if (needsSymbol && !hasSymbol) {
      throw node.invalid("the name of a stream needs a place {symbol}: '" + name + "'");
    }
    if (!needsSymbol && hasSymbol) {
      throw node.invalid("the name of a channel has no place {symbol}: '" + name + "'");
    }
    return name;
  }

  private static List<Pointer> envelopes(ProfileNode root) {
    List<Pointer> envelopes = root.findAll("envelopes", ProfileNode::pointer);
    return envelopes.isEmpty() ? List.of(Pointer.ROOT) : envelopes;
  }

  /** One way to keep the book, or one for each mode of its stream. */
  private static List<BookSection> books(ProfileNode node) {
    if (node.entries().containsKey("source")) {
      return List.of(book(null, node));
    }
    List<BookSection> books = new ArrayList<>();
    node.entries().forEach((mode, section) -> books.add(book(mode, section)));
    return books;
  }

  private static BookSection book(@Nullable String mode, ProfileNode node) {
    node.only(
        "source",
        "link",
        "depths",
        "depth",
        "trims",
        "restarts_at",
        "checksum",
        "snapshot",
        "request");
    List<Integer> depths = node.findAll("depths", ProfileNode::positive);
    if (!List.copyOf(new TreeSet<>(depths)).equals(depths)) {
      throw node.get("depths").invalid("'depths' must rise");
    }
    Integer depth = node.find("depth", ProfileNode::positive);
    if (!depths.isEmpty() && !depths.contains(depth)) {
      throw node.invalid("'depths' need a 'depth' that is one of them");
    }
    Integer restartsAt = node.find("restarts_at", ProfileNode::index);
    return new BookSection(
        mode,
        new BookRules(
            node.get("source").oneOf(BookRules.Source.class),
            node.get("link").oneOf(BookRules.Link.class),
            0,
            restartsAt == null ? -1 : restartsAt,
            node.find("checksum", ProfileLoader::checksum)),
        depths,
        depth == null ? 0 : depth,
        Boolean.TRUE.equals(node.find("trims", ProfileNode::flag)),
        node.find("snapshot", ProfileLoader::snapshot),
        node.find("request", FrameTemplate::new));
  }

  private static ChecksumRule checksum(ProfileNode node) {
    node.only("form", "levels", "absent");
    Integer absent = node.find("absent", ProfileNode::index);
    return new ChecksumRule(
        node.get("form").oneOf(ChecksumRule.Form.class),
        node.get("levels").positive(),
        absent == null ? null : Long.valueOf(absent));
  }

  private static SnapshotRules snapshot(ProfileNode node) {
    node.only(
        "path",
        "weight",
        "max_response",
        "rows",
        "first",
        "last",
        "time",
        "bids",
        "asks",
        "changes",
        "levels");
    Pointer rows = node.find("rows", ProfileNode::pointer);
    return new SnapshotRules(
        symbolPath(node.get("path")),
        node.get("weight").positive(),
        node.get("max_response").bytes(),
        rows,
        MessageLoader.layout(node, rows));
  }

  /** A path with a place for the symbol. */
  static String symbolPath(ProfileNode node) {
    String path = path(node);
    if (!path.contains(SYMBOL_PLACE)) {
      throw node.invalid("the path needs a place {symbol}: '" + path + "'");
    }
    return path;
  }

  private static String path(ProfileNode node) {
    String path = node.text();
    if (!path.startsWith("/")) {
      throw node.invalid("a path begins with '/', not '" + path + "'");
    }
    return path;
  }

  private static List<InstrumentRules> instruments(ProfileNode node) {
    if (!node.isMapping() && node.items().isEmpty()) {
      throw node.invalid("'instruments' needs at least one list");
    }
    return node.isMapping()
        ? List.of(instrumentList(node))
        : node.items().stream().map(ProfileLoader::instrumentList).toList();
  }

  private static InstrumentRules instrumentList(ProfileNode node) {
    node.only(
        "path",
        "weight",
        "max_response",
        "rows",
        "market_type",
        "symbol",
        "base",
        "quote",
        "expiry",
        "tick_size",
        "lot_size",
        "size_unit",
        "contract_size",
        "active",
        "inactive",
        "skip",
        "next");
    WordRule<SizeUnit> sizeUnit = node.find("size_unit", unit -> wordRule(unit, SizeUnit.class));
    ProfileNode contractSize = node.entries().get("contract_size");
    InstrumentRules rules =
        new InstrumentRules(
            new RestRequest(
                path(node.get("path")),
                node.get("weight").positive(),
                node.get("max_response").bytes()),
            node.get("rows").pointer(),
            wordRule(node.get("market_type"), MarketType.class),
            symbolText(node.get("symbol")),
            textRule(node.get("base")),
            textRule(node.get("quote")),
            node.find("expiry", time -> MessageLoader.time(time, null)),
            node.find("tick_size", ProfileLoader::step),
            node.find("lot_size", ProfileLoader::step),
            sizeUnit == null ? new WordRule<>(null, Map.of(), SizeUnit.BASE) : sizeUnit,
            contractSize == null
                ? List.of()
                : contractSize.isScalar()
                    ? List.of(contractSize.pointer())
                    : contractSize.items().stream().map(ProfileNode::pointer).toList(),
            values(node.get("active")),
            Objects.requireNonNullElse(node.find("inactive", ProfileLoader::values), Map.of()),
            Objects.requireNonNullElse(node.find("skip", ProfileLoader::values), Map.of()),
            node.find("next", ProfileLoader::nextPage));
    if (rules.marketType().all().contains(MarketType.FUTURE) && rules.expiry() == null) {
      throw node.invalid("futures need an 'expiry'");
    }
    return rules;
  }

  private static NextPage nextPage(ProfileNode node) {
    node.only("at", "parameter");
    return new NextPage(node.get("at").pointer(), node.get("parameter").text());
  }

  private static <E extends Enum<E>> WordRule<E> wordRule(ProfileNode node, Class<E> type) {
    if (node.isScalar()) {
      return new WordRule<>(null, Map.of(), node.oneOf(type));
    }
    node.only("at", "words", "otherwise");
    Map<String, E> words = new LinkedHashMap<>();
    node.get("words").entries().forEach((word, value) -> words.put(word, value.oneOf(type)));
    return new WordRule<>(
        node.get("at").pointer(), words, node.find("otherwise", value -> value.oneOf(type)));
  }

  private static SymbolText symbolText(ProfileNode node) {
    String text = node.text();
    return text.contains("{base}") && text.contains("{quote}")
        ? new SymbolText(null, text)
        : new SymbolText(node.pointer(), null);
  }

  private static TextRule textRule(ProfileNode node) {
    if (node.isScalar()) {
      return new TextRule(node.pointer(), null, 0, false, Map.of());
    }
    node.only("at", "split", "part", "upper", "words");
    Map<String, String> words =
        Objects.requireNonNullElse(node.find("words", ProfileLoader::texts), Map.of());
    String split = node.find("split", ProfileNode::text);
    return new TextRule(
        node.get("at").pointer(),
        split,
        split == null ? 0 : node.get("part").index(),
        Boolean.TRUE.equals(node.find("upper", ProfileNode::flag)),
        words);
  }

  /** The texts of a mapping whose keys are free. */
  static Map<String, String> texts(ProfileNode node) {
    return node.entries().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text()));
  }

  private static StepRule step(ProfileNode node) {
    node.only("in", "where", "at", "decimals");
    Pointer list = node.find("in", ProfileNode::pointer);
    Map<Pointer, String> where =
        Objects.requireNonNullElse(node.find("where", ProfileLoader::values), Map.of());
    if ((list == null) != where.isEmpty()) {
      throw node.invalid("'in' and 'where' need each other");
    }
    return new StepRule(
        list,
        where,
        node.get("at").pointer(),
        Boolean.TRUE.equals(node.find("decimals", ProfileNode::flag)));
  }

  private static Map<Pointer, String> values(ProfileNode node) {
    Map<Pointer, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, ProfileNode> entry : node.entries().entrySet()) {
      values.put(entry.getValue().keyPointer(entry.getKey(), null), entry.getValue().text());
    }
    return values;
  }

  private static RestError restError(ProfileNode node) {
    node.only("code", "text", "ok");
    return new RestError(
        node.find("code", ProfileNode::treePointer),
        node.get("text").treePointer(),
        node.find("ok", ProfileNode::text));
  }

  /** The word by which a profile names a constant. */
  public static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
