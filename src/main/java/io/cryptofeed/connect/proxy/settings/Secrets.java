package io.cryptofeed.connect.proxy.settings;

import java.util.Optional;
import java.util.regex.Pattern;

/** Values that stand where a secret should be. */
public final class Secrets {

  /** What Kafka writes in the place of a PASSWORD. */
  private static final String MASK = "[hidden]";

  private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{[^{}]+:[^{}]*}");

  private Secrets() {}

  /** Why a value cannot be the secret itself. */
  public static Optional<String> fault(String value) {
    if (value.equals(MASK)) {
      return Optional.of("'[hidden]' is a masked value, not the secret");
    }
    return PLACEHOLDER.matcher(value).find()
        ? Optional.of("unresolved ${...} placeholder: no config provider replaced it")
        : Optional.empty();
  }
}
