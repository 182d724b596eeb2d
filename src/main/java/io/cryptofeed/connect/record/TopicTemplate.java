package io.cryptofeed.connect.record;

import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The template of topic names, for example {@code ${prefix}.${exchange}.${channel}}. Connect
 * replaces only {@code ${provider:key}}, with a colon, so it does not touch these placeholders.
 */
public final class TopicTemplate {

  /** Results in names like {@code crypto.binance.trades}. */
  public static final String DEFAULT = "${prefix}.${exchange}.${channel}";

  /** The names of the placeholders. */
  public static final List<String> PLACEHOLDERS =
      List.of("prefix", "exchange", "market_type", "channel", "symbol");

  /** The most characters of a template: all placeholders, and the longest topic name. */
  public static final int LONGEST = 500;

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private final String template;
  private final String prefix;

  /**
   * @param template without {@link #unknownPlaceholders}
   * @param prefix the value of <code>${prefix}</code>
   */
  public TopicTemplate(String template, String prefix) {
    this.template = template;
    this.prefix = prefix;
  }

  /** The placeholders of a template that do not exist. */
  public static List<String> unknownPlaceholders(String template) {
    List<String> unknown = new ArrayList<>();
    Matcher matcher = PLACEHOLDER.matcher(template);
    while (matcher.find()) {
      if (!PLACEHOLDERS.contains(matcher.group(1))) {
        unknown.add(matcher.group(1));
      }
    }
    return unknown;
  }

  /** Why a text is not a valid topic name in Kafka; empty if it is one. */
  public static Optional<String> fault(String topic) {
    if (topic.equals(".") || topic.equals("..")) {
      return Optional.of("'" + topic + "' is not a topic name: choose another");
    }
    if (!LEGAL.matcher(topic).matches()) {
      return Optional.of(
          "'%s' is not a topic name: Kafka allows 1 to 249 letters, digits, '.', '_' and '-'"
              .formatted(topic));
    }
    return Optional.empty();
  }

  /** The topic of one channel of one instrument. */
  public String topic(String exchange, MarketType marketType, Channel channel, String symbol) {
    UnaryOperator<String> value =
        name ->
            switch (name) {
              case "prefix" -> prefix;
              case "exchange" -> exchange;
              case "market_type" -> marketType.code();
              case "channel" -> channel.code();
              case "symbol" -> symbol;
              default -> throw new IllegalStateException("unknown placeholder ${" + name + "}");
            };
    return PLACEHOLDER
        .matcher(template)
        .replaceAll(match -> Matcher.quoteReplacement(value.apply(match.group(1))));
  }
}
