package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import org.jspecify.annotations.Nullable;

/**
 * What a class of CCXT says that it can do.
 *
 * @param name the name of the exchange: {@code Binance US}
 * @param version the version of CCXT, as the running bundle reports it
 * @param quoteSource the method that quotes come from, null if there are none
 * @param fetchTrades whether historical trades can be requested over REST
 * @param fetchBook whether a book can be requested over REST
 * @param sandbox whether there is a test host
 * @param rateLimitMs the pause that CCXT keeps between two REST requests, milliseconds
 */
public record CcxtAbilities(
    String name,
    String version,
    boolean watchTrades,
    boolean watchBook,
    @Nullable String quoteSource,
    boolean fetchTrades,
    boolean fetchBook,
    boolean sandbox,
    long rateLimitMs) {

  /** Whether a channel can be streamed. */
  public boolean canWatch(CcxtChannel channel) {
    return switch (channel) {
      case TRADES -> watchTrades;
      case BOOK -> watchBook;
      case QUOTES -> quoteSource != null;
    };
  }

  /** Whether a channel that is not streamed can be polled over REST. */
  public boolean canPoll(CcxtChannel channel) {
    return switch (channel) {
      case TRADES -> fetchTrades;
      case BOOK -> fetchBook;
      case QUOTES -> false;
    };
  }

  /** Whether a channel of the connector can be streamed or polled. */
  public boolean canServe(Channel channel) {
    return CcxtChannel.of(channel).filter(each -> canWatch(each) || canPoll(each)).isPresent();
  }
}
