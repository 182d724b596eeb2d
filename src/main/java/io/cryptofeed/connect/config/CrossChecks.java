package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.BookOptions;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.record.TopicTemplate;
import io.cryptofeed.connect.text.DurationText;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Checks that values which are valid by themselves fit together. */
final class CrossChecks {

  private final ConfigValues values;
  private final KnownExchanges known;
  private final List<ExchangeConfig> exchanges;

  /**
   * @param exchanges the configured exchanges, only those without errors
   */
  CrossChecks(ConfigValues values, KnownExchanges known, List<ExchangeConfig> exchanges) {
    this.values = values;
    this.known = known;
    this.exchanges = exchanges;
  }

  /** Reports every fault to the values. */
  void check() {
    checkTopics();
    checkBooks();
    checkBackfill();
    new MarketTypeChecks(values, known).check(exchanges);
    exchanges.forEach(this::checkUrl);
  }

  /** One URL with a path replaces all URLs of an exchange, which must then be the same. */
  private void checkUrl(ExchangeConfig exchange) {
    VenueOptions options = exchange.nativeOptions().orElse(null);
    if (options == null || options.websocketUrl() == null) {
      return;
    }
    Set<MarketType> types =
        exchange.symbols().stream()
            .flatMap(symbol -> Symbols.marketTypes(symbol).stream())
            .collect(Collectors.toSet());
    if (!VenueOptions.namesHostOnly(options.websocketUrl())
        && known.venues().hasUrlsByMarketType(exchange.id(), options.sandbox(), types)) {
      values.error(
          ExchangeKey.WEBSOCKET_URL.of(exchange.id()),
          ("exchange '%s' has a WebSocket URL for each market type, and '%s' would replace them all:"
                  + " leave out the path, so that each keeps its own, or configure symbols of one"
                  + " market type only")
              .formatted(exchange.id(), options.websocketUrl().getRawPath()));
    }
  }

  /** A full book at every change of a book is too much for any consumer. */
  private void checkBooks() {
    boolean full =
        values.value(ConnectorKeys.BOOK_MODE) instanceof String mode
            && values.isSound(ConnectorKeys.BOOK_MODE)
            && !mode.trim().equalsIgnoreCase(BookOptions.Mode.DELTA.code());
    if (full
        && Integer.valueOf(0).equals(values.value(ConnectorKeys.BOOK_DEPTH))
        && Long.valueOf(0).equals(values.value(ConnectorKeys.BOOK_SNAPSHOT_INTERVAL_MS))) {
      values.error(
          ConnectorKeys.BOOK_MODE,
          "writes every level of a book at each change of the book: set %s, %s, or both"
              .formatted(ConnectorKeys.BOOK_DEPTH, ConnectorKeys.BOOK_SNAPSHOT_INTERVAL_MS));
    }
  }

  /** The initial position of an instrument must be within reach of a backfill. */
  private void checkBackfill() {
    if (!values.isSound(ConnectorKeys.BACKFILL_INITIAL)) {
      return;
    }
    InitialTrades initial =
        InitialTrades.parse(String.valueOf(values.value(ConnectorKeys.BACKFILL_INITIAL)));
    boolean wanted = initial.age() != null || initial.id() != null;
    if (wanted && Boolean.FALSE.equals(values.value(ConnectorKeys.BACKFILL_ENABLED))) {
      values.error(
          ConnectorKeys.BACKFILL_INITIAL,
          "asks for historical trades, but %s=false: remove one of the two"
              .formatted(ConnectorKeys.BACKFILL_ENABLED));
    }
    checkInitialAge(initial.age());
    if (initial.id() != null) {
      exchanges.stream()
          .filter(exchange -> exchange.channels().contains(Channel.TRADES))
          .filter(exchange -> values.isSound(ExchangeKey.TRADES_MODE.of(exchange.id())))
          .flatMap(
              exchange ->
                  known.exchange(exchange.id()).initialIdFault(exchange.tradesMode()).stream())
          .forEach(fault -> values.error(ConnectorKeys.BACKFILL_INITIAL, fault));
    }
  }

  private void checkInitialAge(@Nullable Duration age) {
    if (age != null && values.isSound(ConnectorKeys.BACKFILL_MAX_AGE)) {
      String most = String.valueOf(values.value(ConnectorKeys.BACKFILL_MAX_AGE));
      if (age.compareTo(DurationText.parse(most)) > 0) {
        values.error(
            ConnectorKeys.BACKFILL_INITIAL,
            "is longer than %s, which is %s: shorten the one, or lengthen the other"
                .formatted(ConnectorKeys.BACKFILL_MAX_AGE, most));
      }
    }
  }

  private void checkTopics() {
    if (!values.isSound(ConnectorKeys.TOPIC_TEMPLATE)
        || !values.isSound(ConnectorKeys.TOPIC_PREFIX)) {
      return;
    }
    TopicTemplate topics = topics();
    exchanges.stream()
        .flatMap(exchange -> topics(topics, exchange).stream())
        .flatMap(topic -> TopicTemplate.fault(topic).stream())
        .findFirst()
        .ifPresent(
            fault ->
                values.error(
                    ConnectorKeys.TOPIC_TEMPLATE, "makes an invalid topic name: " + fault));
  }

  private TopicTemplate topics() {
    return new TopicTemplate(
        String.valueOf(values.value(ConnectorKeys.TOPIC_TEMPLATE)),
        String.valueOf(values.value(ConnectorKeys.TOPIC_PREFIX)));
  }

  private Collection<String> topics(TopicTemplate topics, ExchangeConfig exchange) {
    Set<Channel> written = new TreeSet<>(exchange.channels());
    written.add(Channel.FEED_STATUS);
    Set<String> names = new LinkedHashSet<>();
    for (MarketType marketType : known.exchange(exchange.id()).marketTypes()) {
      for (Channel channel : written) {
        for (String symbol : exchange.symbols()) {
          names.add(topics.topic(exchange.id(), marketType, channel, symbol));
        }
      }
    }
    return names;
  }
}
