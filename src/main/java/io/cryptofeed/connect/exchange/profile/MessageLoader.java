package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.ControlRule.Refused;
import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.Fills;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelForm;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.Party;
import io.cryptofeed.connect.exchange.profile.FieldRules.SideRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SizeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.SymbolRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TagRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.FieldRules.TradeLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.ValueRule;
import io.cryptofeed.connect.exchange.profile.MessageRule.OfBook;
import io.cryptofeed.connect.exchange.profile.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.DecimalText;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the kinds of message of a profile. */
final class MessageLoader {

  private final Channels channels;

  /** What reads each kind of message, in the order of error messages. */
  private final Map<String, Function<ProfileNode, MessageRule>> kinds = new LinkedHashMap<>();

  MessageLoader(Channels channels) {
    this.channels = channels;
    kinds.put("trade", MessageLoader::trade);
    kinds.put("book_snapshot", node -> book(node, true));
    kinds.put("book_delta", node -> book(node, false));
    channels
        .layouts()
        .forEach(layout -> kinds.put(layout.kind(), node -> observation(node, layout)));
    kinds.put("heartbeat", MessageLoader::heartbeat);
    kinds.put("ping", MessageLoader::ping);
    kinds.put("confirmation", this::confirmation);
    kinds.put("confirmation_list", this::confirmationList);
    kinds.put("refusal", MessageLoader::refusal);
    kinds.put("reconnect", MessageLoader::reconnect);
    kinds.put("notice", MessageLoader::notice);
    kinds.put("ignored", MessageLoader::ignored);
  }

  /** Reads one kind of message. */
  MessageRule message(ProfileNode node) {
    return node.get("kind").oneOf(kinds).apply(node);
  }

  private static MessageRule trade(ProfileNode node) {
    node.only(
        "kind",
        "mode",
        "when",
        "rows",
        "origin",
        "symbol",
        "id",
        "numbering",
        "price",
        "size",
        "side",
        "time",
        "fills");
    Pointer rows = rows(node);
    Origin origin = node.find("origin", value -> value.oneOf(Origin.class));
    return MessageRule.OfTrade.of(
        recognition(node, rows),
        rows,
        symbol(node.get("symbol"), rows),
        tradeLayout(node, rows),
        node.get("numbering").oneOf(TradeNumbering.class),
        origin == null ? Origin.STREAM : origin);
  }

  /** Where the parts of a trade are. */
  static TradeLayout tradeLayout(ProfileNode node, @Nullable Pointer rows) {
    return new TradeLayout(
        node.get("id").pointer(rows),
        node.get("price").pointer(rows),
        size(node.get("size"), rows),
        side(node.get("side"), rows),
        tradeTime(node.get("time"), rows),
        node.find("fills", fills -> fills(fills, rows)));
  }

  private static @Nullable Pointer rows(ProfileNode node) {
    return node.find("rows", ProfileNode::pointer);
  }

  static SymbolRule symbol(ProfileNode node, @Nullable Pointer rows) {
    if (node.isScalar()) {
      return new SymbolRule(node.pointer(rows), '\0', 0);
    }
    node.only("at", "split", "part");
    String split = node.get("split").text();
    if (split.length() != 1 || split.charAt(0) > '~') {
      throw node.get("split").invalid("'split' must be one character, not '" + split + "'");
    }
    return new SymbolRule(node.get("at").pointer(rows), split.charAt(0), node.get("part").index());
  }

  private static SizeRule size(ProfileNode node, @Nullable Pointer rows) {
    if (node.isScalar()) {
      return new SizeRule(node.pointer(rows), null);
    }
    node.only("at", "times");
    ProfileNode times = node.get("times");
    try {
      BigDecimal factor = DecimalText.parse(times.text());
      if (factor.signum() > 0) {
        return new SizeRule(node.get("at").pointer(rows), factor);
      }
    } catch (NumberFormatException e) {
      throw times.invalid("'times' must be a number, not '" + times.text() + "'");
    }
    throw times.invalid("'times' must be above zero, not '" + times.text() + "'");
  }

