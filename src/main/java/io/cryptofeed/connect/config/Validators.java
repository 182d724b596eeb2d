package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.text.DurationText;
import io.cryptofeed.connect.text.Nearest;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Validator;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** Checks each value of the configuration by itself. */
public final class Validators {

  private static final Map<Channel, Set<String>> OTHER_CHANNEL_NAMES =
      Map.of(
          Channel.TRADES,
          Set.of(
              "trade",
              "matches",
              "match",
              "aggtrade",
              "aggtrades",
              "deals",
              "fills",
              "executions",
              "ticks",
              "publictrade",
              "publictrades",
              "recenttrades"),
          Channel.L2_BOOK,
          Set.of(
              "book",
              "books",
              "orderbook",
              "orderbooks",
              "l2",
              "l2books",
              "level2",
              "depth",
              "l2update",
              "l2updates",
              "l2snapshot",
              "l2data",
              "bookdelta",
              "bookdeltas"),
          Channel.QUOTES,
          Set.of(
              "bbo",
              "ticker",
              "tickers",
              "quote",
              "l1",
              "l1book",
              "level1",
              "bookticker",
              "booktickers",
              "topofbook",
              "tob",
              "bestbidask",
              "bidask",
              "spread",
              "nbbo"));

  private Validators() {}

  /** Names of exchanges, at least one. */
  static Validator exchanges(KnownExchanges exchanges) {
    Validator known =
        eachOf(
            "ids of exchanges, and ccxt:<id of CCXT>",
            exchanges::listFault,
            exchanges::names,
            exchanges::fault);
    return described(
        known.toString(),
        (name, value) -> {
          if (texts(value).allMatch(String::isBlank) && value instanceof List<?>) {
            throw new ConfigException(
                name,
                "",
                "is empty: name at least one exchange; known are "
                    + String.join(", ", exchanges.ids()));
          }
          known.ensureValid(name, value);
        });
  }

  /** Normalised symbols. */
  static Validator symbols() {
    return eachOf("normalised symbols such as BTC-USDT", Symbols::fault);
  }

  /** Channels that can be subscribed and that the connector knows. */
  static Validator channels(Collection<Channel> offered, String by) {
    List<String> codes = codes(offered);
    return eachOf(
        String.join(", ", codes),
        text -> {
          Channel channel = Channels.BUILT_IN.parse(text).orElse(null);
          if (channel == Channel.FEED_STATUS) {
            return Optional.of("'" + text + "' is always written: remove it here");
          }
          if (channel == Channel.L2_SNAPSHOT) {
            return Optional.of(
                "'"
                    + text
                    + "' is written in addition to l2_book when book.mode=both: remove it here");
          }
          return channel != null && offered.contains(channel)
              ? Optional.empty()
              : Optional.of(
                  "%s no channel '%s'; %s".formatted(by, text, meantChannel(text, codes)));
        });
  }

  /** Exchanges and other software have other names for the channels. */
  private static String meantChannel(String wrong, List<String> codes) {
    String name = wrong.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    return OTHER_CHANNEL_NAMES.entrySet().stream()
        .filter(channel -> codes.contains(channel.getKey().code()))
        .filter(channel -> channel.getValue().contains(name))
        .findFirst()
        .map(channel -> "did you mean '" + channel.getKey().code() + "'?")
        .orElseGet(() -> meant(wrong, codes));
  }

  /** A number from a range; nothing is said about a text that is not a number. */
  static Validator range(Range range) {
    return described(
        range.toString(),
        (name, value) -> {
          if (value != null) {
            range.ensureValid(name, value);
          }
        });
  }

  /** Zero, or a number of milliseconds from a range. */
  static Validator zeroOr(long least, long most) {
    return described(
        "0, or " + least + " to " + most,
        (name, value) -> {
          if (value instanceof Long number && number != 0 && (number < least || number > most)) {
            throw new ConfigException(
                name, value, "must be 0, or from " + least + " to " + most + " milliseconds");
          }
        });
  }

