package io.cryptofeed.connect.record;

import java.util.ArrayList;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;

/**
 * The Avro schema that a converter makes of a schema of Kafka Connect: an optional field is a union
 * with null, and null is its default.
 */
public final class AvroForm {

  /** Digits of a decimal, of which Kafka Connect knows only the scale. */
  private static final int PRECISION = 64;

  private AvroForm() {}

  /** The Avro schema of a record. */
  public static Schema of(org.apache.kafka.connect.data.Schema schema) {
    return switch (schema.type()) {
      case STRUCT -> struct(schema);
      case ARRAY -> Schema.createArray(of(schema.valueSchema()));
      case STRING -> Schema.create(Schema.Type.STRING);
      case BOOLEAN -> Schema.create(Schema.Type.BOOLEAN);
      case INT32 -> Schema.create(Schema.Type.INT);
      case INT64 -> Schema.create(Schema.Type.LONG);
      case FLOAT64 -> Schema.create(Schema.Type.DOUBLE);
      case BYTES -> bytes(schema);
      default -> throw new IllegalArgumentException(schema.type() + " is not a type of records");
    };
  }

  private static Schema bytes(org.apache.kafka.connect.data.Schema schema) {
    Schema bytes = Schema.create(Schema.Type.BYTES);
    return Decimal.LOGICAL_NAME.equals(schema.name())
        ? LogicalTypes.decimal(
                PRECISION, Integer.parseInt(schema.parameters().get(Decimal.SCALE_FIELD)))
            .addToSchema(bytes)
        : bytes;
  }

  private static Schema struct(org.apache.kafka.connect.data.Schema schema) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Field field : schema.fields()) {
      Schema type = of(field.schema());
      fields.add(
          field.schema().isOptional()
              ? new Schema.Field(
                  field.name(),
                  Schema.createUnion(Schema.create(Schema.Type.NULL), type),
                  null,
                  Schema.Field.NULL_DEFAULT_VALUE)
              : new Schema.Field(field.name(), type, null, field.schema().defaultValue()));
    }
    return Schema.createRecord(schema.name(), null, null, false, fields);
  }
}
