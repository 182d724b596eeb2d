package io.cryptofeed.connect.ccxt;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import java.util.Optional;
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
 * @param bookFields where a message about a book has its numbers
 */
public record CcxtOptions(
    String id,
    String exchange,
    @Nullable String apiKey,
    @Nullable String secret,
    @Nullable String password,
    boolean sandbox,
    @Nullable String optionsJson,
    Map<String, String> hosts,
    CcxtBookFields bookFields) {

  private static final String EXAMPLE = "{\"defaultType\":\"swap\"}";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  /** An exchange whose messages about books hold no numbers beyond CCXT's own. */
  public CcxtOptions(
      String id,
      String exchange,
      @Nullable String apiKey,
      @Nullable String secret,
      @Nullable String password,
      boolean sandbox,
      @Nullable String optionsJson,
      Map<String, String> hosts) {
    this(id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts, CcxtBookFields.NONE);
  }

  /** An exchange as CCXT has it, without credentials, routed by its own id. */
  public static CcxtOptions of(String id) {
    return new CcxtOptions(id, id, null, null, null, false, null, Map.of());
  }

  /** The same exchange at other hosts. */
  public CcxtOptions at(Map<String, String> hosts) {
    return new CcxtOptions(
        id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts, bookFields);
  }

  /**
   * The same exchange with what is known of its class.
   *
   * @param optionsJson in place of those that it has, null for CCXT's defaults
   */
  public CcxtOptions with(@Nullable String optionsJson, CcxtBookFields bookFields) {
    return new CcxtOptions(
        id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts, bookFields);
  }

  /**
   * What is wrong with options as a user wrote them. They are not quoted, since they may hold a
   * secret.
   *
   * @param optionsJson meant to be a JSON object
   * @return empty when they are one
   */
  public static Optional<String> fault(String optionsJson) {
    try {
      JsonNode options = JSON.readTree(optionsJson);
      return options.isObject()
          ? Optional.empty()
          : Optional.of("is no JSON object: write it in braces, such as " + EXAMPLE);
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      return Optional.of(
          "is no JSON: line %d, column %d does not fit; write an object such as %s"
              .formatted(place.getLineNr(), place.getColumnNr(), EXAMPLE));
    }
  }

  /** Without credentials, and without options, which may hold some. */
  @Override
  public String toString() {
    return "CcxtOptions[" + id + " as " + exchange + (sandbox ? ", sandbox" : "") + "]";
  }
}
