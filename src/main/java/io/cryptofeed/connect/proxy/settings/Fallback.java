package io.cryptofeed.connect.proxy.settings;

/** What happens to a connection for which every proxy of its route has failed. */
public sealed interface Fallback {

  /** It fails: the default. */
  record Fail() implements Fallback {}

  /** It goes without a proxy, which is logged and counted each time. */
  record Direct() implements Fallback {}

  /** It goes through another pool. */
  record Pool(String name) implements Fallback {}
}
