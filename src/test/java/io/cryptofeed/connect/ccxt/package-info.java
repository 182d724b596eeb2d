/** Tests of the exchanges that CCXT serves; those that need its bundle are tagged {@code ccxt}. */
@NullMarked
package io.cryptofeed.connect.ccxt;

import org.jspecify.annotations.NullMarked;
