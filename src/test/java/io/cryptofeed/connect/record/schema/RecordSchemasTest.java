package io.cryptofeed.connect.record.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.record.AvroForm;
import io.cryptofeed.connect.record.SchemaCompatibility;
import io.cryptofeed.connect.record.SchemaJson;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.apache.avro.AvroTypeException;
import org.apache.avro.SchemaValidatorBuilder;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.util.RandomData;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class RecordSchemasTest {

  private static final Path GOLDEN = Path.of("src/test/resources/schemas/current");
  private static final Path RELEASED = Path.of("src/test/resources/schemas/released");

  static Stream<String> names() {
    return schemas().keySet().stream();
  }

  @ParameterizedTest
  @MethodSource("names")
  void equals_its_golden_file(String name) throws IOException {
    Path golden = GOLDEN.resolve(name + ".json");
    String current = SchemaJson.write(schema(name));
    if (Boolean.getBoolean("schemas.write")) {
      Files.createDirectories(GOLDEN);
      Files.writeString(golden, current);
    }
    assertThat(current)
        .as("rewrite with: mvn test -Dtest=RecordSchemasTest -Dschemas.write=true")
        .isEqualTo(Files.readString(golden));
  }

  @ParameterizedTest
  @MethodSource("names")
  void breaks_no_reader_of_the_last_release(String name) throws IOException {
    Path release = RELEASED.resolve(name + ".json");
    if (Files.notExists(release)) {
      assertThat(schema(name).version()).as("a new schema begins with version 1").isEqualTo(1);
      return;
    }
    Schema released = SchemaJson.read(Files.readString(release));
    assertThat(SchemaCompatibility.breaks(released, schema(name))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("names")
  void records_of_the_last_release_and_of_this_one_are_read_with_either_schema(String name)
      throws Exception {
    Path release = RELEASED.resolve(name + ".json");
    Path recorded = Files.exists(release) ? release : GOLDEN.resolve(name + ".json");
    var released = AvroForm.of(SchemaJson.read(Files.readString(recorded)));
    var present = AvroForm.of(schema(name));

    new SchemaValidatorBuilder()
        .mutualReadStrategy()
        .validateAll()
        .validate(present, List.of(released));
    assertReads(released, present);
    assertReads(present, released);
  }

  @Test
  void a_required_field_that_a_release_does_not_have_is_not_read_by_avro() {
    var released = AvroForm.of(struct(1, "a"));
    var present = AvroForm.of(struct(2, "a", "b"));
    assertThatThrownBy(() -> assertReads(released, present))
        .isInstanceOf(AvroTypeException.class)
        .hasMessageContaining("missing required field b");
  }

  /** Reads records of one schema with another: what both have is the same, the rest is null. */
  private static void assertReads(org.apache.avro.Schema writer, org.apache.avro.Schema reader)
      throws IOException {
    for (Object datum : new RandomData(writer, 50, 7)) {
      ByteArrayOutputStream bytes = new ByteArrayOutputStream();
      BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(bytes, null);
      new GenericDatumWriter<>(writer).write(datum, encoder);
      encoder.flush();
      GenericRecord written = decode(new GenericDatumReader<>(writer, writer), bytes.toByteArray());
      GenericRecord read = decode(new GenericDatumReader<>(writer, reader), bytes.toByteArray());
      for (org.apache.avro.Schema.Field field : reader.getFields()) {
        Object expected = written.hasField(field.name()) ? written.get(field.name()) : null;
        assertThat(read.get(field.name())).as(field.name()).isEqualTo(expected);
      }
    }
  }

  private static GenericRecord decode(GenericDatumReader<GenericRecord> reader, byte[] bytes)
      throws IOException {
    return reader.read(null, DecoderFactory.get().binaryDecoder(bytes, null));
  }

  @ParameterizedTest
  @EnumSource(DecimalMode.class)
  void is_one_constant_for_each_mode(DecimalMode mode) {
    RecordSchemas schemas = RecordSchemas.of(mode);
    assertThat(RecordSchemas.of(mode).trade()).isSameAs(schemas.trade());
    assertThat(RecordSchemas.of(mode).book()).isSameAs(schemas.book());
    assertThat(RecordSchemas.of(mode).feedStatus()).isSameAs(schemas.feedStatus());
    assertThat(RecordSchemas.of(mode).observationSchema(Quotes.LAYOUT))
        .isSameAs(schemas.observationSchema(Quotes.LAYOUT));
  }

  @ParameterizedTest
  @EnumSource(DecimalMode.class)
  void bids_and_asks_share_one_level(DecimalMode mode) {
    Schema book = RecordSchemas.of(mode).book();
    assertThat(book.field("bids").schema().valueSchema())
        .isSameAs(book.field("asks").schema().valueSchema());
  }

  @ParameterizedTest
  @MethodSource("names")
  void documents_itself_and_every_field_where_the_avro_converter_looks(String name) {
    Schema schema = schema(name);
    assertThat(schema.parameters().get("io.confluent.connect.avro.record.doc")).isNotBlank();
    for (Field field : schema.fields()) {
      assertThat(schema.parameters().get("io.confluent.connect.avro.field.doc." + field.name()))
          .as(field.name())
          .isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("names")
  void can_be_read_back_from_its_golden_file(String name) {
    Schema schema = schema(name);
    assertThat(SchemaJson.read(SchemaJson.write(schema))).isEqualTo(schema);
  }

  @Test
  void a_removed_field_is_a_break() {
    assertThat(SchemaCompatibility.breaks(struct(1, "a", "b"), struct(2, "a")))
        .containsExactly("io.cryptofeed.X.b was removed");
  }

  @Test
  void an_added_required_field_is_a_break() {
    assertThat(SchemaCompatibility.breaks(struct(1, "a"), struct(2, "a", "b")))
        .containsExactly("io.cryptofeed.X.b was added, and is required without a default");
  }

  @Test
  void an_added_optional_field_is_not_a_break() {
    Schema changed = draft(2, "a").field("b", Schema.OPTIONAL_STRING_SCHEMA).build();
    assertThat(SchemaCompatibility.breaks(struct(1, "a"), changed)).isEmpty();
  }

  @Test
  void an_added_field_with_a_default_is_not_a_break() {
    Schema changed = draft(2, "a").field("b", SchemaBuilder.int64().defaultValue(0L)).build();
    assertThat(SchemaCompatibility.breaks(struct(1, "a"), changed)).isEmpty();
  }

  @Test
  void a_change_without_a_new_version_is_a_break() {
    Schema changed = draft(1, "a").field("b", Schema.OPTIONAL_STRING_SCHEMA).build();
    assertThat(SchemaCompatibility.breaks(struct(1, "a"), changed))
        .containsExactly("io.cryptofeed.X changed, and its version is still 1");
  }

  @Test
  void another_type_is_a_break() {
    Schema changed = draft(2).field("a", Schema.INT64_SCHEMA).build();
    assertThat(SchemaCompatibility.breaks(struct(1, "a"), changed))
        .containsExactly("io.cryptofeed.X.a was string and is int64");
  }

  @Test
  void an_optional_field_that_becomes_required_is_a_break() {
    Schema old = draft(1).field("a", Schema.OPTIONAL_STRING_SCHEMA).build();
    assertThat(SchemaCompatibility.breaks(old, struct(2, "a")))
        .containsExactly("io.cryptofeed.X.a was optional and is required");
  }

  @Test
  void another_scale_inside_an_array_is_a_break() {
    assertThat(SchemaCompatibility.breaks(levels(18), levels(9)))
        .containsExactly(
            "io.cryptofeed.X.bids[].price was bytes org.apache.kafka.connect.data.Decimal {scale=18}"
                + " and is bytes org.apache.kafka.connect.data.Decimal {scale=9}");
  }

  private static Schema levels(int scale) {
    Schema level =
        SchemaBuilder.struct()
            .name("io.cryptofeed.Level")
            .field("price", Decimal.schema(scale))
            .build();
    return draft(1).field("bids", SchemaBuilder.array(level).build()).build();
  }

  private static Schema struct(int version, String... fields) {
    return draft(version, fields).build();
  }

  private static SchemaBuilder draft(int version, String... fields) {
    SchemaBuilder builder = SchemaBuilder.struct().name("io.cryptofeed.X").version(version);
    for (String field : fields) {
      builder.field(field, Schema.STRING_SCHEMA);
    }
    return builder;
  }

  private static Schema schema(String name) {
    return Objects.requireNonNull(schemas().get(name));
  }

  private static Map<String, Schema> schemas() {
    Map<String, Schema> schemas = new LinkedHashMap<>();
    for (DecimalMode mode : DecimalMode.values()) {
      schemas.put("trade-" + mode.code(), RecordSchemas.of(mode).trade());
      schemas.put("book-" + mode.code(), RecordSchemas.of(mode).book());
      schemas.put(
          "quote-" + mode.code(), RecordSchemas.of(mode).observationSchema(Quotes.LAYOUT).schema());
    }
    schemas.put("feed-status", RecordSchemas.of(DecimalMode.PRECISE).feedStatus());
    return schemas;
  }
}
