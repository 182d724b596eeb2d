package io.cryptofeed.connect.config;

import io.cryptofeed.connect.ccxt.CcxtOptions;
import io.cryptofeed.connect.exchange.spi.VenueOptions;

/** Who serves an exchange, and with which choices of the user. */
public sealed interface Provider {

  /**
   * The connector itself, out of a profile.
   *
   * @param options hosts and streams
   */
  record Native(VenueOptions options) implements Provider {}

  /**
   * A class of CCXT.
   *
   * @param options the class, and how it is set up
   */
  record Ccxt(CcxtOptions options) implements Provider {}
}