  /** A duration. */
  static Validator duration() {
    return readBy(DurationText::parse, "a duration such as " + DurationText.EXAMPLES);
  }

  /** The initial position of an instrument. */
  static Validator initialTrades() {
    return readBy(
        InitialTrades::parse,
        InitialTrades.NONE + ", a duration such as " + DurationText.EXAMPLES + ", or a trade id");
  }

  /** One of the names of an enumeration, in any case. */
  static Validator oneOf(List<String> names) {
    return described(
        String.join(", ", names),
        (name, value) -> {
          if (value instanceof String text
              && !names.contains(text.trim().toLowerCase(Locale.ROOT))) {
            throw new ConfigException(
                name,
                value,
                names.isEmpty()
                    ? "the exchange has no choice: remove the key"
                    : meant(text, names));
          }
        });
  }

  static Validator decimalMode() {
    return oneOf(Arrays.stream(DecimalMode.values()).map(DecimalMode::code).toList());
  }

  /** An absolute URL with a host, and without credentials. */
  static Validator url(String... schemes) {
    List<String> allowed = List.of(schemes);
    return described(
        allowed.get(0) + "://host[:port][/path], or " + allowed.get(1) + "://",
        (name, value) -> {
          if (value instanceof String text) {
            ensureUrl(name, text.trim(), allowed);
          }
        });
  }

  /** A secret, which is never quoted in a message. */
  static Validator secret() {
    return described(
        "a secret",
        (name, value) -> {
          if (value instanceof Password secret && secret.value().isBlank()) {
            throw fault(name, "is empty: set the credential, or remove the key");
          }
        });
  }

  /** A JSON object; it may hold secrets, and is not quoted. */
  static Validator jsonObject() {
    return described(
        "a JSON object",
        (name, value) -> {
          if (value instanceof String text) {
            CcxtOptions.fault(text)
                .ifPresent(
                    fault -> {
                      throw fault(name, fault);
                    });
          }
        });
  }

  /** Pairs of URLs; a pair with credentials is not quoted. */
  static Validator hostPairs() {
    return described(
        "list of https://exchange.example=https://mirror.example, also with wss://",
        (name, value) -> texts(value).forEach(pair -> ensureHostPair(name, pair)));
  }

  /** One host, by name or address. */
  static Validator host() {
    return described(
        "an address or a host name of the worker",
        (name, value) -> {
          if (value instanceof String text && !HostPattern.isHost(text)) {
            throw new ConfigException(
                name,
                value,
                "must be an address or a host name of the worker, for example 127.0.0.1");
          }
        });
  }

  /** The path of a file. */
  static Validator file() {
    return readBy(Validators::path, "path of a file on every worker");
  }

  static Validator topicPrefix() {
    return described(
        "letters, digits, '.', '_' and '-'",
        (name, value) ->
            TopicTemplate.fault(String.valueOf(value))
                .ifPresent(
                    fault -> {
                      throw new ConfigException(name, value, fault);
                    }));
  }

  static Validator topicTemplate() {
    return described(
        "text with ${" + String.join("}, ${", TopicTemplate.PLACEHOLDERS) + "}",
        (name, value) -> {
          if (String.valueOf(value).length() > TopicTemplate.LONGEST) {
            throw new ConfigException(
                "%s: has more than %d characters; Kafka allows 249 in a topic name"
                    .formatted(name, TopicTemplate.LONGEST));
          }
          TopicTemplate.unknownPlaceholders(String.valueOf(value)).stream()
              .findFirst()
              .ifPresent(
                  unknown -> {
                    throw new ConfigException(
                        name,
                        value,
                        "unknown placeholder ${%s}; %s"
                            .formatted(unknown, meant(unknown, TopicTemplate.PLACEHOLDERS)));
                  });
        });
  }

  /** Accepts every value: it is checked later, together with others. */
  static Validator inContext(String description) {
    return described(description, (name, value) -> {});
  }

