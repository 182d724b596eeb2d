package io.cryptofeed.connect.text;

import io.cryptofeed.connect.text.YamlNode.Entry;
import io.cryptofeed.connect.text.YamlNode.Mapping;
import io.cryptofeed.connect.text.YamlNode.Place;
import io.cryptofeed.connect.text.YamlNode.Scalar;
import io.cryptofeed.connect.text.YamlNode.Sequence;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.DocumentStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.Event.ID;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.reader.ReaderException;

/** Reads one document into nodes. For one document, by one thread. */
final class YamlParser {

  private static final int MOST_CHARACTERS = 1 << 20;
  private static final int DEEPEST = 20;
  private static final Set<String> NULLS = Set.of("", "~", "null", "Null", "NULL");

  private final String file;
  private final boolean aliases;
  private final Map<String, YamlNode> anchors = new HashMap<>();

  YamlParser(String file, boolean aliases) {
    this.file = file;
    this.aliases = aliases;
  }

  Optional<YamlNode> parse(String text) {
    if (text.length() > MOST_CHARACTERS) {
      throw new InvalidYamlException(new Place(file, 1, 1), "longer than 1 MiB");
    }
    try {
      return document(new Yaml().parse(new StringReader(text)).iterator());
    } catch (MarkedYAMLException e) {
      throw new InvalidYamlException(place(e.getProblemMark()), "not YAML: " + e.getProblem());
    } catch (ReaderException e) {
      int line = 1 + (int) text.codePoints().limit(e.getPosition()).filter(c -> c == '\n').count();
      throw new InvalidYamlException(
          new Place(file, line, 1), "not YAML: a control character, which text does not have");
    }
  }

  private Optional<YamlNode> document(Iterator<Event> events) {
    events.next();
    if (!(events.next() instanceof DocumentStartEvent)) {
      return Optional.empty();
    }
    YamlNode root = node(events.next(), events, 0);
    events.next();
    Event end = events.next();
    if (end instanceof DocumentStartEvent) {
      throw new InvalidYamlException(
          place(end.getStartMark()), "a second document; a file holds one");
    }
    return Optional.of(root);
  }

  private YamlNode node(Event event, Iterator<Event> events, int depth) {
    Place place = place(event.getStartMark());
    if (depth > DEEPEST) {
      throw new InvalidYamlException(place, "nested too deep: at most " + DEEPEST + " levels");
    }
    if (event instanceof AliasEvent alias) {
      return anchored(alias.getAnchor(), place);
    }
    if (event instanceof ScalarEvent scalar) {
      return named(scalar.getAnchor(), scalar(scalar, place));
    }
    CollectionStartEvent start = (CollectionStartEvent) event;
    return named(
        start.getAnchor(),
        start.is(ID.MappingStart)
            ? new Mapping(place, entries(events, depth + 1))
            : new Sequence(place, items(events, depth + 1)));
  }

  private YamlNode anchored(String anchor, Place place) {
    if (!aliases) {
      throw new InvalidYamlException(place, "aliases are not allowed; write the value out");
    }
    YamlNode node = anchors.get(anchor);
    if (node == null) {
      throw new InvalidYamlException(place, "an alias without an anchor before it");
    }
    return node;
  }

  private YamlNode named(@Nullable String anchor, YamlNode node) {
    if (anchor != null) {
      anchors.put(anchor, node);
    }
    return node;
  }

  private static Scalar scalar(ScalarEvent event, Place place) {
    boolean isNull =
        event.getTag() == null
            && event.getScalarStyle() == ScalarStyle.PLAIN
            && NULLS.contains(event.getValue());
    return new Scalar(place, event.getValue(), isNull);
  }

  private List<Entry> entries(Iterator<Event> events, int depth) {
    List<Entry> entries = new ArrayList<>();
    for (Event key = events.next(); !key.is(ID.MappingEnd); key = events.next()) {
      YamlNode name = node(key, events, depth);
      entries.add(new Entry(name, node(events.next(), events, depth)));
    }
    return entries;
  }

  private List<YamlNode> items(Iterator<Event> events, int depth) {
    List<YamlNode> items = new ArrayList<>();
    for (Event item = events.next(); !item.is(ID.SequenceEnd); item = events.next()) {
      items.add(node(item, events, depth));
    }
    return items;
  }

  private Place place(@Nullable Mark mark) {
    return mark == null
        ? new Place(file, 1, 1)
        : new Place(file, mark.getLine() + 1, mark.getColumn() + 1);
  }
}
