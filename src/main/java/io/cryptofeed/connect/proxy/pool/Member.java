package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import org.jspecify.annotations.Nullable;

/**
 * A proxy of a pool and how it is doing. Its state belongs to the pool, which guards it; what can be
 * seen here is safe for many threads. Compared by identity.
 */
public final class Member {

  private final MemberSettings settings;

  Member(MemberSettings settings) {
    this.settings = settings;
  }

  /** The proxy. */
  public ProxyUrl url() {
    return settings.url();
  }

  /** {@code scheme://host:port}, without credentials. */
  public String egress() {
    return url().egress();
  }

  /** The region's label, null when it has none. */
  public @Nullable String region() {
    return settings.region();
  }

  MemberSettings settings() {
    return settings;
  }

  @Override
  public String toString() {
    return egress();
  }
}
