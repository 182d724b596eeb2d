package io.cryptofeed.connect.market;

import java.util.Locale;
import java.util.Optional;

/** A kind of market data that is streamed for an instrument. */
public enum Channel {
  TRADES,
  L2_BOOK,
  /** The venue's own best bid and ask. */
  QUOTES,
  /** Full books beside the changes of {@link #L2_BOOK}, in mode both; never subscribed. */
  L2_SNAPSHOT,
  /** What happened to the other channels of an instrument; written always, never subscribed. */
  FEED_STATUS;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in configuration, topics and source partitions: {@code l2_book}. */
  public String code() {
    return code;
  }

  /** Whether a user can ask for this channel in {@code channels}. */
  public boolean isSubscribable() {
    return this != FEED_STATUS && this != L2_SNAPSHOT;
  }

  /** Finds a channel by its name in any case; {@code -} equals {@code _}. */
  public static Optional<Channel> parse(String text) {
    String wanted = text.trim().toLowerCase(Locale.ROOT).replace('-', '_');
    for (Channel channel : values()) {
      if (channel.code.equals(wanted)) {
        return Optional.of(channel);
      }
    }
    return Optional.empty();
  }
}
