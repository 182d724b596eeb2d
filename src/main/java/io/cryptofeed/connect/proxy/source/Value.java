package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.Source;

/**
 * A value, the key that it is for, and where it was given.
 *
 * @param written how the key was written there
 */
record Value(String key, String text, Place place, String written) {

  /** The kinds of places, from the weakest to the strongest. */
  enum Place {
    STANDARD_ENVIRONMENT,
    PROPERTY,
    YAML,
    PLAIN_ENVIRONMENT,
    ENVIRONMENT
  }

  Source source() {
    return new Source(key, where());
  }

  /** In words. */
  String where() {
    return switch (place) {
      case PROPERTY -> "connector property";
      case YAML -> "YAML " + written;
      case STANDARD_ENVIRONMENT, PLAIN_ENVIRONMENT, ENVIRONMENT -> "env " + written;
    };
  }

  /** The place for a message, nothing when it is the property that the key names. */
  String suffix() {
    return place == Place.PROPERTY && written.equals(key) ? "" : " (from " + where() + ")";
  }

  /** Without the value, which may be a secret. */
  @Override
  public String toString() {
    return key + " from " + where();
  }
}
