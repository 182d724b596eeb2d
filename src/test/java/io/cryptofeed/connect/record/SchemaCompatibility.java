package io.cryptofeed.connect.record;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * Finds changes of a schema that break consumers: a consumer with the new schema must be able to
 * read old records, and a query that names a field must still find the field. Documentation may
 * change.
 */
public final class SchemaCompatibility {

  private final List<String> breaks = new ArrayList<>();

  private SchemaCompatibility() {}

  /** A sentence for each breaking change; empty if there is none. */
  public static List<String> breaks(Schema old, Schema changed) {
    SchemaCompatibility check = new SchemaCompatibility();
    check.compare(Objects.requireNonNullElse(old.name(), "value"), old, changed);
    if (check.breaks.isEmpty()
        && !shape(old).equals(shape(changed))
        && changed.version() <= old.version()) {
      check.breaks.add(old.name() + " changed, and its version is still " + changed.version());
    }
    return check.breaks;
  }

  private void compare(String path, Schema old, Schema changed) {
    if (old.type() != changed.type()
        || !Objects.equals(old.name(), changed.name())
        || !typeParameters(old).equals(typeParameters(changed))) {
      breaks.add("%s was %s and is %s".formatted(path, describe(old), describe(changed)));
      return;
    }
    if (old.isOptional() && !changed.isOptional()) {
      breaks.add(path + " was optional and is required");
    }
    if (old.type() == Schema.Type.ARRAY) {
      compare(path + "[]", old.valueSchema(), changed.valueSchema());
    } else if (old.type() == Schema.Type.STRUCT) {
      compareFields(path, old, changed);
    }
  }

  private void compareFields(String path, Schema old, Schema changed) {
    for (Field field : old.fields()) {
      Field kept = changed.field(field.name());
      if (kept == null) {
        breaks.add(path + "." + field.name() + " was removed");
      } else {
        compare(path + "." + field.name(), field.schema(), kept.schema());
      }
    }
    for (Field field : changed.fields()) {
      boolean added = old.field(field.name()) == null;
      if (added && !field.schema().isOptional() && field.schema().defaultValue() == null) {
        breaks.add(path + "." + field.name() + " was added, and is required without a default");
      }
    }
  }

  private static String describe(Schema schema) {
    return schema.type().getName()
        + (schema.name() == null ? "" : " " + schema.name())
        + (typeParameters(schema).isEmpty() ? "" : " " + typeParameters(schema));
  }

  /** The parameters that belong to the type, such as the scale of a decimal. */
  private static Map<String, String> typeParameters(Schema schema) {
    Map<String, String> parameters = new TreeMap<>();
    if (schema.type() != Schema.Type.STRUCT && schema.parameters() != null) {
      parameters.putAll(schema.parameters());
    }
    return parameters;
  }

  /** Everything but documentation and version, as text. */
  private static String shape(Schema schema) {
    StringBuilder shape =
        new StringBuilder(describe(schema)).append(schema.isOptional() ? "?" : "");
    if (schema.type() == Schema.Type.ARRAY) {
      shape.append('[').append(shape(schema.valueSchema())).append(']');
    } else if (schema.type() == Schema.Type.STRUCT) {
      for (Field field : schema.fields()) {
        shape
            .append('{')
            .append(field.name())
            .append(':')
            .append(shape(field.schema()))
            .append('}');
      }
    }
    return shape.toString();
  }
}
