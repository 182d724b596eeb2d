package io.cryptofeed.connect.proxy.settings;

import org.jspecify.annotations.Nullable;

/**
 * A proxy of a pool.
 *
 * @param weight its share where the strategy is weighted, 0.1 to 10
 * @param region a label such as {@code EU}, null when it has none
 * @param priority where the strategy is failover, the lowest comes first
 * @param enabled whether it is used at all
 */
public record MemberSettings(
    ProxyUrl url, double weight, @Nullable String region, int priority, boolean enabled) {

  /** A member of which only the URL is said. */
  public static MemberSettings of(ProxyUrl url) {
    return new MemberSettings(url, 1, null, 0, true);
  }
}
