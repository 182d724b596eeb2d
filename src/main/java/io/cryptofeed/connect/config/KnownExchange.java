package io.cryptofeed.connect.config;

import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An exchange that a configuration can name, with what its provider offers. Immutable. */
public sealed interface KnownExchange {

  /** The id of the exchange. */
  String id();

  /** The value of {@code exchange.<id>.provider}. */
  String provider();

  /** The channels of the exchange, or all that it may have if that is known only at runtime. */
  Set<Channel> channels();

  /** The kinds of contract that the exchange lists, or may list. */
  Set<MarketType> marketTypes();

  /** Whether the exchange has test hosts, or may have some. */
  boolean hasSandbox();

  /** Why a key that does not apply to this exchange is not allowed, with the cure. */
  String notAllowed(ExchangeKey key);

  /**
   * Why {@code backfill.initial} cannot be a trade id here, with the cure; empty when it can.
   *
   * @param tradesMode the trade stream that is read, null for the only one
   */
  Optional<String> initialIdFault(@Nullable String tradesMode);

  /** Defines the keys that only exchanges of this provider have. */
  void defineOwn(ExchangeKeys keys);

  /** Reads the options of the provider. */
  Provider read(ExchangeReader reader);

  /** An exchange with a profile. */
  record Native(String id, Venues venues) implements KnownExchange {

    @Override
    public String provider() {
      return KnownExchanges.NATIVE;
    }

    @Override
    public Set<Channel> channels() {
      return venues.channels(id);
    }

    @Override
    public Set<MarketType> marketTypes() {
      return venues.marketTypes(id);
    }

    @Override
    public boolean hasSandbox() {
      return venues.hasSandbox(id);
    }

    @Override
    public String notAllowed(ExchangeKey key) {
      return "exchange '%s' is native, and only an exchange served by CCXT has this key: remove it, or set '%s' to ccxt"
          .formatted(id, ExchangeKey.PROVIDER.of(id));
    }

    @Override
    public Optional<String> initialIdFault(@Nullable String tradesMode) {
      return venues.tradeNumbering(id, tradesMode) == TradeNumbering.CONSECUTIVE
          ? Optional.empty()
          : Optional.of(
              "the trade ids of exchange '%s' are not consecutive: give a duration instead of an id"
                  .formatted(id));
    }

    @Override
    public void defineOwn(ExchangeKeys keys) {
      keys.defineNative(venues);
    }

    @Override
    public Provider read(ExchangeReader reader) {
      return new Provider.Native(reader.venueOptions(id, hasSandbox()));
    }
  }

  /** An exchange that a class of CCXT serves. */
  record Ccxt(String id) implements KnownExchange {

    private static final Set<Channel> CHANNELS =
        Set.of(Channel.TRADES, Channel.L2_BOOK, Channel.QUOTES);

    /** CCXT lists options, too, but they are not supported. */
    private static final Set<MarketType> MARKET_TYPES =
        Set.copyOf(EnumSet.of(MarketType.SPOT, MarketType.PERPETUAL, MarketType.FUTURE));

    @Override
    public String provider() {
      return KnownExchanges.CCXT;
    }

    @Override
    public Set<Channel> channels() {
      return CHANNELS;
    }

    @Override
    public Set<MarketType> marketTypes() {
      return MARKET_TYPES;
    }

    @Override
    public boolean hasSandbox() {
      return true;
    }

    @Override
    public String notAllowed(ExchangeKey key) {
      boolean isUrl = key == ExchangeKey.WEBSOCKET_URL || key == ExchangeKey.REST_URL;
      ExchangeKey instead = isUrl ? ExchangeKey.CCXT_HOSTS : ExchangeKey.CCXT_OPTIONS;
      return "exchange '%s' is served by CCXT and has no such key: use '%s' instead"
          .formatted(id, instead.of(id));
    }

    @Override
    public Optional<String> initialIdFault(@Nullable String tradesMode) {
      return Optional.of(
          "exchange '%s' is served by CCXT, which requests historical trades by their time: give a duration instead of an id"
              .formatted(id));
    }

    @Override
    public void defineOwn(ExchangeKeys keys) {
      keys.defineCcxt();
    }

    @Override
    public Provider read(ExchangeReader reader) {
      return new Provider.Ccxt(reader.ccxtOptions(id));
    }
  }
}
