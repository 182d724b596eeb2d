package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.MessageRule.BookLayout;
import io.cryptofeed.connect.exchange.MessageRule.Fills;
import io.cryptofeed.connect.exchange.MessageRule.LevelRule;
import io.cryptofeed.connect.exchange.MessageRule.OfBook;
import io.cryptofeed.connect.exchange.MessageRule.Party;
import io.cryptofeed.connect.exchange.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.MessageRule.Refused;
import io.cryptofeed.connect.exchange.MessageRule.SideRule;
import io.cryptofeed.connect.exchange.MessageRule.TagRule;
import io.cryptofeed.connect.exchange.MessageRule.TimeFormat;
import io.cryptofeed.connect.exchange.MessageRule.TimeRule;
import io.cryptofeed.connect.exchange.Profile.Endpoints;
import io.cryptofeed.connect.exchange.Profile.InstrumentRules;
import io.cryptofeed.connect.exchange.Profile.RestError;
import io.cryptofeed.connect.exchange.Profile.SnapshotRules;
import io.cryptofeed.connect.exchange.Profile.StepRule;
import io.cryptofeed.connect.exchange.Profile.StreamNames;
import io.cryptofeed.connect.exchange.Profile.SubscribeRules;
import io.cryptofeed.connect.exchange.Profile.SymbolCase;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a profile and checks it: what passes here can be compiled and run. Every complaint names
 * the file and the line.
 */
final class ProfileLoader {

  private static final String SYMBOL_PLACE = "{symbol}";

  private ProfileLoader() {}

  /**
   * Reads a profile.
   *
   * @param file its name, for complaints
   * @throws InvalidProfileException when it cannot be used
   */
  static Profile load(String file, InputStream yaml) {
    ProfileNode root = ProfileNode.parse(file, yaml);
    root.only(
        "venue",
        "aliases",
        "market_type",
        "endpoints",
        "limits",
        "liveness",
        "subscribe",
        "envelopes",
        "messages",
        "book",
        "instruments",
        "rest_error");
    ProfileNode endpoints = root.get("endpoints").only("live", "sandbox");
    ProfileNode book = root.get("book").only("source", "link", "snapshot");
    Profile profile =
        new Profile(
            id(root.get("venue")),
            root.findAll("aliases", ProfileLoader::id),
            root.get("market_type").oneOf(MarketType.class),
            endpoints(endpoints.get("live")),
            endpoints.find("sandbox", ProfileLoader::endpoints),
            connectionRules(root.get("limits"), root.get("liveness")),
            subscribe(root.get("subscribe")),
            envelopes(root),
            root.get("messages").items().stream().map(ProfileLoader::message).toList(),
            new BookRules(
                book.get("source").oneOf(BookRules.Source.class),
                book.get("link").oneOf(BookRules.Link.class)),
            book.find("snapshot", ProfileLoader::snapshot),
            instruments(root.get("instruments")),
            root.find("rest_error", ProfileLoader::restError));
    checkModes(profile, root);
    checkRecognitions(profile, root);
    checkRequests(profile, root);
    checkBook(profile, root);
    checkRoutes(profile, root);
    return profile;
  }

  private static String id(ProfileNode node) {
    String id = node.text();
    if (!id.matches("[a-z][a-z0-9_]*")) {
      throw node.invalid(
          "an exchange's id is made of lower-case letters, digits and '_', not '" + id + "'");
    }
    return id;
  }

  private static Endpoints endpoints(ProfileNode node) {
    node.only("websocket", "rest");
    return new Endpoints(url(node.get("websocket"), "wss"), url(node.get("rest"), "https"));
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
    liveness.only("max_silence", "ping_interval", "compression", "first_data", "stale_after");
    return new ConnectionRules(
        limits.get("streams_per_connection").positive(),
        rate(limits.get("sent_frames")),
        rate(limits.get("connects")),
        rate(limits.get("rest_weight")),
        durationOrZero(limits, "max_age"),
        durationOrZero(liveness, "ping_interval"),
        liveness.get("max_silence").duration(),
        durations(liveness, "first_data"),
        durations(liveness, "stale_after"),
        liveness.get("compression").flag());
  }

  private static RateRule rate(ProfileNode node) {
    node.only("permits", "window");
    return new RateRule(node.get("permits").positive(), node.get("window").duration());
  }

  private static Duration durationOrZero(ProfileNode node, String key) {
    return Objects.requireNonNullElse(node.find(key, ProfileNode::duration), Duration.ZERO);
  }

