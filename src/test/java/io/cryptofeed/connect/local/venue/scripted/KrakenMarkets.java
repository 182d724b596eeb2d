package io.cryptofeed.connect.local.venue.scripted;

import org.jspecify.annotations.Nullable;

/** Kraken's REST responses with its two simulated markets. */
final class KrakenMarkets {

  private static final String PAIRS =
      result(pair("XXBTZUSD", "XBTUSD", "XBT/USD") + "," + pair("XETHZUSD", "ETHUSD", "ETH/USD"));
  private static final String ASSETS =
      result(asset("XXBT", "XBT") + "," + asset("XETH", "ETH") + "," + asset("ZUSD", "USD"));

  private KrakenMarkets() {}

  /** Null for any other request. */
  static @Nullable String answer(String path) {
    return switch (path) {
      case "/0/public/AssetPairs" -> PAIRS;
      case "/0/public/Assets" -> ASSETS;
      default -> null;
    };
  }

  private static String result(String rows) {
    return "{\"error\":[],\"result\":{" + rows + "}}";
  }

  private static String pair(String name, String alternative, String socketName) {
    return """
        "%s":{"altname":"%s","wsname":"%s","base":"%s","quote":"ZUSD","tick_size":"0.01",\
        "pair_decimals":2,"lot_decimals":3,"ordermin":"0.001","costmin":"0.5","status":"online"}"""
        .formatted(name, alternative, socketName, name.substring(0, 4));
  }

  private static String asset(String name, String alternative) {
    return """
        "%s":{"aclass":"currency","altname":"%s","decimals":10,"status":"enabled"}"""
        .formatted(name, alternative);
  }
}
