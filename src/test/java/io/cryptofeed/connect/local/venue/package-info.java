/**
 * Exchanges on the loopback interface: simulators that speak the wire protocols of Binance spot and
 * Coinbase Exchange over real sockets and know the truth about what they sent, and servers that
 * replay recorded sessions. They share no code with the connector, so that each checks the other.
 */
@NullMarked
package io.cryptofeed.connect.local.venue;

import org.jspecify.annotations.NullMarked;
