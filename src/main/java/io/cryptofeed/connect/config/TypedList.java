package io.cryptofeed.connect.config;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A list of names as users type it, which may have the brackets of JSON, the quotes of YAML, or
 * characters that only look right.
 *
 * @param written the values between the commas
 */
record TypedList(List<String> written) {

  private static final Pattern BRACKETS = Pattern.compile("[\\[\\](){}<>]");
  private static final Pattern QUOTES =
      Pattern.compile("[\"'`\u2018\u2019\u201c\u201d\u00ab\u00bb]");
  private static final Pattern OTHER_COMMAS = Pattern.compile("[;|\u3001]");
  private static final Pattern SPACES = Pattern.compile("[\\s\\p{Z}]+");
  private static final Pattern INVISIBLE = Pattern.compile("[\\p{Cf}\\p{Cntrl}&&[^\\s]]");
  private static final Pattern DASHES = Pattern.compile("[\\p{Pd}\u2212]");

  TypedList {
    written = List.copyOf(written);
  }

  /** A list as it stands in the properties. */
  static TypedList parse(String text) {
    return new TypedList(List.of(text.trim().split("\\s*,\\s*", -1)));
  }

  /** What was probably meant: each name once, in the order in which they are written. */
  List<String> meant() {
    String text = Normalizer.normalize(String.join(",", written), Normalizer.Form.NFKC);
    text = INVISIBLE.matcher(text).replaceAll("");
    text = DASHES.matcher(text).replaceAll("-");
    text = QUOTES.matcher(BRACKETS.matcher(text).replaceAll("")).replaceAll("");
    text = OTHER_COMMAS.matcher(text).replaceAll(",").replaceAll(":\\s+", ":");
    text = SPACES.matcher(text).replaceAll(",");
    return Stream.of(text.split(",")).filter(name -> !name.isEmpty()).distinct().toList();
  }

  /**
   * What is wrong with the way in which the list is written, with the cure; empty if nothing is.
   */
  Optional<String> fault() {
    String text = String.join(",", written);
    List<String> faults = new ArrayList<>();
    if (BRACKETS.matcher(text).find()) {
      faults.add("brackets");
    }
    if (QUOTES.matcher(text).find()) {
      faults.add("quotes");
    }
    if (OTHER_COMMAS.matcher(text).find()) {
      faults.add("another sign in place of a comma");
    }
    if (written.stream().anyMatch(name -> SPACES.matcher(name.strip()).find())) {
      faults.add("a space in place of a comma");
    }
    faults.addAll(commas());
    faults.addAll(characters(text));
    String meant = String.join(",", meant());
    return faults.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "has "
                + String.join(" and ", faults)
                + (meant.isEmpty() ? ": remove it" : ": write " + meant));
  }

  private List<String> commas() {
    List<String> faults = new ArrayList<>();
    int last = written.size() - 1;
    if (last > 0 && written.subList(1, last).stream().anyMatch(String::isBlank)) {
      faults.add("an empty value between two commas");
    }
    if (last > 0 && written.get(0).isBlank()) {
      faults.add("a comma at its start");
    }
    if (last > 0 && written.get(last).isBlank()) {
      faults.add("a comma at its end");
    }
    return faults;
  }

  /** The characters that are not those that they look like, each once. */
  private static Set<String> characters(String text) {
    Set<String> characters = new LinkedHashSet<>();
    text.codePoints()
        .filter(TypedList::isDeceptive)
        .forEach(character -> characters.add(described(character)));
    return characters;
  }

  private static String described(int character) {
    String text = Character.toString(character);
    String code = String.format(Locale.ROOT, "U+%04X", character);
    return Character.isLetterOrDigit(character) || DASHES.matcher(text).matches()
        ? "the character '%s' (%s)".formatted(text, code)
        : "the invisible or unusual character " + code;
  }

  private static boolean isDeceptive(int character) {
    String text = Character.toString(character);
    return !OTHER_COMMAS.matcher(text).matches()
        && !QUOTES.matcher(text).matches()
        && character != '-'
        && (INVISIBLE.matcher(text).matches()
            || DASHES.matcher(text).matches()
            || (SPACES.matcher(text).matches() && character > 0x7f)
            || !Normalizer.isNormalized(text, Normalizer.Form.NFKC));
  }
}
