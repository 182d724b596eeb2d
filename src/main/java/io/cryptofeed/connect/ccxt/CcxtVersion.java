package io.cryptofeed.connect.ccxt;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A version of CCXT, for example {@code 4.5.83}. */
record CcxtVersion(int major, int minor, int patch) implements Comparable<CcxtVersion> {

  /**
   * The first version with the behaviour that the driver relies on: a {@code Future} settles at
   * once for its subscribers, limits do not exceed a book, and connecting backs off. The version
   * that is tested is pinned in {@code src/ccxt/package.json}.
   */
  static final CcxtVersion OLDEST = new CcxtVersion(4, 5, 80);

  private static final Pattern FORM = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\.(\\d{1,4})");
  private static final Pattern DECLARED =
      Pattern.compile("\"ccxtVersion\",\"(\\d{1,4}\\.\\d{1,4}\\.\\d{1,4})\"");

  private static final Comparator<CcxtVersion> ORDER =
      Comparator.comparingInt(CcxtVersion::major)
          .thenComparingInt(CcxtVersion::minor)
          .thenComparingInt(CcxtVersion::patch);

  /** Parses a version; empty if the text is not a version. */
  static Optional<CcxtVersion> parse(String text) {
    Matcher form = FORM.matcher(text);
    return form.matches()
        ? Optional.of(
            new CcxtVersion(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3))))
        : Optional.empty();
  }

  /** The version that a bundle's code declares, found without running it. */
  static Optional<CcxtVersion> declaredIn(String code) {
    Matcher declared = DECLARED.matcher(code);
    return declared.find() ? parse(declared.group(1)) : Optional.empty();
  }

  boolean isTooOld() {
    return compareTo(OLDEST) < 0;
  }

  @Override
  public int compareTo(CcxtVersion other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor + "." + patch;
  }
}
