package io.cryptofeed.connect.ccxt;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The credentials, which are masked in the log and the errors of a script. Immutable. */
final class Secrets {

  private static final String MASK = "***";

  /** Shorter credentials would mask parts of every text, and are not secret. */
  private static final int SHORTEST = 4;

  private final List<String> forms = new ArrayList<>();

  /**
   * @param secrets null for those that are not configured
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

  /** Masks every secret in a text: verbatim, URL-encoded, and as a JSON string. */
  String hideIn(String text) {
    String hidden = text;
    for (String form : forms) {
      hidden = hidden.replace(form, MASK);
    }
    return hidden;
  }
}