  private static Map<Channel, Duration> durations(ProfileNode node, String key) {
    Map<Channel, Duration> durations = new EnumMap<>(Channel.class);
    ProfileNode byChannel = node.entries().get(key);
    if (byChannel != null) {
      byChannel
          .entries()
          .forEach((name, value) -> durations.put(channel(name, value), value.duration()));
    }
    return durations;
  }

  private static Channel channel(String name, ProfileNode node) {
    for (Channel channel : Channel.values()) {
      if (channel.isSubscribable() && channel.code().equals(name)) {
        return channel;
      }
    }
    throw node.invalid("unknown channel '" + name + "'");
  }

  private static SubscribeRules subscribe(ProfileNode node) {
    node.only("mode", "symbol_case", "per_frame", "frame", "unsubscribe", "streams", "companions");
    SubscribeRules.Mode mode = node.get("mode").oneOf(SubscribeRules.Mode.class);
    Map<Channel, StreamNames> streams = new EnumMap<>(Channel.class);
    node.get("streams")
        .entries()
        .forEach(
            (name, value) -> {
              Channel channel = channel(name, value);
              streams.put(channel, streamNames(channel, mode, value));
            });
    List<String> companions = node.findAll("companions", ProfileNode::text);
    if (mode == SubscribeRules.Mode.LIST && !companions.isEmpty()) {
      throw node.get("companions").invalid("companions need mode list_per_channel");
    }
    return new SubscribeRules(
        mode,
        node.get("symbol_case").oneOf(SymbolCase.class),
        node.get("per_frame").positive(),
        frame(mode, node.get("frame")),
        frame(mode, node.get("unsubscribe")),
        streams,
        companions);
  }

  private static FrameTemplate frame(SubscribeRules.Mode mode, ProfileNode node) {
    FrameTemplate template = new FrameTemplate(node);
    List<FrameTemplate.Place> needed =
        switch (mode) {
          case LIST -> List.of(FrameTemplate.Place.STREAMS);
          case LIST_PER_CHANNEL ->
              List.of(FrameTemplate.Place.CHANNEL, FrameTemplate.Place.SYMBOLS);
        };
    for (FrameTemplate.Place place : needed) {
      if (!template.has(place)) {
        throw node.invalid(
            "mode " + code(mode) + " needs a place " + place.marker() + " in each frame");
      }
    }
    return template;
  }

  private static StreamNames streamNames(
      Channel channel, SubscribeRules.Mode mode, ProfileNode node) {
    if (node.isScalar()) {
      return new StreamNames(List.of(), List.of(streamName(mode, node)));
    }
    if (channel != Channel.TRADES) {
      throw node.invalid("only trades can have modes");
    }
    Map<String, ProfileNode> byMode = node.entries();
    return new StreamNames(
        List.copyOf(byMode.keySet()),
        byMode.values().stream().map(name -> streamName(mode, name)).toList());
  }

  private static String streamName(SubscribeRules.Mode mode, ProfileNode node) {
    String name = node.text();
    boolean hasSymbol = name.contains(SYMBOL_PLACE);
    if (mode == SubscribeRules.Mode.LIST && !hasSymbol) {
      throw node.invalid("the name of a stream needs a place {symbol}: '" + name + "'");
    }
    if (mode == SubscribeRules.Mode.LIST_PER_CHANNEL && hasSymbol) {
      throw node.invalid("the name of a channel has no place {symbol}: '" + name + "'");
    }
    return name;
  }

  private static List<Pointer> envelopes(ProfileNode root) {
    List<Pointer> envelopes = root.findAll("envelopes", ProfileNode::pointer);
    return envelopes.isEmpty() ? List.of(Pointer.ROOT) : envelopes;
  }

  private static MessageRule message(ProfileNode node) {
    Kind kind = node.get("kind").oneOf(Kind.class);
    return kind.reader.apply(node);
  }

  /** The kinds of message that a profile can describe. */
  private enum Kind {
    TRADE(ProfileLoader::trade),
    BOOK_SNAPSHOT(node -> book(node, true)),
    BOOK_DELTA(node -> book(node, false)),
    HEARTBEAT(ProfileLoader::heartbeat),
    CONFIRMATION(ProfileLoader::confirmation),
    CONFIRMATION_LIST(ProfileLoader::confirmationList),
    REFUSAL(ProfileLoader::refusal),
    RECONNECT(ProfileLoader::reconnect);

    private final Function<ProfileNode, MessageRule> reader;

    Kind(Function<ProfileNode, MessageRule> reader) {
      this.reader = reader;
    }
  }

