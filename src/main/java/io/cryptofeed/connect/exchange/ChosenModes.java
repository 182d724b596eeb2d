package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Which of its streams a venue is asked for where there is a choice. Immutable. */
final class ChosenModes {

  private final Map<Channel, String> modes = new TreeMap<>();
  private final int bookDepth;

  /**
   * @throws IllegalArgumentException when the venue has no such mode
   */
  ChosenModes(Profile profile, VenueOptions options) {
    for (Channel channel : profile.channels()) {
      choose(profile, channel, wanted(channel, options));
    }
    bookDepth =
        profile.channels().contains(Channel.L2_BOOK)
            ? profile.book(of(Channel.L2_BOOK)).depthFor(options.bookDepth())
            : 0;
  }

  private static @Nullable String wanted(Channel channel, VenueOptions options) {
    if (channel == Channel.TRADES) {
      return options.tradesMode();
    }
    return channel == Channel.L2_BOOK ? options.bookMode() : null;
  }

  private void choose(Profile profile, Channel channel, @Nullable String wanted) {
    List<String> known = profile.modes(channel);
    if (wanted != null && !known.contains(wanted)) {
      throw new IllegalArgumentException(
          "exchange '"
              + profile.id()
              + "' has no "
              + channel.code()
              + " mode '"
              + wanted
              + "'; "
              + (known.isEmpty() ? "it has no choice" : "it has " + String.join(", ", known)));
    }
    if (!known.isEmpty()) {
      modes.put(channel, wanted == null ? known.get(0) : wanted);
    }
  }

  /** The mode of a channel, null where there is no choice. */
  @Nullable String of(Channel channel) {
    return modes.get(channel);
  }

  /** The modes of all channels. */
  Set<String> all() {
    return new HashSet<>(modes.values());
  }

  /** How many levels a side of a book are subscribed; 0 where there is no choice. */
  int bookDepth() {
    return bookDepth;
  }
}
