package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.InstrumentRules.NextPage;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.StepRule;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.SymbolText;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.TextRule;
import io.cryptofeed.connect.exchange.profile.InstrumentRules.WordRule;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SizeUnit;
import io.cryptofeed.connect.market.TradingState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Loads how the instruments of a venue are listed. */
final class InstrumentLoader {

  private InstrumentLoader() {}

  static List<InstrumentRules> instruments(ProfileNode node) {
    if (!node.isMapping() && node.items().isEmpty()) {
      throw node.invalid("'instruments' needs at least one list");
    }
    List<ProfileNode> lists = node.isMapping() ? List.of(node) : node.items();
    List<InstrumentRules> rules = new ArrayList<>();
    for (ProfileNode list : lists) {
      rules.add(instrumentList(list, list.get("path")));
      list.findAll("more_paths", path -> rules.add(instrumentList(list, path)));
    }
    return rules;
  }

  private static InstrumentRules instrumentList(ProfileNode node, ProfileNode path) {
    node.only(
        "path",
        "more_paths",
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
        "state",
        "active",
        "inactive",
        "asset_class",
        "skip",
        "next");
    WordRule<SizeUnit> sizeUnit = node.find("size_unit", unit -> wordRule(unit, SizeUnit.class));
    ProfileNode contractSize = node.entries().get("contract_size");
    InstrumentRules rules =
        new InstrumentRules(
            new RestRequest(
                ProfileLoader.path(path),
                node.get("weight").positive(),
                node.get("max_response").bytes()),
            node.get("rows").pointer(),
            wordRule(node.get("market_type"), MarketType.class),
            symbolText(node.get("symbol")),
            textRule(node.get("base")),
            textRule(node.get("quote")),
            node.find("expiry", time -> MessageLoader.time(time, null)),
            node.find("tick_size", InstrumentLoader::step),
            node.find("lot_size", InstrumentLoader::step),
            sizeUnit == null ? new WordRule<>(null, Map.of(), SizeUnit.BASE) : sizeUnit,
            contractSize == null
                ? List.of()
                : contractSize.isScalar()
                    ? List.of(contractSize.pointer())
                    : contractSize.items().stream().map(ProfileNode::pointer).toList(),
            states(node),
            node.find("asset_class", ProfileNode::pointer),
            Objects.requireNonNullElse(node.find("skip", InstrumentLoader::values), Map.of()),
            node.find("next", InstrumentLoader::nextPage));
    if (rules.marketType().all().contains(MarketType.FUTURE) && rules.expiry() == null) {
      throw node.invalid("futures need an 'expiry'");
    }
    return rules;
  }

  /** The fields that show whether an instrument is traded, or the short form of them. */
  private static List<WordRule<TradingState>> states(ProfileNode node) {
    ProfileNode state = node.entries().get("state");
    ProfileNode active = node.entries().get("active");
    ProfileNode inactive = node.entries().get("inactive");
    if (state != null && (active != null || inactive != null)) {
      throw state.invalid("'state' replaces 'active' and 'inactive': remove them");
    }
    if (state == null && active == null) {
      throw node.invalid("'instruments' needs a key 'state'");
    }
    if (state != null) {
      return state.isMapping() || state.isScalar()
          ? List.of(wordRule(state, TradingState.class))
          : state.items().stream().map(each -> wordRule(each, TradingState.class)).toList();
    }
    List<WordRule<TradingState>> states = new ArrayList<>();
    values(node.get("active"))
        .forEach((at, word) -> states.add(fact(at, word, TradingState.TRADING)));
    if (inactive != null) {
      values(inactive).forEach((at, word) -> states.add(fact(at, word, TradingState.HALTED)));
    }
    return states;
  }

  /**
   * A word that means that an instrument is traded, or that it is not; any other means the rest.
   */
  private static WordRule<TradingState> fact(Pointer at, String word, TradingState meaning) {
    TradingState otherwise =
        meaning == TradingState.TRADING ? TradingState.HALTED : TradingState.TRADING;
    return new WordRule<>(at, Map.of(word, meaning), otherwise);
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

  private static StepRule step(ProfileNode node) {
    node.only("in", "where", "at", "decimals");
    Pointer list = node.find("in", ProfileNode::pointer);
    Map<Pointer, String> where =
        Objects.requireNonNullElse(node.find("where", InstrumentLoader::values), Map.of());
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
}