  private static MessageRule trade(ProfileNode node) {
    node.only(
        "kind",
        "mode",
        "when",
        "origin",
        "symbol",
        "id",
        "consecutive",
        "price",
        "size",
        "side",
        "time",
        "fills");
    Origin origin = node.find("origin", value -> value.oneOf(Origin.class));
    return new MessageRule.OfTrade(
        recognition(node),
        node.get("symbol").pointer(),
        node.get("id").pointer(),
        node.get("consecutive").flag(),
        node.get("price").pointer(),
        node.get("size").pointer(),
        side(node.get("side")),
        time(node.get("time")),
        node.find("fills", ProfileLoader::fills),
        origin == null ? Origin.STREAM : origin);
  }

  private static SideRule side(ProfileNode node) {
    node.only("at", "of", "words");
    Map<String, Side> words = new LinkedHashMap<>();
    node.get("words")
        .entries()
        .forEach((word, meaning) -> words.put(word, meaning.oneOf(Side.class)));
    return new SideRule(node.get("at").pointer(), node.get("of").oneOf(Party.class), words);
  }

  private static TimeRule time(ProfileNode node) {
    node.only("at", "unit");
    return new TimeRule(node.get("at").pointer(), node.get("unit").oneOf(TimeFormat.class));
  }

  private static Fills fills(ProfileNode node) {
    node.only("first", "last");
    return new Fills(node.get("first").pointer(), node.get("last").pointer());
  }

  private static MessageRule book(ProfileNode node, boolean snapshot) {
    node.only(
        "kind", "mode", "when", "symbol", "first", "last", "time", "bids", "asks", "changes",
        "levels");
    return new OfBook(recognition(node), snapshot, node.get("symbol").pointer(), layout(node));
  }

  private static BookLayout layout(ProfileNode node) {
    LevelRule levels = levels(node.get("levels"));
    Pointer bids = node.find("bids", ProfileNode::pointer);
    Pointer asks = node.find("asks", ProfileNode::pointer);
    Pointer changes = node.find("changes", ProfileNode::pointer);
    if (levels.tag() == null && (bids == null || asks == null || changes != null)) {
      throw node.invalid("levels of form array need 'bids' and 'asks', and no 'changes'");
    }
    if (levels.tag() != null && (bids != null || asks != null || changes == null)) {
      throw node.invalid("levels of form tagged need 'changes', and neither 'bids' nor 'asks'");
    }
    Pointer first = node.find("first", ProfileNode::pointer);
    Pointer last = node.find("last", ProfileNode::pointer);
    if (first != null && last == null) {
      throw node.invalid("'first' needs 'last'");
    }
    return new BookLayout(
        first, last, node.find("time", ProfileLoader::time), bids, asks, changes, levels);
  }

  private static LevelRule levels(ProfileNode node) {
    node.only("form", "price", "size", "side");
    LevelForm form = node.get("form").oneOf(LevelForm.class);
    TagRule tag =
        switch (form) {
          case ARRAY -> {
            if (node.entries().containsKey("side")) {
              throw node.invalid("levels of form array have no 'side'");
            }
            yield null;
          }
          case TAGGED -> tag(node.get("side"));
        };
    LevelRule rule = new LevelRule(node.get("price").index(), node.get("size").index(), tag);
    Set<Integer> positions = new HashSet<>(List.of(rule.price()));
    if (!positions.add(rule.size()) || (tag != null && !positions.add(tag.at()))) {
      throw node.invalid("two parts of a level are at one position");
    }
    return rule;
  }

  /** How a level can be written. */
  private enum LevelForm {
    /** An array with a price and a size. */
    ARRAY,
    /** An array with a price, a size and a word that says the side. */
    TAGGED
  }

  private static TagRule tag(ProfileNode node) {
    node.only("at", "words");
    Map<String, Boolean> words = new LinkedHashMap<>();
    node.get("words")
        .entries()
        .forEach((word, meaning) -> words.put(word, meaning.oneOf(BookSide.class) == BookSide.BID));
    return new TagRule(node.get("at").index(), words);
  }

  private enum BookSide {
    BID,
    ASK
  }

  private static MessageRule heartbeat(ProfileNode node) {
    node.only("kind", "mode", "when", "symbol", "last_trade");
    return new MessageRule.OfHeartbeat(
        recognition(node),
        node.get("symbol").pointer(),
        node.find("last_trade", ProfileNode::pointer));
  }

  private static MessageRule confirmation(ProfileNode node) {
    node.only("kind", "mode", "when", "request");
    return new MessageRule.Confirmation(recognition(node), node.get("request").pointer());
  }

