package io.cryptofeed.connect.text;

import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What somebody probably meant who wrote a name that does not exist: {@code BTC-USTD} is near
 * {@code BTC-USDT}. Case does not matter.
 */
public final class Nearest {

  /** No name is as long; a longer text is not one that was misspelt. */
  private static final int LONGEST = 200;

  private Nearest() {}

  /** The known name that is nearest; empty when none is near enough to be what was meant. */
  public static Optional<String> to(String wrong, Collection<String> known) {
    return to(wrong, known, 1).stream().findFirst();
  }

  /**
   * The known names that are near, nearest first, equally near ones in alphabetical order.
   *
   * @param most how many at most; at least 1
   */
  public static List<String> to(String wrong, Collection<String> known, int most) {
    if (wrong.length() > LONGEST) {
      return List.of();
    }
    String lowerCase = wrong.toLowerCase(Locale.ROOT);
    int limit = 1 + wrong.length() / 4;
    return known.stream()
        .map(name -> new Candidate(name, slips(lowerCase, name.toLowerCase(Locale.ROOT))))
        .filter(candidate -> candidate.slips <= limit)
        .sorted(Comparator.comparingInt(Candidate::slips).thenComparing(Candidate::name))
        .limit(most)
        .map(Candidate::name)
        .toList();
  }

  private record Candidate(String name, int slips) {}

  /**
   * How many slips of the keyboard lie between two words: a letter too many, a letter missing, a
   * wrong letter, or two neighbours swapped.
   */
  private static int slips(String a, String b) {
    int[] beforeLast = new int[b.length() + 1];
    int[] last = new int[b.length() + 1];
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      last[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int wrongLetter = last[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        row[j] = Math.min(wrongLetter, Math.min(last[j], row[j - 1]) + 1);
        if (i > 1
            && j > 1
            && a.charAt(i - 1) == b.charAt(j - 2)
            && a.charAt(i - 2) == b.charAt(j - 1)) {
          row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
        }
      }
      int[] free = beforeLast;
      beforeLast = last;
      last = row;
      row = free;
    }
    return last[b.length()];
  }
}
