package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.local.venue.scripted.BookVenue;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Answers a request with its path and a message with itself. */
record EchoVenue(boolean gzips) implements BookVenue.Dialect {

  @Override
  public @Nullable String rest(String path, @Nullable String symbol, BookVenue venue) {
    return path.equals("/nothing") ? null : "{\"path\":\"" + path + "\"}";
  }

  @Override
  public void text(String message, BookVenue venue, BookVenue.Client client) {
    client.send(message);
  }

  @Override
  public @Nullable String snapshot(BookVenue.Market market) {
    return null;
  }

  @Override
  public String delta(
      BookVenue.Market market, Map<Integer, Integer> bids, Map<Integer, Integer> asks) {
    return "{}";
  }
}
