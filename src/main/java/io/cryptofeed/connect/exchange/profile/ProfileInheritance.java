package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.text.Nearest;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * What the profiles of a user take over from others. With {@code extends: binance}, a profile is
 * that of {@code binance} but for what it says itself: its own id, say, and another host.
 */
public final class ProfileInheritance {

  private final Map<String, ProfileNode> builtIn;
  private final Map<String, ProfileNode> own = new LinkedHashMap<>();

  /**
   * @param builtIn the profiles that come with the connector, by their ids
   * @param own the profiles of the user
   * @throws InvalidProfileException when two profiles are about one venue
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
          "exchange '%s' is described in %s as well: keep one of them"
              .formatted(id, other.get("venue").place()));
    }
    boolean saysSo = id.equals(profile.find(ProfileLoader.EXTENDS, ProfileNode::text));
    if (builtIn.containsKey(id) && !saysSo) {
      throw venue.invalid(
          ("exchange '%s' comes with the connector: add 'extends: %s' to change it,"
                  + " or choose another id")
              .formatted(id, id));
    }
  }

  /**
   * The user's profiles, complete, in the order in which they were given.
   *
   * @throws InvalidProfileException when one extends what is not there, or in the end itself
   */
  public List<ProfileNode> complete() {
    return own.entrySet().stream()
        .map(each -> complete(each.getKey(), each.getValue(), List.of()))
        .toList();
  }

  /**
   * @param heirs the profiles on whose behalf this one is completed, the first one first
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
      throw inherits.invalid("unknown exchange '" + parent + "' to extend; " + meant(parent));
    }
    return profile.without(ProfileLoader.EXTENDS).over(inherited.without("aliases"));
  }

  private String meant(String wrong) {
    TreeSet<String> known = new TreeSet<>(builtIn.keySet());
    known.addAll(own.keySet());
    return Nearest.to(wrong, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known are " + String.join(", ", known));
  }
}
