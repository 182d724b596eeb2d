package io.cryptofeed.connect.exchange;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the few words of a venue mean. A word may be a string, a boolean or a number. Immutable.
 *
 * @param <T> the meaning
 */
final class WordMap<T> {

  private final byte[][] words;
  private final List<T> meanings;

  WordMap(Map<String, T> meaningOfWord) {
    words = new byte[meaningOfWord.size()][];
    meanings = new ArrayList<>();
    meaningOfWord.forEach(
        (word, meaning) -> {
          words[meanings.size()] = word.getBytes(StandardCharsets.UTF_8);
          meanings.add(meaning);
        });
  }

  /** What the scalar means, or null when its word is not known. */
  @Nullable T find(byte[] buffer, int at) throws MalformedMessageException {
    for (int i = 0; i < words.length; i++) {
      if (Scalars.equal(buffer, at, words[i])) {
        return meanings.get(i);
      }
    }
    return null;
  }
}
