package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.source.Value.Place;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The values of all sources by key: of each key the one from the strongest place counts. Used by
 * one thread.
 */
final class MergedValues {

  private static final Pattern OF_EXCHANGE =
      Pattern.compile("proxy\\.exchanges\\.([^.]+)(?:\\..*)?");
  private static final Pattern WITHOUT_TRANSPORT =
      Pattern.compile(
          "(?<scope>proxy\\.(?:default|exchanges\\.[^.]+))(?:\\.(?:url|pool|username|password|timeout\\.ms))?");
  private static final Pattern MEMBER =
      Pattern.compile("(?<members>proxy\\.pools\\.[^.]+\\.members)(?:\\.(?<number>[0-9]+)\\.url)?");
  private static final Pattern WHOLE_SECONDS = Pattern.compile("[0-9]{1,6}");

  private final Set<String> configured;
  private final Set<String> known;
  private final Faults faults;
  private final SortedMap<String, Value> values = new TreeMap<>();

  /**
   * @param configured the exchanges of this connector
   * @param known all exchanges that there are
   */
  MergedValues(Collection<String> configured, Collection<String> known, Faults faults) {
    this.configured = new TreeSet<>(configured);
    this.known = new TreeSet<>(known);
    this.known.addAll(configured);
    this.faults = faults;
  }

  /** Takes a value in, if its key is one, and concerns this connector. */
  void add(String key, String text, Place place, String written) {
    KeyNames.Canonical name = KeyNames.canonical(key);
    Value value = new Value(name.key(), text.strip(), place, written);
    if (!concernsUs(value)) {
      return;
    }
    if (KeyCatalog.find(name.key()).isEmpty()) {
      faults.error(place(value), unknown(value));
    } else if (name.isInSeconds()) {
      addSeconds(value);
    } else {
      put(value);
    }
  }

  /** Where the fault of a key that nobody knows is shown. */
  private static String place(Value value) {
    return switch (value.place()) {
      case PROPERTY -> value.key();
      case YAML -> ProxyConfiguration.FILE;
      case ENVIRONMENT, PLAIN_ENVIRONMENT, STANDARD_ENVIRONMENT -> ProxyConfiguration.ENVIRONMENT;
    };
  }

  /** The environment and files serve every connector of a worker. */
  private boolean concernsUs(Value value) {
    Matcher exchange = OF_EXCHANGE.matcher(value.key());
    if (!exchange.matches() || configured.isEmpty() || configured.contains(exchange.group(1))) {
      return true;
    }
    String name = exchange.group(1);
    if (value.place() == Place.PROPERTY) {
      faults.error(
          value, "exchange '" + name + "' is not configured; " + nearest(name, configured));
    } else if (!known.contains(name)) {
      faults.error(
          place(value),
          "unknown exchange '" + name + "' in " + value.where() + "; " + nearest(name, known));
    }
    return false;
  }

  private static String nearest(String name, Collection<String> exchanges) {
    return Nearest.to(name, exchanges)
        .map(near -> "did you mean " + near + "?")
        .orElse("there are " + String.join(", ", exchanges));
  }

  private String unknown(Value value) {
    String what =
        switch (value.place()) {
          case PROPERTY -> "unknown key";
          case YAML -> "unknown key " + value.key() + " at " + value.written();
          default -> "unknown environment key " + value.written();
        };
    String cure = value.place() == Place.ENVIRONMENT ? " (proxy.env.enabled=false ignores it)" : "";
    Matcher scope = WITHOUT_TRANSPORT.matcher(value.key());
    if (scope.matches()) {
      String prefix = scope.group("scope");
      return what
          + "; say for which transport: "
          + prefix
          + ".rest.url or "
          + prefix
          + ".websocket.url";
    }
    Optional<String> near = KeyCatalog.nearest(value.key(), configured, values.keySet());
    String parent = value.key().substring(0, Math.max(0, value.key().lastIndexOf('.')));
    Set<String> siblings = parent.equals("proxy") ? Set.of() : KeyCatalog.knownUnder(parent);
    List<String> hints = new ArrayList<>();
    near.ifPresent(
        key ->
            hints.add(
                "did you mean "
                    + (value.place() == Place.ENVIRONMENT ? EnvironmentSource.name(key) : key)
                    + "?"));
    if (!siblings.isEmpty()) {
      hints.add("known under " + parent + ": " + String.join(", ", siblings));
    }
    if (hints.isEmpty()) {
      hints.add("see the reference of proxy keys");
    }
    return what + "; " + String.join(" ", hints) + cure;
  }

