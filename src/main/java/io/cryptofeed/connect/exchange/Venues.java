package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.ProfileFolder;
import io.cryptofeed.connect.exchange.profile.ProfileInheritance;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.profile.ProfileNode;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
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
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The venues that can be streamed, by id. Immutable. */
public final class Venues {

  private static final String FOLDER = "/venues/";

  /** Distinguishes them from files of the user in errors. */
  private static final String BUILT_IN_MARK = "built-in ";

  private static final Venues BUILT_IN = new Venues(resources());

  private final SortedMap<String, Description> venues = new TreeMap<>();
  private final Map<String, String> idOfName = new HashMap<>();

  /** A venue cannot have a name of an earlier one. */
  private Venues(List<Description> descriptions) {
    for (Description venue : descriptions) {
      venues.put(venue.profile.id(), venue);
      name(venue.profile.id(), venue.profile.id(), venue.source.get("venue"));
      venue
          .source
          .findAll("aliases", Function.identity())
          .forEach(alias -> name(alias.text(), venue.profile.id(), alias));
    }
  }

  private void name(String name, String id, ProfileNode place) {
    String other = idOfName.putIfAbsent(name, id);
    if (other != null && !other.equals(id)) {
      throw place.invalid("'" + name + "' is already a name of exchange '" + other + "'");
    }
  }

  /** The venues whose profiles come with the connector. */
  public static Venues builtIn() {
    return BUILT_IN;
  }

  /**
   * The venues whose profiles come with the connector, and those of the user: each {@code *.yaml}
   * and {@code *.yml} file of the folder is a profile, which adds a venue or, with {@code extends},
   * inherits another profile and changes it.
   *
   * @param channels the channels that the user's profiles can map
   * @throws InvalidProfileException when the folder cannot be read, or one of its files is not a
   *     profile
   */
  public static Venues withProfilesOf(Path folder, Channels channels) {
    Map<String, ProfileNode> sources = new TreeMap<>();
    BUILT_IN.venues.forEach((id, venue) -> sources.put(id, venue.source));
    List<Description> own =
        new ProfileInheritance(sources, ProfileFolder.read(folder))
            .complete().stream().map(source -> Description.of(source, channels)).toList();
    Set<String> replaced =
        own.stream().map(venue -> venue.profile.id()).collect(Collectors.toUnmodifiableSet());
    List<Description> all = new ArrayList<>();
    BUILT_IN.venues.values().stream()
        .filter(venue -> !replaced.contains(venue.profile.id()))
        .forEach(all::add);
    all.addAll(own);
    return new Venues(all);
  }

  /**
   * The names and aliases that the profiles in a folder have, also if they are not valid; empty if
   * the folder cannot be read.
   */
  public static Set<String> namesIn(String folder) {
    return ProfileFolder.names(folder);
  }

  /** A profile, and what it was read from. */
  private record Description(ProfileNode source, Profile profile) {

    static Description of(ProfileNode source, Channels channels) {
      Profile profile = ProfileLoader.load(source, channels);
      ProfileChecks.check(profile, source, channels);
      return new Description(source, profile);
    }
  }

  /** A list names the profiles, because a folder inside a jar cannot be listed. */
  private static List<Description> resources() {
    return new String(resource("index"), StandardCharsets.UTF_8)
        .lines()
        .map(
            file ->
                ProfileNode.parse(BUILT_IN_MARK + file, new ByteArrayInputStream(resource(file))))
        .map(source -> Description.of(source, Channels.BUILT_IN))
        .toList();
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

  /** All ids, in alphabetical order. */
  public SortedSet<String> ids() {
    return new TreeSet<>(venues.keySet());
  }

  /** The id of a name in any case, with {@code -} for {@code _}, or of an alias. */
  public Optional<String> idOf(String text) {
    String name = text.trim().toLowerCase(Locale.ROOT).replace('-', '_');
    return Optional.ofNullable(idOfName.get(name));
  }

  /**
   * The channels of a venue that can be subscribed.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public Set<Channel> channels(String id) {
    return profile(id).channels();
  }

  /**
   * The market types of a venue.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public Set<MarketType> marketTypes(String id) {
    return profile(id).marketTypes();
  }

  /**
   * The values of {@code exchange.<id>.trades.mode}, the default first; empty if there is no
   * choice. The modes of a venue may have different ids ({@code binance}), so a stream that changes
   * its mode starts a new sequence.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public List<String> tradeModes(String id) {
    return profile(id).modes(Channel.TRADES);
  }

  /**
   * The values of {@code exchange.<id>.book.stream}, the default first; empty if there is no
   * choice.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public List<String> bookModes(String id) {
    return profile(id).modes(Channel.L2_BOOK);
  }

  /**
   * Whether the venue has test hosts.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public boolean hasSandbox(String id) {
    return profile(id).sandbox() != null;
  }

  /**
   * Whether a venue has different WebSocket URLs for some market types. Their messages can have the
   * same symbols, so one connection cannot serve them.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public boolean hasUrlsByMarketType(String id, boolean sandbox, Set<MarketType> types) {
    Profile profile = profile(id);
    Profile.Endpoints endpoints = sandbox ? profile.sandbox() : profile.live();
    return endpoints != null
        && types.stream()
                .filter(profile.marketTypes()::contains)
                .map(
                    type ->
                        endpoints.websockets().stream()
                            .filter(
                                socket ->
                                    socket.marketTypes().isEmpty()
                                        || socket.marketTypes().contains(type))
                            .map(Profile.Socket::url)
                            .collect(Collectors.toSet()))
                .distinct()
                .count()
            > 1;
  }

  /**
   * How the trade ids of one instrument relate.
   *
   * @param tradesMode one of {@link #tradeModes}; null for the first of them, or if there is no
   *     choice
   * @throws IllegalArgumentException if there is no such venue, or it has no such mode
   */
  public TradeNumbering tradeNumbering(String id, @Nullable String tradesMode) {
    return open(id, inMode(tradesMode)).tradeNumbering();
  }

  /**
   * How historical trades of one market type are requested; empty if the venue has no history.
   *
   * @param tradesMode one of {@link #tradeModes}; null for the first of them, or if there is no
   *     choice
   * @throws IllegalArgumentException if there is no such venue, or it has no such mode
   */
  public Optional<TradeHistory> tradeHistory(
      String id, MarketType marketType, @Nullable String tradesMode) {
    // A history is the same for every instrument of a market type.
    Instrument any = new Instrument(id, marketType, "*", "*", "*", "*", null, null, true);
    return open(id, inMode(tradesMode)).tradeHistory(any);
  }

  private static VenueOptions inMode(@Nullable String tradesMode) {
    return new VenueOptions(false, null, null, tradesMode, null, 0);
  }

  /**
   * The protocol of a venue.
   *
   * @throws IllegalArgumentException if there is no such venue, or it has no such option
   */
  public Exchange open(String id, VenueOptions options) {
    return new ProfileExchange(profile(id), options);
  }

  /**
   * The facts of a venue.
   *
   * @throws IllegalArgumentException if there is no such venue
   */
  public Profile profile(String id) {
    Description venue = venues.get(id);
    if (venue == null) {
      throw new IllegalArgumentException(
          "unknown exchange '" + id + "'; known are " + String.join(", ", venues.keySet()));
    }
    return venue.profile;
  }
}
