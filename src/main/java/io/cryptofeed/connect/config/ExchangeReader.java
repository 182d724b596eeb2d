package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.listing.UnlistedSymbols;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.text.KnownSecrets;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads what is configured for each exchange. */
final class ExchangeReader {

  private static final Set<String> ENCRYPTED = Set.of("wss", "https");

  private final ConfigValues values;
  private final KnownExchanges known;
  private final List<String> exchangeIds;
  private final KeySpelling spelling;

  /**
   * @param exchangeIds the configured exchanges
   */
  ExchangeReader(
      ConfigValues values, KnownExchanges known, List<String> exchangeIds, KeySpelling spelling) {
    this.values = values;
    this.known = known;
    this.exchangeIds = exchangeIds;
    this.spelling = spelling;
  }

  /** What is configured for an exchange; empty when it has no symbol or no channel. */
  Optional<ExchangeConfig> read(String id) {
    String symbolsKey = ownOrCommon(ExchangeKey.SYMBOLS, id, ConnectorKeys.SYMBOLS);
    String channelsKey = ownOrCommon(ExchangeKey.CHANNELS, id, ConnectorKeys.CHANNELS);
    List<String> symbols = Symbols.normalise(values.list(symbolsKey));
    Set<Channel> channels = channels(id, channelsKey);
    if (symbols.isEmpty() && values.isSound(symbolsKey)) {
      values.error(
          symbolsKey,
          "exchange '%s' has no symbol: set '%s' or '%s', for example to BTC-USDT"
              .formatted(id, ConnectorKeys.SYMBOLS, ExchangeKey.SYMBOLS.of(id)));
    }
    if (channels.isEmpty() && values.isSound(channelsKey)) {
      values.error(
          channelsKey,
          "exchange '%s' has no channel: set '%s' or '%s' to some of %s"
              .formatted(
                  id,
                  ConnectorKeys.CHANNELS,
                  ExchangeKey.CHANNELS.of(id),
                  String.join(", ", Validators.codes(known.exchange(id).channels()))));
    }
    Provider provider = known.exchange(id).read(this);
    return symbols.isEmpty() || channels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ExchangeConfig(
                id, channels, symbols, spelling.asWritten(symbolsKey), unlisted(id), provider));
  }

  private UnlistedSymbols unlisted(String id) {
    String key = ownOrCommon(ExchangeKey.SYMBOLS_UNLISTED, id, ConnectorKeys.SYMBOLS_UNLISTED);
    boolean skip = values.isSound(key) && UnlistedSymbols.SKIP.code().equals(values.word(key));
    return skip ? UnlistedSymbols.SKIP : UnlistedSymbols.FAIL;
  }

  /** An exchange may lack a channel of the common list if another exchange has it. */
  private Set<Channel> channels(String id, String key) {
    Set<Channel> channels = new TreeSet<>();
    for (String name : values.list(key)) {
      Optional<Channel> channel = Channels.BUILT_IN.parse(name).filter(Channel::isSubscribable);
      if (channel.isEmpty()) {
        continue;
      }
      if (known.exchange(id).channels().contains(channel.get())) {
        channels.add(channel.get());
      } else if (exchangeIds.stream()
          .noneMatch(any -> known.exchange(any).channels().contains(channel.get()))) {
        values.error(key, "no configured exchange has the channel '" + name + "': remove it");
      } else if (key.equals(ConnectorKeys.CHANNELS)) {
        values.warn("%s: exchange '%s' has no channel '%s'".formatted(key, id, name));
      }
    }
    return channels;
  }

  /** Hosts and streams of an exchange with a profile. */
  VenueOptions venueOptions(String id, boolean hasSandbox) {
    boolean sandbox = Boolean.TRUE.equals(values.value(ExchangeKey.SANDBOX.of(id)));
    if (sandbox && !hasSandbox) {
      values.error(
          ExchangeKey.SANDBOX.of(id),
          "exchange '%s' has no test hosts: remove this key, or set '%s' and '%s'"
              .formatted(id, ExchangeKey.WEBSOCKET_URL.of(id), ExchangeKey.REST_URL.of(id)));
    }
    return new VenueOptions(
        sandbox,
        url(ExchangeKey.WEBSOCKET_URL.of(id)),
        url(ExchangeKey.REST_URL.of(id)),
        values.word(ExchangeKey.TRADES_MODE.of(id)),
        values.word(ExchangeKey.BOOK_STREAM.of(id)),
        values.isSound(ConnectorKeys.BOOK_DEPTH)
                && values.value(ConnectorKeys.BOOK_DEPTH) instanceof Integer depth
            ? depth
            : 0);
  }

  /** The class of CCXT that serves an exchange, and its options. */
  CcxtOptions ccxtOptions(String id) {
    return new CcxtOptionsReader(values, this::warnIfPlain).read(id);
  }

  private @Nullable URI url(String key) {
    Object text = values.sound(key);
    if (text == null) {
      return null;
    }
    warnIfPlain(key, (String) text);
    URI url = URI.create(((String) text).trim());
    if (url.getQuery() != null) {
      KnownSecrets.addQuery(url.getRawQuery());
      KnownSecrets.addQuery(url.getQuery());
    }
    return url;
  }

  private void warnIfPlain(String key, String text) {
    URI url = URI.create(text.trim());
    boolean encrypted = ENCRYPTED.contains(url.getScheme().toLowerCase(Locale.ROOT));
    if (!encrypted && !isLoopback(url.getHost())) {
      values.warn(
          "%s: %s://%s is not encrypted, and its host is not loopback"
              .formatted(spelling.asWritten(key), url.getScheme(), url.getHost()));
    }
  }

  private static boolean isLoopback(String host) {
    return host.equalsIgnoreCase("localhost")
        || host.equals("[::1]")
        || host.matches("127(?:\\.[0-9]{1,3}){3}");
  }

  private String ownOrCommon(ExchangeKey own, String id, String common) {
    return values.isGiven(own.of(id)) ? own.of(id) : common;
  }
}
