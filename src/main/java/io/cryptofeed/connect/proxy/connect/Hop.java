package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The next hop of one connection attempt.
 *
 * @param proxy null for a direct connection
 * @param key the property that configured it
 * @param timeout how long it may take
 */
public record Hop(@Nullable ProxyUrl proxy, String key, Duration timeout) {

  /** The egress of a direct connection. */
  public static final String DIRECT = "direct";

  /** {@code direct}, or the proxy as {@code scheme://host:port}. */
  String egress() {
    return proxy == null ? DIRECT : proxy.egress();
  }
}
