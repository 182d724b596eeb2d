/**
 * Exchanges that CCXT serves: markets, streams, polling, and conversion of CCXT's values. It must
 * not know profiles.
 */
@NullMarked
package io.cryptofeed.connect.provider.ccxt;

import org.jspecify.annotations.NullMarked;
