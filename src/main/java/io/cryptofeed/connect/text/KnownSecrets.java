package io.cryptofeed.connect.text;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The secrets that this process has read: credentials of proxies and exchanges, tokens of URLs,
 * values of headers. {@link UntrustedText} masks them, because a proxy or an exchange may send back
 * what it was sent, in its error message for example.
 *
 * <p>One set for the process: a message does not know which connector's secret it may hold. Safe
 * for use by many threads.
 */
public final class KnownSecrets {

  /** What stands in the place of a secret. */
  public static final String MASK = "***";

  /** A shorter text stands in many words, and is not a secret. */
  private static final int SHORTEST = 4;

  /** A shorter secret is masked only where it is a word of its own. */
  private static final int SHORTEST_INSIDE_WORDS = 8;

  /** So many are kept; a manager of proxies may give new credentials every minute. */
  private static final int MOST = 10_000;

  /** The forms of each secret, the oldest first. */
  private static final Map<String, List<String>> FORMS = new LinkedHashMap<>();

  /** All forms, the longest first, because one may be part of another. */
  private static volatile List<String> longestFirst = List.of();

  private KnownSecrets() {}

  /** From now on, this text is masked in messages: verbatim and encoded. */
  public static void add(String secret) {
    if (secret.length() < SHORTEST) {
      return;
    }
    synchronized (FORMS) {
      if (FORMS.containsKey(secret)) {
        return;
      }
      if (FORMS.size() == MOST) {
        FORMS.remove(FORMS.keySet().iterator().next());
      }
      FORMS.put(secret, forms(secret));
      longestFirst =
          FORMS.values().stream()
              .flatMap(List::stream)
              .distinct()
              .sorted(Comparator.comparingInt(String::length).reversed())
              .toList();
    }
  }

  /** Adds a name and its password, which Basic authentication sends as one text. */
  public static void addLogin(String user, String password) {
    add(password);
    if (!password.isEmpty()) {
      add(user + ':' + password);
    }
  }

  /** Adds a text such as {@code Bearer abc}, and its last word, which is the credential itself. */
  public static void addCredential(String text) {
    add(text);
    add(text.substring(text.lastIndexOf(' ') + 1));
  }

  /** Adds the values of a URL's query, such as {@code token=…}, and the query as a whole. */
  public static void addQuery(String query) {
    add(query);
    for (String parameter : query.split("&", -1)) {
      add(parameter.substring(parameter.indexOf('=') + 1));
    }
  }

  /** The text with every known secret masked. */
  static String masked(String text) {
    String masked = text;
    for (String form : longestFirst) {
      for (int at = masked.indexOf(form); at >= 0; at = masked.indexOf(form, at)) {
        int end = at + form.length();
        if (form.length() >= SHORTEST_INSIDE_WORDS || isWord(masked, at, end)) {
          masked = masked.substring(0, at) + MASK + masked.substring(end);
          at += MASK.length();
        } else {
          at = end;
        }
      }
    }
    return masked;
  }

  private static boolean isWord(String text, int begin, int end) {
    return (begin == 0 || !Character.isLetterOrDigit(text.charAt(begin - 1)))
        && (end == text.length() || !Character.isLetterOrDigit(text.charAt(end)));
  }

  private static List<String> forms(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    String encoded = URLEncoder.encode(secret, StandardCharsets.UTF_8);
    List<String> forms = new ArrayList<>();
    forms.add(secret);
    forms.add(encoded);
    forms.add(encoded.replace("+", "%20"));
    forms.add(lowerCaseHex(encoded));
    forms.add(lowerCaseHex(encoded.replace("+", "%20")));
    forms.add(everyByteEncoded(bytes));
    // As a JSON string.
    forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"));
    forms.add(Base64.getEncoder().encodeToString(bytes));
    forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    return forms;
  }

  private static String lowerCaseHex(String encoded) {
    StringBuilder lower = new StringBuilder(encoded);
    for (int i = encoded.indexOf('%'); i >= 0; i = encoded.indexOf('%', i + 3)) {
      lower.replace(i, i + 3, encoded.substring(i, i + 3).toLowerCase(Locale.ROOT));
    }
    return lower.toString();
  }

  private static String everyByteEncoded(byte[] bytes) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : bytes) {
      encoded.append('%').append("%02X".formatted(each));
    }
    return encoded.toString();
  }
}
