package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * HTX linear swaps: messages are gzipped, sizes are contracts of 0.001 and are counted twice, and
 * the history has only the newest trades.
 */
final class HtxSwapTrades implements TradeDialect {

  private static final BigDecimal AMOUNTS_PER_UNIT = new BigDecimal("2000");
  private static final int IDS_PER_MATCH = 10_000;

  @Override
  public @Nullable String instruments(HttpCall call) {
    return call.path().equals("/linear-swap-api/v1/swap_contract_info")
        ? "{\"status\":\"ok\",\"data\":[" + contract("BTC") + "," + contract("ETH") + "]}"
        : null;
  }

  private static String contract(String base) {
    return """
        {"contract_code":"%s-USDT","contract_size":0.001,"price_tick":0.01,"delivery_time":"",\
        "contract_status":1,"business_type":"swap"}"""
        .formatted(base);
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
    // The oldest comes first, unlike on spot.
    String rows = trades.stream().map(HtxSwapTrades::row).collect(Collectors.joining(","));
    return HtxMessages.live(symbol, trades.get(0).millis(), "[" + rows + "]");
  }

  private static String row(VenueTrade trade) {
    BigDecimal amount = trade.size().multiply(AMOUNTS_PER_UNIT).stripTrailingZeros();
    return """
        {"amount":%s,"quantity":%s,"ts":%d,"id":%s,"price":%s,"direction":"%s"}"""
        .formatted(
            amount.toPlainString(),
            trade.size().add(trade.size()).toPlainString(),
            trade.millis(),
            trade.id(),
            trade.priceText(),
            trade.taker().code());
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    String symbol = call.parameter("contract_code");
    return call.path().equals("/linear-swap-ex/market/history/trade") && symbol != null
        ? HistoryCall.newest(symbol, TradeDialect.limit(call, "size", 1, HtxMessages.KEPT))
        : null;
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    StringBuilder groups = new StringBuilder();
    for (VenueTrade trade : trades) {
      String group = "{\"id\":1,\"ts\":%d,\"data\":[%s]}".formatted(trade.millis(), row(trade));
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
    return Long.toString(number * IDS_PER_MATCH);
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
