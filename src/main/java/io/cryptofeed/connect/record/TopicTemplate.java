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
 * How topics are named, for example {@code ${prefix}.${exchange}.${channel}}. Connect replaces only
 * {@code ${provider:key}}, with a colon, so it leaves these placeholders alone.
 */
public final class TopicTemplate {

  /** {@code crypto.binance.trades}. */
  public static final String DEFAULT = "${prefix}.${exchange}.${channel}";

  /** What may stand between <code>${</code> and <code>}</code>. */
  public static final List<String> PLACEHOLDERS =
      List.of("prefix", "exchange", "market_type", "channel", "symbol");

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  private final String template;
  private final String prefix;

  /**
   * @param template legal by {@link #unknownPlaceholders}
   * @param prefix what <code>${prefix}</code> stands for
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

  /** Why Kafka would refuse a topic of this name; empty when it would not. */
  public static Optional<String> fault(String topic) {
    if (topic.equals(".") || topic.equals("..")) {
      return Optional.of("'" + topic + "' is no topic name");
    }
    if (!LEGAL.matcher(topic).matches()) {
      return Optional.of(
          "'%s' is no topic name: Kafka allows 1 to 249 letters, digits, '.', '_' and '-'"
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
