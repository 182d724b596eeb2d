/**
 * What every provider of market data has in common: a feed that runs. A provider must not know
 * another one.
 */
@NullMarked
package io.cryptofeed.connect.provider;

import org.jspecify.annotations.NullMarked;