  private static SideRule side(ProfileNode node, @Nullable Pointer rows) {
    node.only("at", "of", "words", "otherwise");
    Map<String, Side> words = new LinkedHashMap<>();
    node.get("words")
        .entries()
        .forEach((word, meaning) -> words.put(word, meaning.oneOf(Side.class)));
    return new SideRule(
        node.get("at").pointer(rows),
        node.get("of").oneOf(Party.class),
        words,
        node.find("otherwise", otherwise -> otherwise.oneOf(Side.class)));
  }

  private static TimeRule tradeTime(ProfileNode node, @Nullable Pointer rows) {
    TimeRule time = time(node, rows);
    if (time.optional()) {
      throw node.invalid("the time of a trade is not optional");
    }
    return time;
  }

  static TimeRule time(ProfileNode node, @Nullable Pointer rows) {
    node.only("at", "unit", "optional");
    return new TimeRule(
        node.get("at").pointer(rows),
        node.get("unit").oneOf(TimeFormat.class),
        Boolean.TRUE.equals(node.find("optional", ProfileNode::flag)));
  }

  private static Fills fills(ProfileNode node, @Nullable Pointer rows) {
    node.only("first", "last", "count");
    if (node.entries().containsKey("count")) {
      node.only("count");
      return new Fills(null, null, node.get("count").pointer(rows));
    }
    return new Fills(node.get("first").pointer(rows), node.get("last").pointer(rows), null);
  }

  private static MessageRule book(ProfileNode node, boolean snapshot) {
    node.only(
        "kind",
        "mode",
        "when",
        "rows",
        "symbol",
        "first",
        "last",
        "previous",
        "checksum",
        "time",
        "bids",
        "asks",
        "changes",
        "levels",
        "absent_sides");
    Pointer rows = rows(node);
    return new OfBook(
        recognition(node, rows),
        snapshot,
        rows,
        symbol(node.get("symbol"), rows),
        layout(node, rows));
  }

  /** Where the parts of a book are. */
  static BookLayout layout(ProfileNode node, @Nullable Pointer rows) {
    LevelRule levels = levels(node.get("levels"));
    Pointer bids = node.find("bids", place -> place.pointer(rows));
    Pointer asks = node.find("asks", place -> place.pointer(rows));
    Pointer changes = node.find("changes", place -> place.pointer(rows));
    if (levels.tag() == null && (bids == null || asks == null || changes != null)) {
      throw node.invalid("levels without 'side' need 'bids' and 'asks', and no 'changes'");
    }
    if (levels.tag() != null && (bids != null || asks != null || changes == null)) {
      throw node.invalid("levels with 'side' need 'changes', and neither 'bids' nor 'asks'");
    }
    if (levels.form() == LevelForm.SINGLE) {
      throw node.get("levels").invalid("levels of form single are for quotes");
    }
    Pointer first = node.find("first", place -> place.pointer(rows));
    Pointer last = node.find("last", place -> place.pointer(rows));
    Pointer previous = node.find("previous", place -> place.pointer(rows));
    if ((first != null || previous != null) && last == null) {
      throw node.invalid("'first' and 'previous' need 'last'");
    }
    return new BookLayout(
        first,
        last,
        previous,
        node.find("checksum", place -> place.pointer(rows)),
        node.find("time", time -> time(time, rows)),
        bids,
        asks,
        changes,
        levels,
        Boolean.TRUE.equals(node.find("absent_sides", MessageLoader::absentSides)));
  }

  /** What a message means that has none of the sides of a book. */
  private static boolean absentSides(ProfileNode node) {
    return node.oneOf(AbsentSides.class) == AbsentSides.EMPTY;
  }

  private enum AbsentSides {
    EMPTY
  }

