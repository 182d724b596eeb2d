package io.cryptofeed.connect.proxy.settings;

/** What stays with the member of a pool that it was given. */
public enum Sticky {
  /** Nothing: a member is chosen for each connection. */
  NONE,
  /** Each connection: when it is opened again, it goes through the same member. */
  CONNECTION,
  /** All connections of an exchange go through one member. */
  EXCHANGE
}
