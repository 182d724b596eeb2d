package io.cryptofeed.connect.config;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The properties of a connector that are short enough to be examined. What examines them finds
 * misspelt names and many other mistakes, which takes time that grows with their length.
 */
final class BoundedProperties {

  /** The symbols of all markets of an exchange have less. */
  private static final int LONGEST_VALUE = 1 << 18;

  private static final int LONGEST_KEY = 500;

  private static final int MAX_QUOTED = 60;

  private final Map<String, String> readable = new LinkedHashMap<>();
  private final Map<String, String> faults = new LinkedHashMap<>();

  BoundedProperties(Map<String, String> given) {
    given.forEach(
        (key, value) -> {
          if (key.length() > LONGEST_KEY) {
            faults.put(
                key.substring(0, MAX_QUOTED) + "…",
                "a key of "
                    + key.length()
                    + " characters; keys have at most "
                    + LONGEST_KEY
                    + ": remove it");
          } else if (value != null && value.length() > LONGEST_VALUE) {
            faults.put(
                key,
                "has "
                    + value.length()
                    + " characters; at most "
                    + LONGEST_VALUE
                    + " are read: shorten it");
          } else {
            readable.put(key, value);
          }
        });
  }

  /** Those that can be examined. */
  Map<String, String> readable() {
    return readable;
  }

  /** What is wrong with the others, by key. */
  Map<String, String> faults() {
    return faults;
  }
}
