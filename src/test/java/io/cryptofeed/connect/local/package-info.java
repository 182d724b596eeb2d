/**
 * The local stack: Kafka, a schema registry and Connect workers on this machine, for integration
 * tests and the quickstart.
 */
@NullMarked
package io.cryptofeed.connect.local;

import org.jspecify.annotations.NullMarked;
