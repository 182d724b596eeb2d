package io.cryptofeed.connect.proxy.settings;

import org.jspecify.annotations.Nullable;

/**
 * Whose connections a place in the configuration is about.
 *
 * @param exchange the exchange's id, null for all exchanges
 */
public record Scope(@Nullable String exchange, Transport transport) {

  /** The beginning of the keys about it: {@code proxy.exchanges.binance.rest}. */
  public String prefix() {
    return (exchange == null ? "proxy.default" : "proxy.exchanges." + exchange)
        + "."
        + transport.code();
  }
}