  private static MessageRule confirmationList(ProfileNode node) {
    node.only("kind", "mode", "when", "rows", "channel", "symbols", "names");
    Map<String, Channel> names = new LinkedHashMap<>();
    node.get("names")
        .entries()
        .forEach((name, channel) -> names.put(name, channel(channel.text(), channel)));
    return new MessageRule.ConfirmationList(
        recognition(node),
        node.get("rows").pointer(),
        node.get("channel").pointer(),
        node.get("symbols").pointer(),
        names);
  }

  private static MessageRule refusal(ProfileNode node) {
    node.only("kind", "mode", "when", "refuses", "request", "code", "text");
    Refused refused = node.get("refuses").oneOf(Refused.class);
    return new MessageRule.Refusal(
        recognition(node),
        refused,
        refused == Refused.REQUEST ? node.get("request").pointer() : null,
        node.find("code", ProfileNode::pointer),
        node.get("text").pointer());
  }

  private static MessageRule reconnect(ProfileNode node) {
    node.only("kind", "mode", "when", "reason");
    return new MessageRule.Reconnect(recognition(node), node.get("reason").text());
  }

  private static Recognition recognition(ProfileNode node) {
    List<RouteTest> tests = new ArrayList<>();
    ProfileNode when = node.get("when");
    for (Map.Entry<String, ProfileNode> entry : when.entries().entrySet()) {
      tests.add(test(pointerKey(entry), entry.getValue()));
    }
    if (tests.isEmpty()) {
      throw when.invalid("'when' needs at least one test");
    }
    return new Recognition(tests, node.find("mode", ProfileNode::text), node.line());
  }

  private static RouteTest test(Pointer at, ProfileNode node) {
    if (node.isScalar()) {
      return new RouteTest(at, RouteTest.How.EQUALS, node.text());
    }
    node.only("prefix", "present");
    String prefix = node.find("prefix", ProfileNode::text);
    if (prefix != null) {
      return new RouteTest(at, RouteTest.How.PREFIX, prefix);
    }
    if (!node.get("present").flag()) {
      throw node.invalid("'present' can only be true");
    }
    return new RouteTest(at, RouteTest.How.PRESENT, "");
  }

  private static Pointer pointerKey(Map.Entry<String, ProfileNode> entry) {
    try {
      return Pointer.parse(entry.getKey());
    } catch (IllegalArgumentException e) {
      throw entry.getValue().invalid(Objects.requireNonNull(e.getMessage()));
    }
  }

  private static SnapshotRules snapshot(ProfileNode node) {
    node.only(
        "path",
        "weight",
        "max_response",
        "first",
        "last",
        "time",
        "bids",
        "asks",
        "changes",
        "levels");
    String path = path(node.get("path"));
    if (!path.contains(SYMBOL_PLACE)) {
      throw node.get("path").invalid("the path needs a place {symbol}: '" + path + "'");
    }
    return new SnapshotRules(
        path, node.get("weight").positive(), node.get("max_response").bytes(), layout(node));
  }

  private static String path(ProfileNode node) {
    String path = node.text();
    if (!path.startsWith("/")) {
      throw node.invalid("a path begins with '/', not '" + path + "'");
    }
    return path;
  }

  private static InstrumentRules instruments(ProfileNode node) {
    node.only(
        "path",
        "weight",
        "max_response",
        "rows",
        "symbol",
        "base",
        "quote",
        "tick_size",
        "lot_size",
        "active",
        "inactive");
    return new InstrumentRules(
        new RestRequest(
            path(node.get("path")),
            node.get("weight").positive(),
            node.get("max_response").bytes()),
        node.get("rows").pointer(),
        node.get("symbol").pointer(),
        node.get("base").pointer(),
        node.get("quote").pointer(),
        node.find("tick_size", ProfileLoader::step),
        node.find("lot_size", ProfileLoader::step),
        values(node.get("active")),
        Objects.requireNonNullElse(node.find("inactive", ProfileLoader::values), Map.of()));
  }

  private static StepRule step(ProfileNode node) {
    node.only("in", "where", "at");
    Pointer list = node.find("in", ProfileNode::pointer);
    Map<Pointer, String> where =
        Objects.requireNonNullElse(node.find("where", ProfileLoader::values), Map.of());
    if ((list == null) != where.isEmpty()) {
      throw node.invalid("'in' and 'where' need each other");
    }
    return new StepRule(list, where, node.get("at").pointer());
  }

  private static Map<Pointer, String> values(ProfileNode node) {
    Map<Pointer, String> values = new LinkedHashMap<>();
    for (Map.Entry<String, ProfileNode> entry : node.entries().entrySet()) {
      values.put(pointerKey(entry), entry.getValue().text());
    }
    return values;
  }

  private static RestError restError(ProfileNode node) {
    node.only("code", "text");
    return new RestError(node.find("code", ProfileNode::pointer), node.get("text").pointer());
  }

