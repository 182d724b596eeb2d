package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.profile.HistoryRules.CursorUnit;
import io.cryptofeed.connect.exchange.profile.HistoryRules.RestSymbol;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeHistory.Paging;
import io.cryptofeed.connect.market.MarketType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Loads how the historical trades of a venue are requested. */
final class HistoryLoader {

  private static final String CURSOR = "{cursor}";

  private HistoryLoader() {}

  /** One request for every trade, or several, each for some modes or market types. */
  static List<HistoryRules> histories(ProfileNode node) {
    if (node.isMapping()) {
      return List.of(history(node));
    }
    if (node.items().isEmpty()) {
      throw node.invalid("'history' needs at least one request");
    }
    return node.items().stream().map(HistoryLoader::history).toList();
  }

  private static HistoryRules history(ProfileNode node) {
    node.only(
        "mode",
        "market_types",
        "path",
        "path_by_class",
        "symbol",
        "paging",
        "page",
        "reach",
        "cursor_unit",
        "weight",
        "max_response",
        "rows",
        "id",
        "price",
        "size",
        "side",
        "time",
        "fills");
    Paging paging = node.get("paging").oneOf(Paging.class);
    Pointer rows = node.get("rows").pointer();
    return new HistoryRules(
        node.find("mode", ProfileNode::text),
        Set.copyOf(node.findAll("market_types", type -> type.oneOf(MarketType.class))),
        path(node.get("path"), paging),
        Objects.requireNonNullElse(
            node.find("path_by_class", paths -> pathByClass(paths, paging)), Map.of()),
        node.find("symbol", HistoryLoader::symbol),
        new TradeHistory(
            paging, node.get("page").positive(), ProfileLoader.durationOrZero(node, "reach")),
        cursorUnit(node, paging),
        node.get("weight").positive(),
        node.get("max_response").bytes(),
        rows,
        MessageLoader.tradeLayout(node, rows));
  }

  private static Map<String, String> pathByClass(ProfileNode node, Paging paging) {
    Map<String, String> paths = new LinkedHashMap<>();
    node.entries().forEach((assetClass, path) -> paths.put(assetClass, path(path, paging)));
    return paths;
  }

  private static String path(ProfileNode node, Paging paging) {
    String path = ProfileLoader.symbolPath(node);
    boolean needsCursor = paging != Paging.NEWEST;
    if (needsCursor != path.contains(CURSOR)) {
      throw node.invalid(
          "with paging %s the path %s {cursor}: '%s'"
              .formatted(
                  ProfileLoader.code(paging),
                  needsCursor ? "needs a placeholder" : "cannot contain",
                  path));
    }
    return path;
  }

  private static RestSymbol symbol(ProfileNode node) {
    node.only("text", "words");
    String text = node.get("text").text();
    if (!text.contains("{base}") || !text.contains("{quote}")) {
      throw node.get("text")
          .invalid("a symbol needs the placeholders {base} and {quote}: '" + text + "'");
    }
    Map<String, String> words = node.find("words", ProfileLoader::texts);
    return new RestSymbol(text, Objects.requireNonNullElse(words, Map.of()));
  }

  private static CursorUnit cursorUnit(ProfileNode node, Paging paging) {
    @Nullable CursorUnit unit = node.find("cursor_unit", value -> value.oneOf(CursorUnit.class));
    if (unit != null && paging != Paging.FROM_TIME) {
      throw node.get("cursor_unit").invalid("'cursor_unit' is allowed only with paging from_time");
    }
    return unit == null ? CursorUnit.NS : unit;
  }
}
