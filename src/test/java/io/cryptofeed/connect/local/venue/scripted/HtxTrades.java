package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTX spot: messages are gzipped and have JSON numbers, ids increase but are not consecutive, the
 * last trade is sent on subscribing, and the history has only the newest trades, in one group per
 * time.
 */
final class HtxTrades implements TradeDialect {

  @Override
  public @Nullable String instruments(HttpCall call) {
    return call.path().equals("/v1/common/symbols")
        ? "{\"status\":\"ok\",\"data\":[" + listed("btc") + "," + listed("eth") + "]}"
        : null;
  }

  private static String listed(String base) {
    return """
        {"base-currency":"%s","quote-currency":"usdt","price-precision":2,"amount-precision":3,\
        "symbol":"%susdt","state":"online"}"""
        .formatted(base, base);
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    HtxMessages.frame(frame, client);
  }

  @Override
  public void beat(long second, TradeVenue.Client client) {
    HtxMessages.beat(second, client);
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    StringBuilder rows = new StringBuilder();
    trades.forEach(trade -> rows.insert(0, row(trade, "tradeId") + (rows.isEmpty() ? "" : ",")));
    return HtxMessages.live(symbol, trades.get(0).millis(), "[" + rows + "]");
  }

  private static String row(VenueTrade trade, String idName) {
    return """
        {"id":%s255757297982681,"ts":%d,"%s":%s,"amount":%s,"price":%s,"direction":"%s"}"""
        .formatted(
            trade.id(),
            trade.millis(),
            idName,
            trade.id(),
            trade.sizeText(),
            trade.priceText(),
            trade.taker().code());
  }

  @Override
  public String replay(String symbol, List<VenueTrade> trades) {
    return live(symbol, trades.subList(trades.size() - 1, trades.size()));
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String symbol = call.parameter("symbol");
    return call.path().equals("/market/history/trade") && symbol != null
        ? HistoryCall.newest(symbol, TradeDialect.limit(call, "size", 1, HtxMessages.KEPT))
        : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder groups = new StringBuilder();
    for (VenueTrade trade : trades) {
      String group =
          "{\"id\":1,\"ts\":%d,\"data\":[%s]}".formatted(trade.millis(), row(trade, "trade-id"));
      groups.insert(0, groups.isEmpty() ? group : group + ",");
    }
    return HtxMessages.page(symbol, "[" + groups + "]");
  }

  @Override
  public String refusal() {
    return HtxMessages.refusal();
  }

  @Override
  public String id(String symbol, long number) {
    return Long.toString(number * 2 + number / 3);
  }

  @Override
  public int maxTradesInMessage() {
    return 3;
  }

  @Override
  public int reach(String symbol) {
    return HtxMessages.KEPT;
  }

  @Override
  public boolean gzips() {
    return true;
  }
}
