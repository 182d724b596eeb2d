package io.cryptofeed.connect.proxy.pool;

import java.time.Duration;

/** What a pool answers when it is asked for a member. */
public sealed interface Pick {

  /**
   * This one.
   *
   * @param panic whether it was chosen without regard to health
   */
  record Chosen(Member member, boolean panic) implements Pick {}

  /**
   * None may be used now.
   *
   * @param reasons why, member by member, in words; no secrets
   * @param retryAfter when that may change; zero when it is not known
   */
  record None(String reasons, Duration retryAfter) implements Pick {}
}
