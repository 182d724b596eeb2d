package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.text.Nearest;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
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

  /** Whether a name may be that of an exchange whose profile cannot be read. */
  private final Predicate<String> unreadable;

  private final List<String> listed;
  private final SortedSet<String> ccxtByPrefix = new TreeSet<>();
  private final SortedSet<String> ccxtByKey = new TreeSet<>();

  private KnownExchanges(
      Venues venues, Map<String, String> properties, Predicate<String> unreadable) {
    this.venues = venues;
    this.unreadable = unreadable;
    @Nullable String exchanges = properties.get(ConnectorKeys.EXCHANGES);
    listed = exchanges == null ? List.of() : named(TypedList.parse(exchanges)).meant();
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
    return new KnownExchanges(venues, properties, name -> false);
  }

  /**
   * What a configuration can name besides the exchanges of a folder with profiles that cannot be
   * read: those are not unknown.
   */
  static KnownExchanges withUnreadableProfiles(
      Venues venues, Map<String, String> properties, String folder) {
    Set<String> names = Venues.namesIn(folder.trim());
    return new KnownExchanges(
        venues,
        properties,
        name -> names.isEmpty() ? Nearest.to(name, venues.ids()).isEmpty() : names.contains(name));
  }

  /** The list, with one name in place of its words: {@code Binance Futures}. */
  private TypedList named(TypedList list) {
    return new TypedList(
        list.written().stream()
            .map(name -> isOne(underscored(name)) ? underscored(name) : name)
            .toList());
  }

  private boolean isOne(String name) {
    return venues.idOf(name).isPresent() || canonical(name).startsWith(CCXT_PREFIX);
  }

  private static String underscored(String name) {
    return name.strip().replaceAll("\\s+", "_");
  }

  /** What is wrong with the list of exchanges, apart from the names in it; empty if nothing is. */
  Optional<String> listFault(TypedList list) {
    for (String name : list.written()) {
      if (canonical(name).startsWith(CCXT_PREFIX) && fault(name).isPresent()) {
        return fault(name);
      }
      if (!underscored(name).equals(name.strip()) && venues.idOf(underscored(name)).isPresent()) {
        return Optional.of(
            "unknown exchange '%s'; did you mean '%s'?"
                .formatted(name, venues.idOf(underscored(name)).get()));
      }
    }
    return list.fault();
  }

  /** The names in a list of exchanges. */
  List<String> names(TypedList list) {
    return named(list).meant();
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
    String name = canonical(text);
    if (idOf(text).isPresent() || unreadable.test(name)) {
      return Optional.empty();
    }
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
