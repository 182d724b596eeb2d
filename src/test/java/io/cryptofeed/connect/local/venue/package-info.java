/**
 * Exchanges on the loopback interface: simulators of Binance spot and Coinbase Exchange, which know
 * the trades and books that they have made, and servers that replay recorded sessions. They share
 * no code with the connector, so that each checks the other.
 */
@NullMarked
package io.cryptofeed.connect.local.venue;

import org.jspecify.annotations.NullMarked;