  private static void checkModes(Profile profile, ProfileNode root) {
    for (MessageRule message : profile.messages()) {
      String mode = message.recognition().mode();
      if (mode != null && !profile.tradeModes().contains(mode)) {
        throw at(root, message)
            .invalid("mode '" + mode + "' is none of the modes of streams.trades");
      }
    }
    for (String mode : modes(profile)) {
      boolean readsTrades =
          profile.messages().stream()
              .anyMatch(
                  message ->
                      message instanceof MessageRule.OfTrade
                          && message.recognition().isReadIn(mode));
      if (profile.channels().contains(Channel.TRADES) && !readsTrades) {
        throw root.get("messages").invalid("no message of kind trade" + inMode(mode));
      }
    }
  }

  /** Of two kinds with equal tests the second could never be met. */
  private static void checkRecognitions(Profile profile, ProfileNode root) {
    for (String mode : modes(profile)) {
      Map<Set<RouteTest>, MessageRule> known = new LinkedHashMap<>();
      for (MessageRule message : profile.messages()) {
        Recognition recognition = message.recognition();
        if (recognition.isReadIn(mode)) {
          MessageRule earlier = known.put(Set.copyOf(recognition.tests()), message);
          if (earlier != null) {
            throw at(root, message)
                .invalid(
                    "'when' is the same as that of the message in line "
                        + earlier.recognition().line());
          }
        }
      }
    }
  }

  private static void checkRequests(Profile profile, ProfileNode root) {
    boolean needsId =
        profile.messages().stream().anyMatch(MessageRule.Confirmation.class::isInstance);
    SubscribeRules subscribe = profile.subscribe();
    if (needsId && !subscribe.frame().has(FrameTemplate.Place.ID)) {
      throw root.get("subscribe")
          .get("frame")
          .invalid("a message of kind confirmation needs a place #id in the frame");
    }
    if (needsId && !subscribe.unsubscribe().has(FrameTemplate.Place.ID)) {
      throw root.get("subscribe")
          .get("unsubscribe")
          .invalid("a message of kind confirmation needs a place #id in the frame");
    }
  }

  private static void checkBook(Profile profile, ProfileNode root) {
    ProfileNode book = root.get("book");
    SnapshotRules snapshot = profile.snapshot();
    if (!profile.channels().contains(Channel.L2_BOOK)) {
      return;
    }
    boolean rest = profile.book().source() == BookRules.Source.REST;
    if (rest && snapshot == null) {
      throw book.invalid("source rest needs a 'snapshot'");
    }
    if (!rest && snapshot != null) {
      throw book.get("snapshot").invalid("only source rest has a 'snapshot'");
    }
    if (!rest && booksOf(profile, true).isEmpty()) {
      throw book.invalid("source stream needs a message of kind book_snapshot");
    }
    if (booksOf(profile, false).isEmpty()) {
      throw root.get("messages").invalid("no message of kind book_delta");
    }
    if (profile.book().link() == BookRules.Link.STEP_OVERLAP) {
      if (snapshot != null && snapshot.layout().last() == null) {
        throw book.get("snapshot").invalid("link step_overlap needs 'last'");
      }
      for (OfBook delta : booksOf(profile, false)) {
        if (delta.layout().first() == null || delta.layout().last() == null) {
          throw at(root, delta).invalid("link step_overlap needs 'first' and 'last'");
        }
      }
    }
  }

  private static void checkRoutes(Profile profile, ProfileNode root) {
    for (String mode : modes(profile)) {
      try {
        RouteTrie.of(profile, mode);
      } catch (IllegalArgumentException e) {
        throw root.get("messages").invalid(Objects.requireNonNull(e.getMessage()));
      }
    }
  }

  private static List<OfBook> booksOf(Profile profile, boolean snapshot) {
    return profile.messages().stream()
        .filter(OfBook.class::isInstance)
        .map(OfBook.class::cast)
        .filter(book -> book.snapshot() == snapshot)
        .toList();
  }

  /** The trades modes, or null alone where there is no choice. */
  private static List<@Nullable String> modes(Profile profile) {
    List<@Nullable String> modes = new ArrayList<>(profile.tradeModes());
    if (modes.isEmpty()) {
      modes.add(null);
    }
    return modes;
  }

  private static String inMode(@Nullable String mode) {
    return mode == null ? "" : " in mode '" + mode + "'";
  }

  private static ProfileNode at(ProfileNode root, MessageRule message) {
    for (ProfileNode node : root.get("messages").items()) {
      if (node.line() == message.recognition().line()) {
        return node;
      }
    }
    return root;
  }

  private static String code(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
