package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.Channel;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What can be watched of a market. */
public enum CcxtChannel {
  /** Single trades: {@code watchTrades}. */
  TRADES(Channel.TRADES),
  /** The order book and its deltas: {@code watchOrderBook}. */
  BOOK(Channel.L2_BOOK),
  /**
   * The best bid and ask: {@code watchBidsAsks}, or {@code watchTicker} if the class has no other.
   */
  QUOTES(Channel.QUOTES);

  private final Channel channel;

  CcxtChannel(Channel channel) {
    this.channel = channel;
  }

  /** The channel of the connector. */
  public Channel channel() {
    return channel;
  }

  /** What CCXT watches for a channel of the connector; empty for channels that it does not have. */
  public static Optional<CcxtChannel> of(Channel channel) {
    return Arrays.stream(values()).filter(each -> each.channel == channel).findFirst();
  }

  /** The name that the driver uses. */
  String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  static CcxtChannel of(String code) {
    return valueOf(code.toUpperCase(Locale.ROOT));
  }
}
