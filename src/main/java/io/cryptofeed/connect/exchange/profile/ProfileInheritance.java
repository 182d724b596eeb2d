package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Completes the profiles of a user that inherit from others. With {@code extends: binance}, a
 * profile is that of {@code binance} with the differences that it contains, for example its id and
 * another host.
 */
public final class ProfileInheritance {

  private final Map<String, ProfileNode> builtIn;
  private final Map<String, ProfileNode> own = new LinkedHashMap<>();

  /**
   * @param builtIn the profiles that come with the connector, by their ids
   * @param own the profiles of the user
   * @throws InvalidProfileException if two profiles are about one venue
   */
  public ProfileInheritance(Map<String, ProfileNode> builtIn, List<ProfileNode> own) {
    this.builtIn = builtIn;
    own.forEach(this::add);
  }

  private void add(ProfileNode profile) {
    ProfileNode venue = profile.get("venue");
    String id = ProfileLoader.id(venue);
    ProfileNode other = own.putIfAbsent(id, profile);
    if (other != null) {
      throw venue.invalid(
          "exchange '%s' is also described in %s: keep one of the two"
              .formatted(id, other.get("venue").place()));
    }
    boolean extendsItself = id.equals(profile.find(ProfileLoader.EXTENDS, ProfileNode::text));
    if (builtIn.containsKey(id) && !extendsItself) {
      throw venue.invalid(
          ("exchange '%s' comes with the connector: add 'extends: %s' to change it,"
                  + " or choose another id")
              .formatted(id, id));
    }
  }

  /**
   * The user's profiles, complete, in the order in which they were given.
   *
   * @throws InvalidProfileException if one extends an unknown profile, or itself in a circle
   */
  public List<ProfileNode> complete() {
    return own.entrySet().stream()
        .map(each -> complete(each.getKey(), each.getValue(), List.of()))
        .toList();
  }

  /**
   * @param heirs the profiles that inherit from this one, the outermost first
   */
  private ProfileNode complete(String id, ProfileNode profile, List<String> heirs) {
    ProfileNode inherits = profile.entries().get(ProfileLoader.EXTENDS);
    if (inherits == null) {
      return profile;
    }
    String parent = inherits.text();
    List<String> line = Stream.concat(heirs.stream(), Stream.of(id)).toList();
    if (line.contains(parent) && !(parent.equals(id) && builtIn.containsKey(id))) {
      throw inherits.invalid(
          "profiles extend each other in a circle: "
              + String.join(" extends ", line)
              + " extends "
              + parent);
    }
    ProfileNode parentsOwn = parent.equals(id) ? null : own.get(parent);
    ProfileNode inherited =
        parentsOwn == null ? builtIn.get(parent) : complete(parent, parentsOwn, line);
    if (inherited == null) {
      throw inherits.invalid("unknown exchange '" + parent + "' to extend; " + suggestion(parent));
    }
    return profile.without(ProfileLoader.EXTENDS).over(inherited.without("aliases"));
  }

  private String suggestion(String wrong) {
    TreeSet<String> known = new TreeSet<>(builtIn.keySet());
    known.addAll(own.keySet());
    return Nearest.to(wrong, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known are " + String.join(", ", known));
  }
}