  private static LevelRule levels(ProfileNode node) {
    node.only("form", "price", "size", "side");
    LevelForm form = node.get("form").oneOf(LevelForm.class);
    ProfileNode price = node.get("price");
    ProfileNode size = node.get("size");
    TagRule tag = node.find("side", MessageLoader::tag);
    if (form != LevelForm.OBJECT) {
      price.index();
      size.index();
      if (tag != null) {
        node.get("side").get("at").index();
      }
    }
    Set<String> places = new HashSet<>(List.of(price.text()));
    if (!places.add(size.text()) || (tag != null && !places.add(tag.at()))) {
      throw node.invalid("two parts of a level are at one place");
    }
    return new LevelRule(form, price.text(), size.text(), tag);
  }

  private static TagRule tag(ProfileNode node) {
    node.only("at", "words");
    Map<String, Boolean> words = new LinkedHashMap<>();
    node.get("words")
        .entries()
        .forEach((word, meaning) -> words.put(word, meaning.oneOf(BookSide.class) == BookSide.BID));
    return new TagRule(node.get("at").text(), words);
  }

  private enum BookSide {
    BID,
    ASK
  }

  private static MessageRule observation(ProfileNode node, ChannelLayout layout) {
    node.only(keys(layout));
    Pointer rows = rows(node);
    LevelRule levels =
        layout.levels().isEmpty() ? null : node.find("levels", MessageLoader::levels);
    return new MessageRule.OfObservation(
        recognition(node, rows),
        layout,
        rows,
        symbol(node.get("symbol"), rows),
        node.find("time", time -> time(time, rows)),
        values(node, layout, rows, levels != null),
        levels == null
            ? List.of()
            : layout.levels().stream().map(level -> node.get(level.list()).pointer(rows)).toList(),
        levels);
  }

  /** The keys of a message of a plain channel: those of every message, and the layout's. */
  private static String[] keys(ChannelLayout layout) {
    List<String> keys = new ArrayList<>(List.of("kind", "mode", "when", "rows", "symbol", "time"));
    layout.fields().forEach(field -> keys.add(field.name()));
    layout.levels().forEach(level -> keys.add(level.list()));
    if (!layout.levels().isEmpty()) {
      keys.add("levels");
    }
    return keys.toArray(new String[0]);
  }

  private static List<@Nullable ValueRule> values(
      ProfileNode node, ChannelLayout layout, @Nullable Pointer rows, boolean levelsInLists) {
    List<@Nullable ValueRule> values = new ArrayList<>();
    for (int i = 0; i < layout.fields().size(); i++) {
      ChannelField field = layout.fields().get(i);
      boolean ofLevel = layout.isOfLevel(i);
      if (levelsInLists && ofLevel) {
        values.add(null);
      } else if (field.optional() && !ofLevel) {
        values.add(node.find(field.name(), value -> value(value, field, rows)));
      } else {
        values.add(value(node.get(field.name()), field, rows));
      }
    }
    return Collections.unmodifiableList(values);
  }

  private static ValueRule value(ProfileNode node, ChannelField field, @Nullable Pointer rows) {
    if (field.kind() != ChannelField.Kind.TIME) {
      return new ValueRule(node.pointer(rows), null);
    }
    node.only("at", "unit");
    return new ValueRule(node.get("at").pointer(rows), node.get("unit").oneOf(TimeFormat.class));
  }

  private static MessageRule heartbeat(ProfileNode node) {
    node.only("kind", "mode", "when", "symbol", "last_trade");
    return new MessageRule.OfHeartbeat(
        recognition(node, null),
        symbol(node.get("symbol"), null),
        node.find("last_trade", ProfileNode::pointer));
  }

  private static MessageRule ping(ProfileNode node) {
    node.only("kind", "when", "value", "reply");
    FrameTemplate reply = new FrameTemplate(node.get("reply"));
    if (!reply.has(FrameTemplate.Placeholder.VALUE)) {
      throw node.get("reply").invalid("the reply needs a place #value");
    }
    return new ControlRule.Ping(recognition(node, null), node.get("value").treePointer(), reply);
  }

  private MessageRule confirmation(ProfileNode node) {
    node.only("kind", "mode", "when", "request", "stream", "channel", "symbol", "names");
    Pointer request = node.find("request", ProfileNode::treePointer);
    Pointer stream = node.find("stream", ProfileNode::treePointer);
    boolean byChannel = request == null && stream == null;
    return new ControlRule.Confirmation(
        recognition(node, null),
        request,
        stream,
        byChannel ? node.get("channel").treePointer() : null,
        byChannel ? node.get("symbol").treePointer() : null,
        byChannel ? names(node.get("names")) : Map.of());
  }