  public static List<String> codes(Collection<Channel> channels) {
    return channels.stream().filter(Channel::isSubscribable).sorted().map(Channel::code).toList();
  }

  /** The nearest names, or else all of them. */
  public static String meant(String wrong, Collection<String> known) {
    return Nearest.to(wrong, known)
        .map(near -> "did you mean '" + near + "'?")
        .orElse("known are " + String.join(", ", known));
  }

  private static void ensureHostPair(String name, String pair) {
    UrlOverride hosts;
    try {
      hosts = UrlOverride.parse(pair);
    } catch (IllegalArgumentException e) {
      throw fault(name, String.valueOf(e.getMessage()));
    }
    ensureUrl(name, hosts.to(), hosts.schemes());
  }

  private static ConfigException fault(String name, String message) {
    return new ConfigException("Invalid value for configuration " + name + ": " + message);
  }

  private static void ensureUrl(String name, String text, List<String> schemes) {
    if (text.contains("@")) {
      // The value may hold a password, so it is not quoted.
      throw fault(
          name,
          "a URL must not hold credentials, and this one needs none: remove everything up to the '@'");
    }
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException e) {
      throw new ConfigException(name, text, "is not a URL: " + e.getReason());
    }
    String scheme = Objects.requireNonNullElse(uri.getScheme(), "").toLowerCase(Locale.ROOT);
    if (!schemes.contains(scheme)) {
      throw new ConfigException(
          name, text, "must begin with " + String.join(":// or ", schemes) + "://");
    }
    if (uri.getHost() == null) {
      throw new ConfigException(
          name, text, "has no host name that can be resolved (a host name has no '_')");
    }
    if (uri.getPort() == 0 || uri.getPort() > 65_535) {
      throw new ConfigException(name, text, "has a port outside of 1 to 65535");
    }
    if (uri.getFragment() != null) {
      throw new ConfigException(name, text, "has a fragment: remove '#' and what follows");
    }
  }

  /**
   * A text that a reader takes.
   *
   * @param reader throws {@link IllegalArgumentException} with what is wrong
   */
  private static Validator readBy(Consumer<String> reader, String description) {
    return described(
        description,
        (name, value) -> {
          if (value instanceof String text) {
            try {
              reader.accept(text);
            } catch (IllegalArgumentException e) {
              throw new ConfigException(name, value, e.getMessage());
            }
          }
        });
  }

  private static Path path(String text) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("is empty: set the path of a file, or remove the key");
    }
    try {
      return Path.of(text.trim());
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("is not a path: " + e.getReason(), e);
    }
  }

  private static Validator eachOf(String description, Function<String, Optional<String>> fault) {
    return eachOf(description, TypedList::fault, TypedList::meant, fault);
  }

  /**
   * A list of names.
   *
   * @param listFault what is wrong with the way in which the list is written
   * @param meant the names in it
   * @param fault what is wrong with a name
   */
  private static Validator eachOf(
      String description,
      Function<TypedList, Optional<String>> listFault,
      Function<TypedList, List<String>> meant,
      Function<String, Optional<String>> fault) {
    return described(
        "list of " + description,
        (name, value) -> {
          TypedList list = new TypedList(texts(value).toList());
          List<String> faults =
              Stream.concat(
                      listFault.apply(list).stream(),
                      meant.apply(list).stream().flatMap(text -> fault.apply(text).stream()))
                  .toList();
          if (!faults.isEmpty()) {
            throw new ConfigException(name, value, String.join("; ", faults));
          }
        });
  }

  private static Stream<String> texts(@Nullable Object value) {
    return value instanceof List<?> list ? list.stream().map(String::valueOf) : Stream.empty();
  }

  private static Validator described(String description, Validator validator) {
    return new Validator() {
      @Override
      public void ensureValid(String name, Object value) {
        validator.ensureValid(name, value);
      }

      @Override
      public String toString() {
        return description;
      }
    };
  }
}
