/**
 * The quickstart: simulated exchanges, a SOCKS5 proxy, the connector, the Avro converter and Kafka
 * on one machine, and a display of the records that arrive.
 */
@NullMarked
package io.cryptofeed.connect.local.quickstart;

import org.jspecify.annotations.NullMarked;
