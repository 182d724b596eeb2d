package io.cryptofeed.connect.local.venue.scripted;

import com.fasterxml.jackson.databind.JsonNode;
import io.cryptofeed.connect.local.venue.HttpCall;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Binance's aggregates, of spot or of futures: {@code @aggTrade}, and {@code aggTrades}. */
final class BinanceAggregates implements TradeDialect {

  private static final int FILLS = 3;

  private final boolean futures;

  BinanceAggregates(boolean futures) {
    this.futures = futures;
  }

  @Override
  public @Nullable String instruments(HttpCall call) {
    String path = futures ? "/fapi/v1/exchangeInfo" : "/api/v3/exchangeInfo";
    return call.path().equals(path) ? BinanceMessages.listing(futures) : null;
  }

  @Override
  public void frame(JsonNode frame, TradeVenue.Client client) {
    BinanceMessages.frame(frame, "aggTrade", client);
  }

  @Override
  public String live(String symbol, List<VenueTrade> trades) {
    VenueTrade trade = trades.get(0);
    String head = "{\"e\":\"aggTrade\",\"E\":%d,\"s\":\"%s\",".formatted(trade.millis(), symbol);
    return BinanceMessages.wrapped(symbol, "aggTrade", head + fields(trade));
  }

  /** The fields that are the same in the stream and in the history. */
  private static String fields(VenueTrade trade) {
    return """
        "a":%s,"p":"%s","q":"%s","f":%d,"l":%d,"T":%d,"m":%b}"""
        .formatted(
            trade.id(),
            trade.priceText(),
            trade.sizeText(),
            trade.number() * FILLS,
            trade.number() * FILLS + FILLS - 1,
            trade.millis(),
            BinanceMessages.isBuyerMaker(trade));
  }

  @Override
  public @Nullable HistoryCall history(HttpCall call) {
    return BinanceMessages.history(call, futures ? "/fapi/v1/aggTrades" : "/api/v3/aggTrades");
  }

  @Override
  public String page(String symbol, List<VenueTrade> trades) {
    return trades.stream()
        .map(trade -> "{" + fields(trade))
        .collect(Collectors.joining(",", "[", "]"));
  }

  @Override
  public String refusal() {
    return BinanceMessages.refusal();
  }
}
