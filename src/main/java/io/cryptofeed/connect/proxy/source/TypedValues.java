package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.proxy.settings.Pin;
import io.cryptofeed.connect.proxy.settings.ProxyKey;
import io.cryptofeed.connect.proxy.settings.Secrets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The merged values as what their keys take. A value that is wrong is reported, and its default
 * taken, so that all faults are found in one go. Used by one thread.
 */
final class TypedValues {

  private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");
  private static final Pattern NUMBER = Pattern.compile("-?[0-9]{1,9}(?:\\.[0-9]{1,9})?");

  private final MergedValues merged;
  private final Faults faults;

  TypedValues(MergedValues merged, Faults faults) {
    this.merged = merged;
    this.faults = faults;
  }

  @Nullable Value get(String key) {
    Value value = merged.get(key);
    return value == null || (value.text().isEmpty() && mayBeEmpty(key)) ? null : value;
  }

  /** Of the others an empty value is a fault, not an absence. */
  private static boolean mayBeEmpty(String key) {
    boolean isCredential = key.endsWith(".username") || key.endsWith(".password");
    return !isCredential
        && switch (KeyCatalog.find(key).orElseThrow().type()) {
          case LIST, TEXT, SECRET -> true;
          default -> false;
        };
  }

  boolean isGiven(String key) {
    return get(key) != null;
  }

  /** The text, or the default of the key, or null. */
  @Nullable String text(String key) {
    Value value = get(key);
    return value == null ? KeyCatalog.defaultOf(key) : value.text();
  }

  boolean flag(String key) {
    Value value = get(key);
    String text = String.valueOf(text(key)).toLowerCase(Locale.ROOT);
    if (value != null && !text.equals("true") && !text.equals("false")) {
      faults.error(value, "must be true or false, was " + QuotedText.of(value.text()));
      return Boolean.parseBoolean(KeyCatalog.defaultOf(key));
    }
    return Boolean.parseBoolean(text);
  }

  Duration millis(String key) {
    return Duration.ofMillis(count(key));
  }

  int count(String key) {
    return (int) number(key, WHOLE_NUMBER);
  }

  double number(String key) {
    return number(key, NUMBER);
  }

  private double number(String key, Pattern form) {
    ProxyKey known = KeyCatalog.find(key).orElseThrow();
    Value value = get(key);
    if (value != null) {
      if (form.matcher(value.text()).matches()) {
        double number = Double.parseDouble(value.text());
        if (number >= known.least() && number <= known.most()) {
          return number;
        }
      }
      faults.error(value, "must be " + range(known) + ", was " + QuotedText.of(value.text()));
    }
    return Double.parseDouble(known.defaultValue() == null ? "0" : known.defaultValue());
  }

  private static String range(ProxyKey key) {
    String numbers = key.allowed().replace(" to ", "..");
    return key.type() == ProxyKey.Type.MILLIS ? numbers.replace(" ms", " milliseconds") : numbers;
  }

  /** One of the words that the key takes, in lower case. */
  String choice(String key) {
    return choice(
            key,
            text ->
                Optional.of(text).filter(KeyCatalog.find(key).orElseThrow().choices()::contains))
        .orElseGet(() -> String.valueOf(KeyCatalog.defaultOf(key)));
  }

  /** What a word stands for; empty when none is given and there is no default. */
  <T> Optional<T> choice(String key, Function<String, Optional<T>> meaning) {
    Value value = get(key);
    Optional<T> meant =
        Optional.ofNullable(text(key))
            .flatMap(text -> meaning.apply(text.toLowerCase(Locale.ROOT)));
    if (value != null && meant.isEmpty()) {
      ProxyKey known = KeyCatalog.find(key).orElseThrow();
      faults.error(
          value,
          "unknown "
              + key.substring(key.lastIndexOf('.') + 1)
              + " "
              + QuotedText.of(value.text())
              + "; known: "
              + String.join(", ", known.choices()));
      return Optional.ofNullable(known.defaultValue()).flatMap(meaning);
    }
    return meant;
  }

