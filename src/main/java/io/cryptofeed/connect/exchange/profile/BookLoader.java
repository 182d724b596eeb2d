package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.exchange.profile.BookSection.SnapshotRules;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Loads how the books of a venue are synchronised. */
final class BookLoader {

  private BookLoader() {}

  /** One section for every mode, or one for each mode of the stream. */
  static List<BookSection> books(ProfileNode node) {
    if (node.entries().containsKey("source")) {
      return List.of(book(null, node));
    }
    List<BookSection> books = new ArrayList<>();
    node.entries().forEach((mode, section) -> books.add(book(mode, section)));
    return books;
  }

  private static BookSection book(@Nullable String mode, ProfileNode node) {
    node.only(
        "source",
        "link",
        "depths",
        "depth",
        "trims",
        "restarts_at",
        "checksum",
        "snapshot",
        "request");
    List<Integer> depths = node.findAll("depths", ProfileNode::positive);
    if (!List.copyOf(new TreeSet<>(depths)).equals(depths)) {
      throw node.get("depths").invalid("'depths' must be in ascending order");
    }
    Integer depth = node.find("depth", ProfileNode::positive);
    if (!depths.isEmpty() && !depths.contains(depth)) {
      throw node.invalid("'depths' needs a 'depth' that is one of its values");
    }
    SnapshotRules snapshot = node.find("snapshot", BookLoader::snapshot);
    Integer restartsAt = node.find("restarts_at", ProfileNode::index);
    return new BookSection(
        mode,
        new BookRules(
            node.get("source").oneOf(BookRules.Source.class),
            node.get("link").oneOf(BookRules.Link.class),
            0,
            snapshot == null ? 0 : snapshot.limit(),
            restartsAt == null ? -1 : restartsAt,
            node.find("checksum", BookLoader::checksum)),
        depths,
        depth == null ? 0 : depth,
        Boolean.TRUE.equals(node.find("trims", ProfileNode::flag)),
        snapshot,
        node.find("request", FrameTemplate::new));
  }

  private static ChecksumRule checksum(ProfileNode node) {
    node.only("form", "levels", "absent");
    Integer absent = node.find("absent", ProfileNode::index);
    return new ChecksumRule(
        node.get("form").oneOf(ChecksumRule.Form.class),
        node.get("levels").positive(),
        absent == null ? null : Long.valueOf(absent));
  }

  private static SnapshotRules snapshot(ProfileNode node) {
    node.only(
        "path",
        "weight",
        "max_response",
        "limit",
        "rows",
        "first",
        "last",
        "time",
        "bids",
        "asks",
        "changes",
        "levels");
    Pointer rows = node.find("rows", ProfileNode::pointer);
    String path = ProfileLoader.symbolPath(node.get("path"));
    Integer limit = node.find("limit", ProfileNode::positive);
    if (limit != null && !path.matches(".*[=/]" + limit + "([&/].*)?")) {
      throw node.get("limit")
          .invalid("'limit' is " + limit + ", but the path does not request so many levels");
    }
    return new SnapshotRules(
        path,
        node.get("weight").positive(),
        node.get("max_response").bytes(),
        limit == null ? 0 : limit,
        rows,
        MessageLoader.layout(node, rows));
  }
}
