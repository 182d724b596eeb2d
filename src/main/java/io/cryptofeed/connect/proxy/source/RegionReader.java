package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.RegionalRule;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.settings.Section;
import io.cryptofeed.connect.proxy.settings.Source;
import io.cryptofeed.connect.proxy.settings.Transport;
import io.cryptofeed.connect.proxy.source.RouteReader.Configured;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads the rules by region. Used by one thread. */
final class RegionReader {

  private static final String ALL = "*";

  /** The codes of countries, and two that everybody uses and the standard only reserves. */
  private static final Set<String> KNOWN_CODES = knownCodes();

  private final TypedValues values;
  private final Faults faults;
  private final RouteReader routes;
  private final Set<String> exchanges;

  /**
   * @param exchanges all exchanges that there are
   */
  RegionReader(TypedValues values, RouteReader routes, Collection<String> exchanges) {
    this.values = values;
    this.faults = values.faults();
    this.routes = routes;
    this.exchanges = new TreeSet<>(exchanges);
  }

  private static Set<String> knownCodes() {
    Set<String> codes = new TreeSet<>(Arrays.asList(Locale.getISOCountries()));
    codes.addAll(List.of("EU", "UK"));
    return codes;
  }

  RegionalSettings read() {
    boolean enabled = values.flag("proxy.regional.enabled");
    String region = region(values.get("proxy.region"));
    String detector = values.text("proxy.region.detector");
    if (enabled && !values.isGiven("proxy.region") && detector == null) {
      faults.error(
          "proxy.region",
          "the rules by region need a region: set proxy.region or CRYPTOFEED_PROXY_REGION, or name a"
              + " class that finds it out in proxy.region.detector");
    }
    List<Numbered> rules = new ArrayList<>();
    for (int number : values.numbersUnder("proxy.regional.rules.")) {
      RegionalRule rule = rule(number);
      if (rule != null) {
        warnIfCovered(number, rule, rules);
        rules.add(new Numbered(number, rule));
      }
    }
    Configured fallback = routes.read("proxy.regional.fallback");
    return new RegionalSettings(
        enabled,
        region,
        detector,
        rules.stream().map(Numbered::rule).toList(),
        fallback == null ? null : new Section(fallback.via(), null, fallback.value().source()));
  }

  private record Numbered(int number, RegionalRule rule) {}

  private @Nullable String region(@Nullable Value value) {
    return value == null ? null : code(value, value.text()).orElse(null);
  }

  private Optional<String> code(Value value, String text) {
    String code = text.toUpperCase(Locale.ROOT);
    if (!code.matches("[A-Z]{2}")) {
      faults.error(value, QuotedText.of(text) + " is not a two-letter code, such as US or EU");
      return Optional.empty();
    }
    if (!KNOWN_CODES.contains(code)) {
      faults.warn(value.key() + ": '" + code + "' is the code of no country");
    }
    return Optional.of(code);
  }

  private @Nullable RegionalRule rule(int number) {
    String prefix = "proxy.regional.rules." + number;
    Configured configured = routes.read(prefix);
    Set<String> regions = regions(prefix + ".regions");
    Set<String> only = exchanges(prefix + ".exchanges");
    Set<Transport> transports = transports(prefix + ".transports");
    if (configured == null) {
      if (!faults.has(prefix + ".url") && !faults.has(prefix + ".pool")) {
        faults.error(
            prefix + ".url", "rule " + number + " has no route; set a proxy, a pool, or 'direct'");
      }
      return null;
    }
    Source source = new Source(configured.value().key(), configured.value().where());
    return new RegionalRule(regions, only, transports, configured.via(), source);
  }

  private Set<String> regions(String key) {
    Value value = values.get(key);
    Set<String> regions = new LinkedHashSet<>();
    for (String text : TypedValues.list(values.text(key))) {
      if (text.equals(ALL)) {
        return Set.of();
      }
      if (value != null) {
        code(value, text).ifPresent(regions::add);
      }
    }
    return regions;
  }

  private Set<String> exchanges(String key) {
    Value value = values.get(key);
    Set<String> names = new LinkedHashSet<>();
    for (String text : TypedValues.list(values.text(key))) {
      String name = KeyNames.exchange(text);
      if (name.equals(ALL)) {
        return Set.of();
      }
      if (value != null && !exchanges.contains(name)) {
        faults.error(
            value,
            "unknown exchange "
                + QuotedText.of(text)
                + "; "
                + Nearest.to(name, exchanges)
                    .map(near -> "did you mean " + near + "?")
                    .orElse("there are " + String.join(", ", exchanges)));
      }
      names.add(name);
    }
    return names;
  }

  private Set<Transport> transports(String key) {
    Value value = values.get(key);
    Set<Transport> transports = EnumSet.noneOf(Transport.class);
    for (String text : TypedValues.list(values.text(key))) {
      Optional<String> name = text.equals(ALL) ? Optional.of(ALL) : KeyNames.transport(text);
      if (name.isEmpty() && value != null) {
        faults.error(value, QuotedText.of(text) + " is not a transport; known: rest, websocket");
      } else if (name.isPresent() && name.get().equals(ALL)) {
        return EnumSet.allOf(Transport.class);
      } else {
        name.ifPresent(known -> transports.add(Transport.valueOf(known.toUpperCase(Locale.ROOT))));
      }
    }
    return transports.isEmpty() ? EnumSet.allOf(Transport.class) : transports;
  }

  private void warnIfCovered(int number, RegionalRule rule, List<Numbered> before) {
    before.stream()
        .filter(earlier -> covers(earlier.rule(), rule))
        .findFirst()
        .ifPresent(
            first ->
                faults.warn(
                    "proxy.regional.rules."
                        + number
                        + ": rule "
                        + number
                        + " can never match (rule "
                        + first.number()
                        + " is first)"));
  }

  private static boolean covers(RegionalRule first, RegionalRule later) {
    return includes(first.regions(), later.regions())
        && includes(first.exchanges(), later.exchanges())
        && first.transports().containsAll(later.transports());
  }

  /** Empty sets stand for everything. */
  private static boolean includes(Set<String> all, Set<String> some) {
    return all.isEmpty() || (!some.isEmpty() && all.containsAll(some));
  }
}