  /** The words of a list, in lower case. */
  List<String> words(String key) {
    return list(text(key)).stream().map(word -> word.toLowerCase(Locale.ROOT)).toList();
  }

  /** The parts between commas and line breaks, those that are blank left out. */
  static List<String> list(@Nullable String text) {
    List<String> parts = new ArrayList<>();
    if (text != null) {
      for (String part : text.split("[,\n]", -1)) {
        if (!part.isBlank()) {
          parts.add(part.strip());
        }
      }
    }
    return parts;
  }

  Set<Integer> statuses(String key) {
    Set<Integer> statuses = new LinkedHashSet<>();
    List<String> wrong = new ArrayList<>();
    for (String word : list(text(key))) {
      if (word.matches("[1-5][0-9]{2}")) {
        statuses.add(Integer.parseInt(word));
      } else {
        wrong.add(word);
      }
    }
    Value value = get(key);
    if (value != null && !wrong.isEmpty()) {
      faults.error(
          value,
          "not an HTTP status: " + String.join(", ", wrong.stream().map(QuotedText::of).toList()));
    }
    return statuses;
  }

  Set<Pin> pins(String key) {
    Set<Pin> pins = new LinkedHashSet<>();
    Value value = get(key);
    for (String word : list(text(key))) {
      Optional<Pin> pin = Pin.parse(word);
      if (pin.isEmpty() && value != null) {
        faults.error(
            value,
            QuotedText.of(word) + " is not a pin: a pin is sha256/ and the Base64 of 32 bytes");
      }
      pin.ifPresent(pins::add);
    }
    if (pins.size() == 1) {
      faults.warn(
          key + ": only one pin; add a backup, or no connection works after the key changes");
    }
    return pins;
  }

  List<HostPattern> hosts(String key) {
    return hosts(key, HostPattern::parse);
  }

  /** Hosts, each of which may have a port. */
  List<HostPattern> hostsWithPorts(String key) {
    return hosts(key, HostPattern::parseWithPort);
  }

  private List<HostPattern> hosts(String key, Function<String, Optional<HostPattern>> reader) {
    List<HostPattern> hosts = new ArrayList<>();
    Value value = get(key);
    for (String word : list(text(key))) {
      Optional<HostPattern> host = reader.apply(word);
      if (host.isEmpty() && value != null) {
        faults.error(
            value,
            QuotedText.of(word)
                + " is not a host; write a name, *.suffix, an address, or a network such as 10.0.0.0/8");
      }
      host.ifPresent(hosts::add);
    }
    return hosts;
  }

  /** A secret as it is; null when there is none, or when it cannot be one. */
  @Nullable String secret(String key) {
    Value value = get(key);
    if (value == null) {
      return null;
    }
    Optional<String> fault = Secrets.fault(value.text());
    fault.ifPresent(wrong -> faults.error(value, wrong));
    if (fault.isPresent()) {
      return null;
    }
    return value.text();
  }

  /** What stands between a prefix and the next dot, in keys that have a value. */
  SortedSet<String> namesUnder(String prefix) {
    SortedSet<String> names = new TreeSet<>();
    for (Value value : merged.under(prefix)) {
      String rest = value.key().substring(prefix.length());
      names.add(rest.substring(0, rest.indexOf('.') < 0 ? rest.length() : rest.indexOf('.')));
    }
    return names;
  }

  /** The numbers that stand after a prefix, in order. */
  List<Integer> numbersUnder(String prefix) {
    Pattern numbered = Pattern.compile(Pattern.quote(prefix) + "([0-9]{1,4})\\..+");
    TreeSet<Integer> numbers = new TreeSet<>();
    for (Value value : merged.under(prefix)) {
      Matcher matcher = numbered.matcher(value.key());
      if (matcher.matches()) {
        numbers.add(Integer.parseInt(matcher.group(1)));
      }
    }
    return List.copyOf(numbers);
  }

  /** The values of all keys that begin so, what follows the prefix being their names. */
  Iterable<Value> under(String prefix) {
    return merged.under(prefix);
  }

  Faults faults() {
    return faults;
  }
}
