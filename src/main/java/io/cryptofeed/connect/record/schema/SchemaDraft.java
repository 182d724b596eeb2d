package io.cryptofeed.connect.record.schema;

import java.util.Objects;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;

/**
 * Builds the schema of a record so that its words reach the schema registry: the Avro converter
 * takes the documentation of a record and of its fields from parameters of the struct, and from
 * nowhere else.
 */
public final class SchemaDraft {

  private static final String RECORD_DOC = "io.confluent.connect.avro.record.doc";
  private static final String FIELD_DOC = "io.confluent.connect.avro.field.doc.";

  private final SchemaBuilder builder;

  SchemaDraft(String name, int version, String documentation) {
    builder =
        SchemaBuilder.struct().name(name).version(version).parameter(RECORD_DOC, documentation);
  }

  SchemaDraft field(String name, Schema schema, String documentation) {
    builder.field(name, schema).parameter(FIELD_DOC + name, documentation);
    return this;
  }

  Schema build() {
    return builder.build();
  }

  /** What {@link #SchemaDraft} was told about the record. */
  public static String documentation(Schema struct) {
    return Objects.requireNonNull(struct.parameters().get(RECORD_DOC));
  }

  /** What {@link #field} was told about a field. */
  public static String documentation(Schema struct, String field) {
    return Objects.requireNonNull(struct.parameters().get(FIELD_DOC + field));
  }
}
