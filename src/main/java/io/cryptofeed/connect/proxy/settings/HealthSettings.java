package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How the members of pools are probed.
 *
 * @param enabled whether they are
 * @param target what a probe goes to, null for the exchange that the pool was last used for
 * @param interval between two probes of a member
 * @param timeout of one probe, shorter than the interval
 * @param rise how many probes in a row must succeed before a member is healthy again
 * @param fall how many must fail before it is not
 * @param lazy whether pools that were not used recently are not probed
 * @param expectedStatuses for {@link Method#HTTP}; empty means 200 to 399
 */
public record HealthSettings(
    boolean enabled,
    Method method,
    @Nullable Target target,
    Duration interval,
    Duration timeout,
    int rise,
    int fall,
    boolean lazy,
    Set<Integer> expectedStatuses) {

  /** What is done where nothing is said. */
  public static final HealthSettings DEFAULT =
      new HealthSettings(
          true,
          Method.TUNNEL,
          null,
          Duration.ofSeconds(30),
          Duration.ofSeconds(5),
          2,
          3,
          true,
          Set.of());

  public HealthSettings {
    expectedStatuses = Set.copyOf(expectedStatuses);
  }

  /** How far a probe goes. */
  public enum Method {
    /** A TCP connection to the proxy. */
    TCP,
    /** A tunnel through the proxy to the target. */
    TUNNEL,
    /** An HTTP request through the proxy to the target. */
    HTTP
  }

  /**
   * What a probe goes to.
   *
   * @param secure whether TLS is spoken with it
   * @param host a name or an address
   * @param port 1 to 65535
   * @param pathAndQuery begins with a slash
   */
  public record Target(boolean secure, String host, int port, String pathAndQuery) {}
}
