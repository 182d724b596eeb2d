package io.cryptofeed.connect.market;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * The channels that are known: those with event types of their own, and one for each layout. It is
 * passed to what loads profiles, so that a channel can be added without a change there. Immutable.
 */
public final class Channels {

  /** The channels whose events have a type of their own. */
  private static final List<Channel> WITH_TYPES =
      List.of(Channel.TRADES, Channel.L2_BOOK, Channel.L2_SNAPSHOT, Channel.FEED_STATUS);

  /** The channels of the connector. */
  public static final Channels BUILT_IN = of(Quotes.LAYOUT);

  private final List<ChannelLayout> layouts;
  private final SortedSet<Channel> all;

  private Channels(List<ChannelLayout> layouts) {
    this.layouts = List.copyOf(layouts);
    SortedSet<Channel> channels = new TreeSet<>(WITH_TYPES);
    layouts.forEach(layout -> channels.add(layout.channel()));
    all = Collections.unmodifiableSortedSet(channels);
  }

  /**
   * The channels with event types of their own, and those of some layouts.
   *
   * @throws IllegalArgumentException when two channels share a name, a kind of message or a schema
   */
  public static Channels of(ChannelLayout... layouts) {
    Set<String> names = new HashSet<>();
    WITH_TYPES.forEach(channel -> unique(names, "channel", channel.code()));
    for (ChannelLayout layout : layouts) {
      unique(names, "channel", layout.channel().code());
      unique(names, "kind of message", layout.kind());
      unique(names, "schema", layout.schemaName());
    }
    return new Channels(Arrays.asList(layouts));
  }

  private static void unique(Set<String> names, String what, String name) {
    if (!names.add(what + ' ' + name)) {
      throw new IllegalArgumentException("two channels have the " + what + " '" + name + "'");
    }
  }

  /** All channels, in their order. */
  public SortedSet<Channel> all() {
    return all;
  }

  /** The layouts of the plain channels. */
  public List<ChannelLayout> layouts() {
    return layouts;
  }

  /** Finds a channel by its name in any case; {@code -} equals {@code _}. */
  public Optional<Channel> parse(String text) {
    String wanted = text.trim().toLowerCase(Locale.ROOT).replace('-', '_');
    return all.stream().filter(channel -> channel.code().equals(wanted)).findFirst();
  }
}
