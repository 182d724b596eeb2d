package io.cryptofeed.connect.net;

import java.security.KeyStore;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** TLS towards servers of a test, without pinned keys. */
public final class TestTls {

  private TestTls() {}

  /** Trusts the authorities of the JVM. */
  public static OriginTls platform() {
    return of(null);
  }

  /** Trusts the certificates of a store, and nothing else. */
  public static OriginTls trusting(KeyStore authorities) {
    return of(authorities);
  }

  private static OriginTls of(@Nullable KeyStore authorities) {
    return OriginTls.of(authorities, host -> Set.of(), host -> {});
  }
}
