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

/** The chosen mode of each channel that has a choice, and the depth of books. Immutable. */
final class ChosenModes {

  private final Map<Channel, String> modes = new TreeMap<>();
  private final int bookDepth;

  /**
   * @throws IllegalArgumentException if the venue does not have such a mode
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

  /** The mode of a channel, null if there is no choice. */
  @Nullable String of(Channel channel) {
    return modes.get(channel);
  }

  /** The modes of all channels. */
  Set<String> all() {
    return new HashSet<>(modes.values());
  }

  /** The depth to subscribe, in levels per side; 0 if there is no choice. */
  int bookDepth() {
    return bookDepth;
  }
}
