package io.cryptofeed.connect.record.schema;

import java.util.Objects;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Builds the schema of a record so that its documentation reaches the schema registry: the Avro
 * converter takes the documentation of a record and of its fields from parameters of the struct,
 * and from nowhere else.
 */
public final class SchemaDraft {

  private static final String RECORD_DOC = "io.confluent.connect.avro.record.doc";
  private static final String FIELD_DOC = "io.confluent.connect.avro.field.doc.";

  private final SchemaBuilder builder;

  SchemaDraft(String name, int version, String documentation) {
    builder =
        SchemaBuilder.struct().name(name).version(version).parameter(RECORD_DOC, documentation);
  }

  /** Adds a field, and returns it: it is the field of the schema that {@link #build} returns. */
  Field field(String name, Schema schema, String documentation) {
    builder.field(name, schema).parameter(FIELD_DOC + name, documentation);
    return builder.field(name);
  }

  Schema build() {
    return builder.build();
  }

  /** The documentation of a record. */
  public static String documentation(Schema struct) {
    return Objects.requireNonNull(struct.parameters().get(RECORD_DOC));
  }

  /** The documentation of a field. */
  public static String documentation(Schema struct, String field) {
    return Objects.requireNonNull(struct.parameters().get(FIELD_DOC + field));
  }
}
