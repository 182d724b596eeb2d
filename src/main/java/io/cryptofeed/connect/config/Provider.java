package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.exchange.spi.VenueOptions;

/** How an exchange is served, with its options. */
public sealed interface Provider {

  /**
   * The connector itself, by a profile.
   *
   * @param options hosts and streams
   */
  record Native(VenueOptions options) implements Provider {}

  /**
   * A class of CCXT.
   *
   * @param options the class, and its options
   */
  record Ccxt(CcxtOptions options) implements Provider {}
}
