package io.cryptofeed.connect.market;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A symbol of the configuration that may stand for many: {@code *-USDT}, {@code BTC-*}, {@code *}.
 * A star stands for any text. Case does not matter. A pattern may be shared out among tasks, each
 * of which takes the symbols whose hash falls to it: {@code *-USDT:0:3} is the first of three
 * shares.
 *
 * @param text the pattern, without its share
 * @param share the number of the share, from 0
 * @param shares how many shares there are, at least 1
 */
public record SymbolPattern(String text, int share, int shares) {

  private static final Pattern SHARED = Pattern.compile("(.+):([0-9]{1,6}):([0-9]{1,6})");

  /** Whether a symbol is a pattern. */
  public static boolean isPattern(String symbol) {
    return symbol.indexOf('*') >= 0;
  }

  /** Reads a pattern, with or without a share. */
  public static SymbolPattern parse(String symbol) {
    Matcher shared = SHARED.matcher(symbol);
    return shared.matches()
        ? new SymbolPattern(
            shared.group(1), Integer.parseInt(shared.group(2)), Integer.parseInt(shared.group(3)))
        : new SymbolPattern(symbol, 0, 1);
  }

  /** One of several shares. */
  public SymbolPattern shared(int number, int of) {
    return new SymbolPattern(text, number, of);
  }

  /** Whether it stands for a symbol, whoever has its share. */
  public boolean matches(String symbol) {
    String name = symbol.toUpperCase(Locale.ROOT);
    String[] parts = text.toUpperCase(Locale.ROOT).split("\\*", -1);
    String last = parts[parts.length - 1];
    if (parts.length == 1) {
      return name.equals(last);
    }
    if (!name.startsWith(parts[0])) {
      return false;
    }
    // The first place of each part leaves the most room for the parts after it.
    int at = parts[0].length();
    for (int i = 1; i < parts.length - 1; i++) {
      at = name.indexOf(parts[i], at);
      if (at < 0) {
        return false;
      }
      at += parts[i].length();
    }
    return name.length() - last.length() >= at && name.endsWith(last);
  }

  /** Whether it stands for a symbol of its share. */
  public boolean takes(String symbol) {
    return matches(symbol) && Math.floorMod(symbol.hashCode(), shares) == share;
  }

  @Override
  public String toString() {
    return shares == 1 ? text : text + ':' + share + ':' + shares;
  }
}
