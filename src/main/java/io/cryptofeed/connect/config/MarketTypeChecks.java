package io.cryptofeed.connect.config;

import io.cryptofeed.connect.market.MarketType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds symbols of a market type that their exchange does not have. */
final class MarketTypeChecks {

  private static final int MOST_NAMED = 3;

  private final ConfigValues values;
  private final KnownExchanges known;

  MarketTypeChecks(ConfigValues values, KnownExchanges known) {
    this.values = values;
    this.known = known;
  }

  /** A symbol of the common list is meant for at least one of its exchanges. */
  void check(List<ExchangeConfig> exchanges) {
    List<ExchangeConfig> sharing =
        exchanges.stream().filter(ExchangeConfig::sharesSymbols).toList();
    sharing.stream()
        .flatMap(exchange -> exchange.symbols().stream())
        .distinct()
        .forEach(symbol -> check(ConnectorKeys.SYMBOLS, symbol, sharing));
    exchanges.stream()
        .filter(exchange -> !exchange.sharesSymbols())
        .forEach(
            exchange ->
                exchange
                    .symbols()
                    .forEach(
                        symbol ->
                            check(
                                ExchangeKey.SYMBOLS.of(exchange.id()), symbol, List.of(exchange))));
  }

  private void check(String key, String symbol, List<ExchangeConfig> exchanges) {
    Set<MarketType> types = EnumSet.noneOf(MarketType.class);
    exchanges.forEach(exchange -> types.addAll(known.exchange(exchange.id()).marketTypes()));
    Set<MarketType> named = Symbols.marketTypes(symbol);
    if (named.stream().noneMatch(types::contains)) {
      values.error(key, fault(symbol, named.iterator().next(), exchanges, types));
    }
  }

  private String fault(
      String symbol, MarketType named, List<ExchangeConfig> exchanges, Set<MarketType> types) {
    List<String> ids = exchanges.stream().map(ExchangeConfig::id).toList();
    String instead = instead(symbol, types);
    List<String> others = others(named, ids);
    List<String> cures = new ArrayList<>();
    if (!instead.isEmpty()) {
      cures.add("write " + instead);
    }
    if (!others.isEmpty()) {
      cures.add("use an exchange that has it, such as " + String.join(", ", others));
    }
    return "'%s' names %s, and %s only %s: %s"
        .formatted(
            symbol,
            one(named),
            ids.size() == 1
                ? "exchange '" + ids.get(0) + "' has"
                : "the exchanges " + String.join(", ", ids) + " have",
            types.stream().map(MarketTypeChecks::many).collect(Collectors.joining(" and ")),
            cures.isEmpty() ? "remove it" : String.join(", or ", cures));
  }

  /** The same pair of another market type; empty if only the day of a future would name it. */
  private static String instead(String symbol, Set<MarketType> types) {
    String[] parts = symbol.split("-", -1);
    String pair = parts[0] + '-' + parts[1];
    return types.contains(MarketType.PERPETUAL)
        ? pair + "-PERP"
        : types.contains(MarketType.SPOT) ? pair : "";
  }

  /** Exchanges with a market type; first those of the same company. */
  private List<String> others(MarketType named, Collection<String> ids) {
    Set<String> companies = ids.stream().map(MarketTypeChecks::company).collect(Collectors.toSet());
    List<String> all = new ArrayList<>(known.venues().ids());
    all.removeIf(id -> !known.venues().marketTypes(id).contains(named));
    List<String> same = all.stream().filter(id -> companies.contains(company(id))).toList();
    return (same.isEmpty() ? all : same).stream().limit(MOST_NAMED).toList();
  }

  private static String company(String id) {
    return id.indexOf('_') < 0 ? id : id.substring(0, id.indexOf('_'));
  }

  private static String one(MarketType type) {
    return switch (type) {
      case SPOT -> "a spot instrument";
      case PERPETUAL -> "a perpetual contract";
      case FUTURE -> "a future";
      case OPTION -> "an option";
    };
  }

  private static String many(MarketType type) {
    return switch (type) {
      case SPOT -> "spot instruments";
      case PERPETUAL -> "perpetual contracts";
      case FUTURE -> "futures";
      case OPTION -> "options";
    };
  }
}
