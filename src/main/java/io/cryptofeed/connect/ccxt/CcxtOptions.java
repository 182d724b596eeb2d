package io.cryptofeed.connect.ccxt;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.text.KnownSecrets;
import java.io.IOException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which exchange CCXT runs, and how.
 *
 * @param id CCXT's id, for example {@code bitrue}
 * @param exchange the id of the exchange in the connector, which selects its routes
 * @param apiKey null for none; never logged, like the other credentials
 * @param secret null for none
 * @param password a passphrase, which some exchanges require; null for none
 * @param sandbox whether the test host of the exchange is used
 * @param optionsJson CCXT's {@code options}, a JSON object; null for CCXT's defaults
 * @param hosts beginnings of URLs and their replacements, for example {@code
 *     wss://ws.backpack.exchange} and {@code ws://127.0.0.1:9000}; applied in the order of
 *     iteration
 * @param bookFields where a book message has its sequence numbers
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
    BookFields bookFields) {

  /**
   * The fields of book messages with sequence numbers that CCXT does not keep. They are looked up
   * in the message itself, and in its {@code data} and {@code result}.
   *
   * @param first the field of the first number that an update covers, null if there is none
   * @param previous the field of the last number of the update before, null if there is none
   */
  public record BookFields(@Nullable String first, @Nullable String previous) {

    /** No such fields. */
    public static final BookFields NONE = new BookFields(null, null);
  }

  /** A text of the options that is as long as a key or a token may be one. */
  private static final int SHORTEST_TOKEN = 16;

  private static final String EXAMPLE = "{\"defaultType\":\"swap\"}";

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  public CcxtOptions {
    Stream.of(apiKey, secret, password).filter(Objects::nonNull).forEach(KnownSecrets::add);
    if (optionsJson != null) {
      hideTokens(optionsJson);
    }
  }

  private static void hideTokens(String optionsJson) {
    try (JsonParser parser = JSON.createParser(optionsJson)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken() == JsonToken.VALUE_STRING
            && parser.getTextLength() >= SHORTEST_TOKEN) {
          KnownSecrets.add(parser.getText());
        }
      }
    } catch (IOException e) {
      // Validation reports it.
    }
  }

  /** An exchange whose book messages have no sequence numbers except CCXT's nonce. */
  public CcxtOptions(
      String id,
      String exchange,
      @Nullable String apiKey,
      @Nullable String secret,
      @Nullable String password,
      boolean sandbox,
      @Nullable String optionsJson,
      Map<String, String> hosts) {
    this(id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts, BookFields.NONE);
  }

  /**
   * The same exchange with other options and book fields.
   *
   * @param optionsJson null for CCXT's defaults
   */
  public CcxtOptions with(@Nullable String optionsJson, BookFields bookFields) {
    return new CcxtOptions(
        id, exchange, apiKey, secret, password, sandbox, optionsJson, hosts, bookFields);
  }

  /**
   * Validates configured options. The message does not quote them, because they may hold a secret.
   *
   * @param optionsJson should be a JSON object
   * @return what is wrong, or empty if they are a JSON object
   */
  public static Optional<String> fault(String optionsJson) {
    try {
      JsonNode options = JSON.readTree(optionsJson);
      return options.isObject()
          ? Optional.empty()
          : Optional.of("is not a JSON object: write it in braces, such as " + EXAMPLE);
    } catch (StreamConstraintsException e) {
      return Optional.of("is nested too deep, or has a name or a number that is too long");
    } catch (JsonProcessingException e) {
      JsonLocation place = e.getLocation();
      return Optional.of(
          "is not valid JSON at line %d, column %d; write an object such as %s"
              .formatted(place.getLineNr(), place.getColumnNr(), EXAMPLE));
    }
  }

  /** Without credentials, and without options, which may hold some. */
  @Override
  public String toString() {
    return "CcxtOptions[" + id + " as " + exchange + (sandbox ? ", sandbox" : "") + "]";
  }
}
