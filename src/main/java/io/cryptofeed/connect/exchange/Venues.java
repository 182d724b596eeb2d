package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/** The venues that can be streamed, by id. Immutable. */
public final class Venues {

  private static final Venues BUILT_IN = new Venues();

  private Venues() {}

  /** The venues whose profiles come with the connector. */
  public static Venues builtIn() {
    return BUILT_IN;
  }

  /** All ids, in alphabetical order. */
  public SortedSet<String> ids() {
    return new TreeSet<>();
  }

  /** The id that is meant: case does not matter, {@code -} equals {@code _}, aliases count. */
  public Optional<String> idOf(String text) {
    return Optional.empty();
  }

  /** The channels that a venue has. */
  public Set<Channel> channels(String id) {
    return Set.of();
  }

  /** The kinds of contract that a venue lists. */
  public Set<MarketType> marketTypes(String id) {
    return Set.of();
  }

  /** The values of {@code exchange.<id>.trades.mode}, the default first; empty without a choice. */
  public List<String> tradeModes(String id) {
    return List.of();
  }

  /** Whether the venue has test hosts. */
  public boolean hasSandbox(String id) {
    return false;
  }

  /**
   * The protocol of a venue.
   *
   * @throws IllegalArgumentException when there is no such venue, or it has no such option
   */
  public Exchange open(String id, VenueOptions options) {
    throw new IllegalArgumentException("unknown exchange '" + id + "'");
  }
}
