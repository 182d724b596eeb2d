package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import java.util.Set;

/**
 * What a class of CCXT says that it can do.
 *
 * @param name the name of the exchange: {@code Binance US}
 * @param version the version of CCXT, as the running bundle reports it
 * @param channels the channels that can be streamed
 * @param fetchTrades whether historical trades can be requested over REST
 * @param fetchBook whether a book can be requested over REST
 * @param sandbox whether there is a test host
 * @param rateLimitMs the pause that CCXT keeps between two REST requests, milliseconds
 */
public record CcxtAbilities(
    String name,
    String version,
    Set<Channel> channels,
    boolean fetchTrades,
    boolean fetchBook,
    boolean sandbox,
    long rateLimitMs) {

  public CcxtAbilities {
    channels = Set.copyOf(channels);
  }

  /** Whether a channel can be streamed. */
  public boolean canWatch(Channel channel) {
    return channels.contains(channel);
  }

  /** Whether a channel that is not streamed can be polled over REST. */
  public boolean canPoll(Channel channel) {
    return (channel == Channel.TRADES && fetchTrades) || (channel == Channel.L2_BOOK && fetchBook);
  }

  /** Whether a channel can be streamed or polled. */
  public boolean canServe(Channel channel) {
    return canWatch(channel) || canPoll(channel);
  }
}
