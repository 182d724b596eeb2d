package io.cryptofeed.connect.ccxt;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which exchange of CCXT is run, and how.
 *
 * @param id CCXT's own, for example {@code bitrue}
 * @param exchange our name of it, by which routes are chosen
 * @param apiKey null for none; never logged, as are the other credentials
 * @param secret null for none
 * @param password what some exchanges call a passphrase, null for none
 * @param sandbox whether the exchange's test host is used
 * @param optionsJson what CCXT calls {@code options}, a JSON object; null for CCXT's defaults
 * @param hosts beginnings of URLs and what stands in their place, for example {@code
 *     wss://ws.backpack.exchange} and {@code ws://127.0.0.1:9000}; in the order of iteration
 */
public record CcxtOptions(
    String id,
    String exchange,
    @Nullable String apiKey,
    @Nullable String secret,
    @Nullable String password,
    boolean sandbox,
    @Nullable String optionsJson,
    Map<String, String> hosts) {

  /** An exchange as CCXT has it, without credentials, routed by its own id. */
  public static CcxtOptions of(String id) {
    return new CcxtOptions(id, id, null, null, null, false, null, Map.of());
  }

  /** The same exchange at other hosts. */
  public CcxtOptions at(Map<String, String> hosts) {
    return new CcxtOptions(id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts);
  }

  /** Without credentials, and without options, which may hold some. */
  @Override
  public String toString() {
    return "CcxtOptions[" + id + " as " + exchange + (sandbox ? ", sandbox" : "") + "]";
  }
}