  private void addSeconds(Value value) {
    if (WHOLE_SECONDS.matcher(value.text()).matches()) {
      String millis = Long.parseLong(value.text()) + "000";
      put(new Value(value.key(), millis, value.place(), value.written()));
    } else {
      faults.error(
          value, "must be a whole number of seconds 1..300, was " + QuotedText.of(value.text()));
    }
  }

  private void put(Value value) {
    Value present = values.get(value.key());
    if (present != null && present.place() == value.place()) {
      if (!present.text().equals(value.text())) {
        faults.error(value, twice(value, present));
      }
    } else if (present == null || present.place().compareTo(value.place()) < 0) {
      values.put(value.key(), value);
      if (present != null && !present.text().equals(value.text())) {
        faults.warn(value.key() + ": " + value.where() + " counts more than " + present.where());
      }
    }
  }

  private static String twice(Value value, Value first) {
    Matcher exchange = OF_EXCHANGE.matcher(value.key());
    return (exchange.matches() ? "exchange '" + exchange.group(1) + "'" : value.key())
        + " is configured twice with different values, as "
        + first.written()
        + " and as "
        + value.written()
        + "; keep one";
  }

  /**
   * Settles what belongs together: where a stronger source names a proxy or a pool, neither the
   * route nor the credentials of a weaker one apply to it; and where it lists members, the weaker
   * one's members are not among them.
   */
  void settle() {
    for (Value route : List.copyOf(values.values())) {
      if (route.key().endsWith(".url") || route.key().endsWith(".pool")) {
        settleRoute(route);
      }
      Matcher member = MEMBER.matcher(route.key());
      if (member.matches()) {
        settleMembers(route, member.group("members"));
      }
    }
  }

  private void settleRoute(Value route) {
    String prefix = route.key().substring(0, route.key().lastIndexOf('.'));
    for (String leaf : List.of(".url", ".pool", ".username", ".password")) {
      drop(prefix + leaf, route);
    }
  }

  private void settleMembers(Value route, String members) {
    for (Value weaker : List.copyOf(under(members))) {
      Matcher member = MEMBER.matcher(weaker.key());
      if (member.matches() && weaker.place().compareTo(route.place()) < 0) {
        String number = member.group("number");
        if (number == null) {
          drop(weaker.key(), route);
        } else {
          List.copyOf(under(members + "." + number + ".")).forEach(leaf -> drop(leaf.key(), route));
        }
      }
    }
  }

  private void drop(String key, Value stronger) {
    Value weaker = values.get(key);
    if (weaker != null && weaker.place().compareTo(stronger.place()) < 0) {
      values.remove(key);
      faults.warn(
          key
              + ": what "
              + weaker.where()
              + " says has no effect, because "
              + stronger.key()
              + " is set by "
              + stronger.where());
    }
  }

  /** Gives a key a value if no source has. */
  void addDefault(String key, String text, Value because) {
    values.putIfAbsent(key, new Value(key, text, because.place(), because.written()));
  }

  /** Replaces a value by what a placeholder in it stands for. */
  void replace(Value value, String text) {
    values.put(value.key(), new Value(value.key(), text.strip(), value.place(), value.written()));
  }

  @Nullable Value get(String key) {
    return values.get(key);
  }

  /** All values by key. */
  SortedMap<String, Value> all() {
    return values;
  }

  /** The values of all keys that begin so. */
  Collection<Value> under(String prefix) {
    return values.subMap(prefix, prefix + Character.MAX_VALUE).values();
  }
}
