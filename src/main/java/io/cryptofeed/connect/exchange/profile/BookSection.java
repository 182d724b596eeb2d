package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a book is synchronised. Immutable.
 *
 * @param mode the mode of the book's stream, null for all
 * @param rules the rules of synchronisation, without the depth
 * @param depths the depths that can be subscribed, smallest first; empty if there is no choice
 * @param depth the depth that is subscribed by default, in levels per side; 0 if there is no choice
 * @param trims whether the venue does not keep levels beyond the depth up to date
 * @param snapshot the request for a snapshot over REST, null if there is none
 * @param request the request for a snapshot on the connection, null if there is none
 */
public record BookSection(
    @Nullable String mode,
    BookRules rules,
    List<Integer> depths,
    int depth,
    boolean trims,
    @Nullable SnapshotRules snapshot,
    @Nullable FrameTemplate request) {

  public BookSection {
    depths = List.copyOf(depths);
  }

  /**
   * The depth to subscribe: the smallest one that has the wanted levels, or else the largest.
   *
   * @param wanted levels per side, 0 for the default
   * @return levels per side, 0 if there is no choice
   */
  public int depthFor(int wanted) {
    if (wanted == 0 || depths.isEmpty()) {
      return depth;
    }
    for (int each : depths) {
      if (each >= wanted) {
        return each;
      }
    }
    return depths.get(depths.size() - 1);
  }

  /**
   * The request for a snapshot over REST, and the layout of its response.
   *
   * @param path the path with a placeholder for the symbol
   * @param limit the most levels per side of the response; 0 if it has every level of the stream
   * @param rows the list whose first element is the book, null if the response is the book
   */
  public record SnapshotRules(
      String path,
      int weight,
      int maxResponseBytes,
      int limit,
      @Nullable Pointer rows,
      BookLayout layout) {}
}
