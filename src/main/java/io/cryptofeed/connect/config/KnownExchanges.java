package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The exchanges that a configuration can name: the venues with a profile, by id and alias, and
 * those served by CCXT, by CCXT's own id. CCXT serves an exchange when {@code exchanges} has it as
 * {@code ccxt:bitrue}, or when {@code exchange.bitrue.provider} is {@code ccxt}; everywhere else
 * its id is {@code bitrue}. Immutable.
 */
public final class KnownExchanges {

  /** The values of {@code exchange.<id>.provider}. */
  static final String NATIVE = "native";

  static final String CCXT = "ccxt";

  /** Before the id of an exchange that CCXT serves. */
  public static final String CCXT_PREFIX = CCXT + ":";

  private static final Pattern CCXT_ID = Pattern.compile("[a-z][a-z0-9_]*");

  private final Venues venues;
  private final List<String> listed;
  private final SortedSet<String> ccxtByPrefix = new TreeSet<>();
  private final SortedSet<String> ccxtByKey = new TreeSet<>();

  private KnownExchanges(Venues venues, Map<String, String> properties) {
    this.venues = venues;
    @Nullable String exchanges = properties.get(ConnectorKeys.EXCHANGES);
    listed = exchanges == null ? List.of() : List.of(exchanges.split(",", -1));
    listed.stream()
        .map(KnownExchanges::canonical)
        .filter(name -> name.startsWith(CCXT_PREFIX))
        .map(name -> name.substring(CCXT_PREFIX.length()))
        .filter(id -> CCXT_ID.matcher(id).matches())
        .forEach(ccxtByPrefix::add);
    properties.forEach(this::readProvider);
  }

  /**
   * What a configuration can name.
   *
   * @param properties all properties of the connector as the user wrote them, sound or not
   */
  public static KnownExchanges of(Venues venues, Map<String, String> properties) {
    return new KnownExchanges(venues, properties);
  }

  private void readProvider(String key, @Nullable String value) {
    @Nullable String exchange = ExchangeKey.PROVIDER.exchangeOf(key);
    if (exchange != null && value != null && canonical(value).equals(CCXT)) {
      ccxtByKey.add(withoutPrefix(canonical(exchange)));
    }
  }

  /** The ids of all exchanges, in alphabetical order. */
  public SortedSet<String> ids() {
    SortedSet<String> ids = new TreeSet<>(venues.ids());
    ids.addAll(ccxtByPrefix);
    ids.addAll(ccxtByKey);
    return ids;
  }

  /** The id that is meant: case does not matter, {@code -} equals {@code _}, aliases count. */
  public Optional<String> idOf(String text) {
    String name = canonical(text);
    String id = withoutPrefix(name);
    if (isCcxt(id)) {
      return Optional.of(id);
    }
    return name.equals(id) ? venues.idOf(text) : Optional.empty();
  }

  /** What is wrong with the name of an exchange, with the cure. */
  Optional<String> fault(String text) {
    if (idOf(text).isPresent()) {
      return Optional.empty();
    }
    String name = canonical(text);
    if (name.startsWith(CCXT_PREFIX)) {
      return Optional.of(
          "'%s' is not the name of a CCXT exchange: write CCXT's id after the colon, letters and digits, such as ccxt:bitrue"
              .formatted(text));
    }
    String unknown = "unknown exchange '%s'; %s".formatted(text, Validators.meant(text, ids()));
    return Optional.of(
        CCXT_ID.matcher(name).matches()
            ? "%s (an exchange served by CCXT is written '%s%s')"
                .formatted(unknown, CCXT_PREFIX, name)
            : unknown);
  }

  /** The exchanges of {@code exchanges} that are known, each once, in the order of the list. */
  public List<String> configured() {
    LinkedHashSet<String> ids = new LinkedHashSet<>();
    listed.forEach(name -> idOf(name).ifPresent(ids::add));
    return List.copyOf(ids);
  }

  /** What is wrong with a list that has an exchange both by its profile and by CCXT. */
  List<String> doubles() {
    List<String> faults = new ArrayList<>();
    for (String text : listed) {
      Optional<String> id = idOf(text).filter(ccxtByPrefix::contains);
      if (id.isPresent()
          && !canonical(text).startsWith(CCXT_PREFIX)
          && !ccxtByKey.contains(id.get())) {
        faults.add(
            "exchange '%s' is named twice, as '%s' and as '%s%s', but a connector can have it only once: keep one, and use a second connector with another %s for the other"
                .formatted(
                    id.get(), text.trim(), CCXT_PREFIX, id.get(), ConnectorKeys.TOPIC_PREFIX));
      }
    }
    return faults;
  }

  /** An exchange, by its id. */
  public KnownExchange exchange(String id) {
    return isCcxt(id) ? new KnownExchange.Ccxt(id) : new KnownExchange.Native(id, venues);
  }

  private boolean isCcxt(String id) {
    return ccxtByPrefix.contains(id) || ccxtByKey.contains(id);
  }

  /** The venues with a profile. */
  public Venues venues() {
    return venues;
  }

  private static String canonical(String text) {
    return text.trim().toLowerCase(Locale.ROOT).replace('-', '_');
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(CCXT_PREFIX) ? name.substring(CCXT_PREFIX.length()) : name;
  }
}
