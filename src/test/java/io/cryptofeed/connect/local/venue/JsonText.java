package io.cryptofeed.connect.local.venue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;

/** Parses the messages of clients and of recordings. */
public final class JsonText {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonText() {}

  /**
   * The JSON of a message.
   *
   * @throws IllegalArgumentException if the message is not JSON
   */
  public static JsonNode parse(String message) {
    try {
      return JSON.readTree(message);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException("not JSON: '" + message + "'", e);
    }
  }
}
