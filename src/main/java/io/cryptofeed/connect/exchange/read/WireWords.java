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
    int begin = Scalars.begin(buffer, at);
    for (int number = 0; number < words.length; number++) {
      byte[] word = words[number];
      int i = 0;
      while (i < word.length && buffer[begin + i] == word[i]) {
        i++;
      }
      if (i == word.length && Scalars.ends(buffer, at, begin + i)) {
        return meanings.get(number);
      }
      if (buffer[begin + i] == '\\') {
        return findText(Scalars.text(buffer, at));
      }
    }
    return null;
  }

  private @Nullable T findText(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int number = 0; number < words.length; number++) {
      if (Arrays.equals(bytes, words[number])) {
        return meanings.get(number);
      }
    }
    return null;
  }
}
