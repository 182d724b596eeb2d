package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** The venues that can be streamed, by id. Immutable. */
public final class Venues {

  private static final String FOLDER = "/venues/";
  private static final Venues BUILT_IN = new Venues();

  private final SortedMap<String, Profile> profiles = new TreeMap<>();
  private final Map<String, String> idOfName = new HashMap<>();

  /** A list names the profiles, because a folder inside a jar cannot be listed. */
  private Venues() {
    for (String file : new String(resource("index"), StandardCharsets.UTF_8).lines().toList()) {
      add(ProfileLoader.load(file, new ByteArrayInputStream(resource(file))));
    }
  }

  private void add(Profile profile) {
    profiles.put(profile.id(), profile);
    idOfName.put(profile.id(), profile.id());
    profile.aliases().forEach(alias -> idOfName.put(alias, profile.id()));
  }

  private static byte[] resource(String name) {
    try (InputStream content = Venues.class.getResourceAsStream(FOLDER + name)) {
      if (content == null) {
        throw new IllegalStateException("resource " + FOLDER + name + " is missing");
      }
      return content.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The venues whose profiles come with the connector. */
  public static Venues builtIn() {
    return BUILT_IN;
  }

  /** All ids, in alphabetical order. */
  public SortedSet<String> ids() {
    return new TreeSet<>(profiles.keySet());
  }

  /** The id that is meant: case does not matter, {@code -} equals {@code _}, aliases count. */
  public Optional<String> idOf(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT).replace('-', '_');
    return Optional.ofNullable(idOfName.get(name));
  }

  /**
   * The channels that a venue has.
   *
   * @throws IllegalArgumentException when there is no such venue
   */
  public Set<Channel> channels(String id) {
    return profile(id).channels();
  }

  /**
   * The kinds of contract that a venue lists.
   *
   * @throws IllegalArgumentException when there is no such venue
   */
  public Set<MarketType> marketTypes(String id) {
    return profile(id).marketTypes();
  }

  /**
   * The values of {@code exchange.<id>.trades.mode}, the default first; empty without a choice. The
   * modes of a venue may number its trades differently ({@code binance} does), so a stream that
   * changes its mode starts a new sequence.
   *
   * @throws IllegalArgumentException when there is no such venue
   */
  public List<String> tradeModes(String id) {
    return profile(id).modes(Channel.TRADES);
  }

  /**
   * The values of {@code exchange.<id>.book.stream}, the default first; empty without a choice.
   *
   * @throws IllegalArgumentException when there is no such venue
   */
  public List<String> bookModes(String id) {
    return profile(id).modes(Channel.L2_BOOK);
  }

  /**
   * Whether the venue has test hosts.
   *
   * @throws IllegalArgumentException when there is no such venue
   */
  public boolean hasSandbox(String id) {
    return profile(id).sandbox() != null;
  }

  /**
   * The protocol of a venue.
   *
   * @throws IllegalArgumentException when there is no such venue, or it has no such option
   */
  public Exchange open(String id, VenueOptions options) {
    return new ProfileExchange(profile(id), options);
  }

  private Profile profile(String id) {
    Profile profile = profiles.get(id);
    if (profile == null) {
      throw new IllegalArgumentException(
          "unknown exchange '" + id + "'; known are " + String.join(", ", profiles.keySet()));
    }
    return profile;
  }
}
