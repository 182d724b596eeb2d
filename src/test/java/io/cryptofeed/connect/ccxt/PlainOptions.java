package io.cryptofeed.connect.ccxt;

import java.util.Map;

/** Options of an exchange as CCXT has it, without credentials, routed by its own id. */
public final class PlainOptions {

  private PlainOptions() {}

  public static CcxtOptions of(String id) {
    return at(id, Map.of());
  }

  /** At other hosts. */
  public static CcxtOptions at(String id, Map<String, String> hosts) {
    return new CcxtOptions(id, id, null, null, null, false, null, hosts);
  }
}
