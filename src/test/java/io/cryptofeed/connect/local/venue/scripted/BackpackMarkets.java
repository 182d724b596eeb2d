package io.cryptofeed.connect.local.venue.scripted;

import java.util.Collection;
import java.util.stream.Collectors;

/** Backpack's REST response with its simulated markets. */
final class BackpackMarkets {

  private BackpackMarkets() {}

  /**
   * @param symbols as {@code SOL_USDC} and {@code SOL_USDC_PERP}
   */
  static String answer(Collection<String> symbols) {
    return symbols.stream().map(BackpackMarkets::row).collect(Collectors.joining(",", "[", "]"));
  }

  private static String row(String symbol) {
    return """
        {"symbol":"%s","baseSymbol":"%s","quoteSymbol":"USDC","marketType":"%s",\
        "filters":{"price":{"tickSize":"0.01","minPrice":"0.01","maxPrice":"1000"},\
        "quantity":{"stepSize":"0.001","minQuantity":"0.001","maxQuantity":null}},\
        "orderBookState":"Open","createdAt":"2025-01-21T06:34:54.691858"}"""
        .formatted(
            symbol,
            symbol.substring(0, symbol.indexOf('_')),
            symbol.endsWith("_PERP") ? "PERP" : "SPOT");
  }
}
