package io.cryptofeed.connect.ccxt;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What must never be shown, whatever a script writes into its log or its errors. Immutable. */
final class Secrets {

  private static final String MASK = "***";

  /** Shorter ones would mask half of every text, and are no secrets. */
  private static final int SHORTEST = 4;

  private final List<String> forms = new ArrayList<>();

  /**
   * @param secrets null where there is none
   */
  Secrets(List<@Nullable String> secrets) {
    for (String secret : secrets) {
      if (secret != null && secret.length() >= SHORTEST) {
        forms.add(secret);
        forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
        forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
      }
    }
    forms.sort(Comparator.comparingInt(String::length).reversed());
  }

  /** The text with every secret masked, as it is, in a URL, or in JSON. */
  String hideIn(String text) {
    String hidden = text;
    for (String form : forms) {
      hidden = hidden.replace(form, MASK);
    }
    return hidden;
  }
}
