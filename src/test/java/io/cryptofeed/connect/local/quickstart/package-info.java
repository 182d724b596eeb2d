/**
 * The quickstart: the whole way of the data on one machine, from simulated exchanges through a
 * SOCKS5 proxy, the connector and the Avro converter into Kafka, and what arrives there.
 */
@NullMarked
package io.cryptofeed.connect.local.quickstart;

import org.jspecify.annotations.NullMarked;
