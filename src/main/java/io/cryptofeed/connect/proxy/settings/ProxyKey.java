package io.cryptofeed.connect.proxy.settings;

import org.jspecify.annotations.Nullable;

/**
 * A configuration key of the proxy layer.
 *
 * @param name the whole key, for example {@code proxy.default.rest.url}
 * @param type the kind of value
 * @param defaultValue as text, null when there is none
 * @param displayName a few words for a user interface
 * @param documentation one or two sentences
 */
public record ProxyKey(
    String name,
    Type type,
    @Nullable String defaultValue,
    String displayName,
    String documentation) {

  /** The kind of value of a key. */
  public enum Type {
    BOOLEAN(false),
    /** May carry credentials, so it is a secret. */
    URL(true),
    USERNAME(false),
    PASSWORD(true),
    MILLIS(false);

    private final boolean secret;

    Type(boolean secret) {
      this.secret = secret;
    }

    /** Whether a value must never be shown. */
    public boolean isSecret() {
      return secret;
    }
  }
}
