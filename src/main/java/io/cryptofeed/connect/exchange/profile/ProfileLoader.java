package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.Profile.Endpoints;
import io.cryptofeed.connect.exchange.profile.Profile.RestError;
import io.cryptofeed.connect.exchange.profile.Profile.Socket;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.MarketType;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Loads a profile from YAML. Every error names the file and the line. */
public final class ProfileLoader {

  /** The key that names the inherited profile. */
  static final String EXTENDS = "extends";

  /** The placeholder of the venue's symbol. */
  static final String SYMBOL = "{symbol}";

  /** {@code exchange.profiles.path} is a key of the connector, not of an exchange. */
  private static final String RESERVED_ID = "profiles";

  private final MessageLoader messages;

  private ProfileLoader(Channels channels) {
    messages = new MessageLoader(channels);
  }

  /**
   * Loads a profile.
   *
   * @param channels the channels that a profile can map
   * @throws InvalidProfileException if it is not valid
   */
  public static Profile load(ProfileNode root, Channels channels) {
    return new ProfileLoader(channels).profile(root);
  }

  private Profile profile(ProfileNode root) {
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
      throw inherits.invalid("'extends' is allowed only in a profile of exchange.profiles.path");
    }
    ProfileNode endpoints = root.get("endpoints").only("live", "sandbox");
    return new Profile(
        id(root.get("venue")),
        root.get("name").text(),
        root.findAll("aliases", ProfileLoader::id),
        root.find("restrictions", ProfileNode::text),
        endpoints(endpoints.get("live")),
        endpoints.find("sandbox", this::endpoints),
        connectionRules(root.get("limits"), root.get("liveness")),
        SubscribeLoader.subscribe(root.get("subscribe"), messages),
        envelopes(root),
        root.get("messages").items().stream().map(messages::message).toList(),
        root.find("connection_sequence", ProfileNode::pointer),
        Set.copyOf(root.findAll("words", ProfileNode::text)),
        Objects.requireNonNullElse(root.find("book", BookLoader::books), List.of()),
        InstrumentLoader.instruments(root.get("instruments")),
        Objects.requireNonNullElse(root.find("history", HistoryLoader::histories), List.of()),
        root.find("rest_error", ProfileLoader::restError));
  }

  /** The id of an exchange. */
  static String id(ProfileNode node) {
    String id = node.text();
    if (!id.matches("[a-z][a-z0-9_]*")) {
      throw node.invalid(
          "an exchange's id consists of lower-case letters, digits and '_', not '" + id + "'");
    }
    if (id.equals(RESERVED_ID)) {
      throw node.invalid("an exchange cannot be called '" + id + "': choose another id");
    }
    return id;
  }

  private Endpoints endpoints(ProfileNode node) {
    node.only("websocket", "rest");
    ProfileNode websocket = node.get("websocket");
    List<Socket> sockets =
        websocket.isScalar()
            ? List.of(new Socket(url(websocket, "wss"), Set.of(), Set.of(), null))
            : websocket.items().stream().map(this::socket).toList();
    return new Endpoints(sockets, url(node.get("rest"), "https"));
  }

  private Socket socket(ProfileNode node) {
    node.only("url", "channels", "market_types", "mode");
    return new Socket(
        url(node.get("url"), "wss"),
        Set.copyOf(node.findAll("channels", name -> messages.channel(name.text(), name))),
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
      throw node.invalid("'" + text + "' is not a URL");
    }
    throw node.invalid("'" + text + "' is not a URL that starts with " + scheme + "://");
  }

  private ConnectionRules connectionRules(ProfileNode limits, ProfileNode liveness) {
    limits.only(
        "streams_per_connection",
        "sent_frames",
        "connects",
        "rest_weight",
        "max_age",
        "message_rows");
    Integer messageRows = limits.find("message_rows", ProfileNode::positive);
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
        !Boolean.FALSE.equals(liveness.find("confirmation", ProfileNode::flag)),
        messageRows == null ? ConnectionRules.DEFAULT_MESSAGE_ROWS : messageRows);
  }

  /** A plain word, or a JSON object. */
  private static String pingFrame(ProfileNode node) {
    return node.isScalar()
        ? node.text()
        : new FrameTemplate(node).fill(new FrameTemplate.Values()).toString();
  }

  private static RateRule rate(ProfileNode node) {
    node.only("permits", "window");
    return new RateRule(node.get("permits").positive(), node.get("window").duration());
  }

  /** An optional duration; zero if it is absent. */
  static Duration durationOrZero(ProfileNode node, String key) {
    return Objects.requireNonNullElse(node.find(key, ProfileNode::duration), Duration.ZERO);
  }

  private Map<Channel, Duration> durations(ProfileNode node, String key) {
    Map<Channel, Duration> durations = new TreeMap<>();
    ProfileNode byChannel = node.entries().get(key);
    if (byChannel != null) {
      byChannel
          .entries()
          .forEach((name, value) -> durations.put(messages.channel(name, value), value.duration()));
    }
    return durations;
  }

  private static List<Pointer> envelopes(ProfileNode root) {
    List<Pointer> envelopes = root.findAll("envelopes", ProfileNode::pointer);
    return envelopes.isEmpty() ? List.of(Pointer.ROOT) : envelopes;
  }

  /** A path with a placeholder for the symbol. */
  static String symbolPath(ProfileNode node) {
    String path = path(node);
    if (!path.contains(SYMBOL)) {
      throw node.invalid("the path needs a placeholder {symbol}: '" + path + "'");
    }
    return path;
  }

  /** A path of the venue's REST interface. */
  static String path(ProfileNode node) {
    String path = node.text();
    if (!path.startsWith("/")) {
      throw node.invalid("a path starts with '/', not '" + path + "'");
    }
    return path;
  }

  /** The texts of a mapping whose keys are free. */
  static Map<String, String> texts(ProfileNode node) {
    return node.entries().entrySet().stream()
        .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().text()));
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
