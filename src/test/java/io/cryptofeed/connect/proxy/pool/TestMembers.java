package io.cryptofeed.connect.proxy.pool;

import io.cryptofeed.connect.proxy.settings.CircuitSettings;
import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import java.util.SplittableRandom;

/** Members of no pool. */
public final class TestMembers {

  private TestMembers() {}

  /** A member by its URL, credentials and all. */
  public static Member of(String url) {
    return new Member(
        MemberSettings.of(ProxyUrl.parse(url)), CircuitSettings.DEFAULT, new SplittableRandom(1));
  }
}
