package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;

/**
 * A few words of a venue, by number. A word may be a string, a boolean, a number or null in the
 * message. Immutable.
 */
public final class WireWords {

  /** What {@link #find} returns for a scalar that is none of the words. */
  public static final int UNKNOWN = -1;

  private final byte[][] words;

  /**
   * @throws IllegalArgumentException when a word has a character that ends a word in a message
   */
  public WireWords(Collection<String> words) {
    for (String word : words) {
      if (word.isEmpty() || word.chars().anyMatch(c -> c < ' ' || "\"\\]}".indexOf(c) >= 0)) {
        throw new IllegalArgumentException("'" + word + "' cannot be a word of a message");
      }
    }
    this.words =
        words.stream().map(word -> word.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
  }

  /** The number of the word that the scalar is, or {@link #UNKNOWN}. */
  public int find(byte[] buffer, int at) throws MalformedMessageException {
    int begin = Scalars.begin(buffer, at);
    for (int number = 0; number < words.length; number++) {
      byte[] word = words[number];
      int i = 0;
      while (i < word.length && buffer[begin + i] == word[i]) {
        i++;
      }
      if (i == word.length && Scalars.ends(buffer, at, begin + i)) {
        return number;
      }
      if (buffer[begin + i] == '\\') {
        return findText(Scalars.text(buffer, at));
      }
    }
    return UNKNOWN;
  }

  private int findText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int number = 0; number < words.length; number++) {
      if (Arrays.equals(bytes, words[number])) {
        return number;
      }
    }
    return UNKNOWN;
  }
}
