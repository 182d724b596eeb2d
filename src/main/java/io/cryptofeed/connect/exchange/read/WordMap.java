package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the few words of a venue mean. Immutable.
 *
 * @param <T> the meaning
 */
final class WordMap<T> {

  private final WireWords words;
  private final List<T> meanings;

  WordMap(Map<String, T> meaningOfWord) {
    words = new WireWords(meaningOfWord.keySet());
    meanings = List.copyOf(meaningOfWord.values());
  }

  /** What the scalar means, or null when its word is not known. */
  @Nullable T find(byte[] buffer, int at) throws MalformedMessageException {
    int word = words.find(buffer, at);
    return word == WireWords.UNKNOWN ? null : meanings.get(word);
  }
}
