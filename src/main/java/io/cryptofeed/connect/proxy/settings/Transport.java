package io.cryptofeed.connect.proxy.settings;

import java.util.Locale;

/** What a connection is used for; each transport of an exchange can have its own proxy. */
public enum Transport {
  REST,
  WEBSOCKET;

  private final String code = name().toLowerCase(Locale.ROOT);

  /** The lower-case name used in configuration keys. */
  public String code() {
    return code;
  }
}
