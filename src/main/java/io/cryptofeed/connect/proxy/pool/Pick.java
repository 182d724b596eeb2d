package io.cryptofeed.connect.proxy.pool;

import java.time.Duration;

/** The result of choosing a member. */
public sealed interface Pick {

  /**
   * A member.
   *
   * @param panic whether health was ignored
   */
  record Chosen(Member member, boolean panic) implements Pick {}

  /**
   * No member is eligible now.
   *
   * @param reasons why, for each member; no secrets
   * @param retryAfter when that may change; zero when it is not known
   */
  record None(String reasons, Duration retryAfter) implements Pick {}
}
