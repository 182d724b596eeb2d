package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.config.ConnectorKeys;
import io.cryptofeed.connect.config.ExchangeKey;
import io.cryptofeed.connect.config.KnownExchanges;
import io.cryptofeed.connect.config.Validators;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.market.MarketType;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.ConfigKey;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** {@code docs/configuration.md}, written from the keys of the connector. */
final class ConfigurationPage {

  private static final String EXAMPLE = "binance";
  private static final String CCXT_EXAMPLE = "bitrue";
  private static final String ID = "<id>";

  private static final String INTRODUCTION =
      """
      # Configuration

      <!-- Written from the code by ReferenceDocsTest: change the code, then run
           mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

      Three keys are enough:

      ```json
      {
        "name": "crypto",
        "config": {
          "connector.class": "io.cryptofeed.connect.CryptofeedSourceConnector",
          "tasks.max": "1",
          "exchanges": "binance, coinbase",
          "symbols": "BTC-USDT, ETH-USDT",
          "channels": "trades, l2_book"
        }
      }
      ```

      * **Symbols** are written the same for every exchange: base and quote with a dash, as `BTC-USDT`. Case does not matter.
        A symbol that an exchange does not list is an error when it was asked of that exchange, and only a warning when it
        came from `symbols` and another exchange has it. What needs the exchange to be known is found out by the running task.
      * **Exchanges** are named by their id. Case does not matter, and `-` equals `_`; that holds in keys too.
      * **Mistakes** are reported all at once, each on its key, by `PUT /connector-plugins/CryptofeedSourceConnector/config/validate`.
        A misspelt key is a mistake. Keys of the worker, such as `transforms` or `topic.creation.*`, are never judged.
      * **Secrets** belong into a ConfigProvider of the worker (`${env:…}`, `${file:…}`, `${dir:…}`), not into the
        configuration itself: Connect shows a configuration to everyone who may ask for it.

      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION);
  private final Venues venues = Venues.builtIn();

  private ConfigurationPage() {}

  static String text() {
    ConfigurationPage page = new ConfigurationPage();
    page.write();
    return page.page.toString();
  }

  private void write() {
    exchanges();
    KnownExchanges known =
        KnownExchanges.of(
            venues, Map.of("exchanges", EXAMPLE + "," + KnownExchanges.CCXT_PREFIX + CCXT_EXAMPLE));
    ConfigDef definition = ConnectorKeys.definition(known, known.configured(), List.of());
    Map<String, List<ConfigKey>> groups =
        definition.configKeys().values().stream()
            .sorted(Comparator.comparingInt(key -> key.orderInGroup))
            .collect(
                Collectors.groupingBy(key -> key.group, LinkedHashMap::new, Collectors.toList()));
    for (String group : definition.groups()) {
      heading(group);
      if (group.equals("Proxies")) {
        page.append(
            "The keys that begin with `proxy.` have [a page of their own](proxy/reference.md), and a"
                + " [guide](proxy/user-guide.md).\n\n");
      } else {
        groups.getOrDefault(group, List.of()).stream()
            .filter(key -> !isRepeated(key))
            .forEach(this::key);
      }
    }
  }

  /** What each exchange offers, since some keys depend on it. */
  private void exchanges() {
    page.append("## What each exchange offers\n\n");
    page.append("| exchange | markets | channels | trade streams | book streams | test hosts |\n");
    page.append("|---|---|---|---|---|---|\n");
    for (String id : venues.ids()) {
      page.append(
          "| `%s` | %s | %s | %s | %s | %s |\n"
              .formatted(
                  id,
                  venues.marketTypes(id).stream()
                      .sorted()
                      .map(MarketType::code)
                      .collect(Collectors.joining(", ")),
                  String.join(", ", Validators.codes(venues.channels(id))),
                  choice(venues.tradeModes(id)),
                  choice(venues.bookModes(id)),
                  venues.hasSandbox(id) ? "yes" : "no"));
    }
    page.append(
        """

        [Exchanges](exchanges.md) has the hosts, streams, books and limits of each, and
        [Adding an exchange](add-an-exchange.md) says how to have others.

        """);
  }

  private static String choice(List<String> modes) {
    return modes.isEmpty() ? "one" : String.join(", ", modes);
  }

  /** Whether a key of an exchange of CCXT is one that every exchange has. */
  private static boolean isRepeated(ConfigKey key) {
    return Stream.of(
            ExchangeKey.SYMBOLS, ExchangeKey.CHANNELS, ExchangeKey.PROVIDER, ExchangeKey.SANDBOX)
        .anyMatch(every -> every.of(CCXT_EXAMPLE).equals(key.name));
  }

  private void heading(String group) {
    if (group.endsWith(EXAMPLE)) {
      page.append(
          "## Each exchange\n\n`<id>` stands for the id of an exchange in `exchanges`.\n\n");
    } else if (group.endsWith(CCXT_EXAMPLE)) {
      page.append(
          """
          ## Each exchange that CCXT serves

          Besides `symbols`, `channels`, `provider` and `sandbox`, which are above. The hosts and streams above are those of
          profiles: where CCXT serves an exchange, they are refused. [Exchanges that CCXT serves](ccxt.md) explains them.

          """);
    } else {
      page.append("## ").append(group).append("\n\n");
    }
  }

  private void key(ConfigKey key) {
    page.append("### `").append(generic(key.name)).append("`\n\n");
    page.append(escaped(generic(key.documentation))).append("\n\n");
    page.append("* Type: ").append(key.type.name().toLowerCase(Locale.ROOT)).append('\n');
    page.append("* Default: ").append(byExchange(key) ? "the first" : defaultOf(key)).append('\n');
    page.append("* Valid values: ")
        .append(byExchange(key) ? "see [above](#what-each-exchange-offers)" : valid(key))
        .append('\n');
    page.append("* Importance: ")
        .append(key.importance.name().toLowerCase(Locale.ROOT))
        .append("\n\n");
  }

  private static boolean byExchange(ConfigKey key) {
    return key.name.equals(ExchangeKey.TRADES_MODE.of(EXAMPLE))
        || key.name.equals(ExchangeKey.BOOK_STREAM.of(EXAMPLE));
  }

  private static String defaultOf(ConfigKey key) {
    if (!key.hasDefault()) {
      return "none, required";
    }
    @Nullable Object value = key.defaultValue;
    boolean empty =
        value == null
            || value.toString().isEmpty()
            || value.equals(List.of())
            || value instanceof Password;
    return empty ? "none" : "`" + value + "`";
  }

  private static String valid(ConfigKey key) {
    return escaped(generic(key.validator.toString()));
  }

  /** Text in which a browser takes nothing for a tag. */
  private static String escaped(String text) {
    return text.replace("<", "&lt;").replace(">", "&gt;");
  }

  private static String generic(String text) {
    return text.replace(EXAMPLE, ID)
        .replace(ExchangeKey.PREFIX + CCXT_EXAMPLE, ExchangeKey.PREFIX + ID);
  }
}
