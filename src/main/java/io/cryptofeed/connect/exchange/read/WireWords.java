package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A few words of a venue and their meanings. In a message, a word may be a string, a boolean, a
 * number or null. Immutable.
 *
 * @param <T> the meaning
 */
public final class WireWords<T> {

  /** What {@link #index} returns for a scalar that is not one of the words. */
  static final int UNKNOWN = -1;

  private final byte[][] words;
  private final List<T> meanings;

  /**
   * @throws IllegalArgumentException if a word has a character that ends a word in a message
   */
  public WireWords(Map<String, T> meaningOfWord) {
    for (String word : meaningOfWord.keySet()) {
      if (word.isEmpty() || word.chars().anyMatch(c -> c < ' ' || "\"\\]}".indexOf(c) >= 0)) {
        throw new IllegalArgumentException("'" + word + "' cannot be a word of a message");
      }
    }
    words =
        meaningOfWord.keySet().stream()
            .map(word -> word.getBytes(StandardCharsets.UTF_8))
            .toArray(byte[][]::new);
    meanings = List.copyOf(meaningOfWord.values());
  }

  /** The meaning of the scalar, or null if it is not one of the words. */
  @Nullable
  public T find(byte[] buffer, int at) throws MalformedMessageException {
    int word = index(buffer, at);
    return word == UNKNOWN ? null : meanings.get(word);
  }

  /** The index of the word that the scalar is, in the order of the map, or {@link #UNKNOWN}. */
  int index(byte[] buffer, int at) throws MalformedMessageException {
    int begin = Scalars.begin(buffer, at);
    for (int index = 0; index < words.length; index++) {
      byte[] word = words[index];
      int i = 0;
      while (i < word.length && buffer[begin + i] == word[i]) {
        i++;
      }
      if (i == word.length && Scalars.ends(buffer, at, begin + i)) {
        return index;
      }
      if (buffer[begin + i] == '\\') {
        return indexOfText(Scalars.text(buffer, at));
      }
    }
    return UNKNOWN;
  }

  private int indexOfText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int index = 0; index < words.length; index++) {
      if (Arrays.equals(bytes, words[index])) {
        return index;
      }
    }
    return UNKNOWN;
  }
}