  private MessageRule confirmationList(ProfileNode node) {
    node.only("kind", "mode", "when", "rows", "fields", "channel", "symbols", "names");
    Pointer fields = node.find("fields", ProfileNode::treePointer);
    return fields != null
        ? new ControlRule.ConfirmationList(
            recognition(node, null), fields, null, null, names(node.get("names")))
        : new ControlRule.ConfirmationList(
            recognition(node, null),
            node.get("rows").treePointer(),
            node.get("channel").treePointer(),
            node.get("symbols").treePointer(),
            names(node.get("names")));
  }

  private Map<String, Channel> names(ProfileNode node) {
    Map<String, Channel> names = new LinkedHashMap<>();
    node.entries().forEach((name, channel) -> names.put(name, channel(channel.text(), channel)));
    return names;
  }

  /** The channel of a name that users know. */
  Channel channel(String name, ProfileNode node) {
    for (Channel channel : channels.all()) {
      if (channel.isSubscribable() && channel.code().equals(name)) {
        return channel;
      }
    }
    throw node.invalid("unknown channel '" + name + "'");
  }

  private static MessageRule refusal(ProfileNode node) {
    node.only("kind", "mode", "when", "refuses", "request", "symbol", "code", "text");
    Refused refused = node.get("refuses").oneOf(Refused.class);
    return new ControlRule.Refusal(
        recognition(node, null),
        refused,
        refused == Refused.REQUEST ? node.get("request").treePointer() : null,
        node.find("symbol", ProfileNode::treePointer),
        node.find("code", ProfileNode::treePointer),
        node.get("text").treePointer());
  }

  private static MessageRule reconnect(ProfileNode node) {
    node.only("kind", "mode", "when", "reason");
    return new ControlRule.Reconnect(recognition(node, null), node.get("reason").text());
  }

  private static MessageRule notice(ProfileNode node) {
    node.only("kind", "mode", "when", "text");
    return new ControlRule.Notice(recognition(node, null), node.get("text").treePointer());
  }

  private static MessageRule ignored(ProfileNode node) {
    node.only("kind", "mode", "when");
    return new MessageRule.Ignored(recognition(node, null));
  }

  private static Recognition recognition(ProfileNode node, @Nullable Pointer rows) {
    List<FieldCondition> tests = new ArrayList<>();
    ProfileNode when = node.get("when");
    for (Map.Entry<String, ProfileNode> entry : when.entries().entrySet()) {
      tests.add(test(entry.getValue().keyPointer(entry.getKey(), rows), entry.getValue()));
    }
    if (tests.isEmpty()) {
      throw when.invalid("'when' needs at least one test");
    }
    int deepest = rows == null ? 0 : rows.each().depth();
    if (tests.stream().anyMatch(test -> test.at().depth() > deepest)) {
      throw when.invalid("a test looks into a list that is not among the 'rows'");
    }
    return new Recognition(tests, node.find("mode", ProfileNode::text), node.line());
  }

  private static FieldCondition test(Pointer at, ProfileNode node) {
    if (node.isScalar()) {
      return new FieldCondition(at, FieldCondition.How.EQUALS, node.text());
    }
    node.only("prefix", "suffix", "contains", "present");
    for (FieldCondition.How how :
        List.of(
            FieldCondition.How.PREFIX, FieldCondition.How.SUFFIX, FieldCondition.How.CONTAINS)) {
      String text = node.find(ProfileLoader.code(how), ProfileNode::text);
      if (text != null) {
        node.only(ProfileLoader.code(how));
        return new FieldCondition(at, how, text);
      }
    }
    if (!node.get("present").flag()) {
      throw node.invalid("'present' can only be true");
    }
    return new FieldCondition(at, FieldCondition.How.PRESENT, "");
  }
}
