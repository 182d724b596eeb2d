/**
 * What the providers of market data have in common: a feed that runs. A provider must not know
 * another provider.
 */
@NullMarked
package io.cryptofeed.connect.provider;

import org.jspecify.annotations.NullMarked;
