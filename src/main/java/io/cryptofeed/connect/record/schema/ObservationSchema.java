package io.cryptofeed.connect.record.schema;

import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Observation;
import java.util.List;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** The schema of the records of a plain channel, made from its layout. */
public final class ObservationSchema {

  private static final int HEAP_BYTES_OF_COMMON_FIELDS = 552;
  private static final int HEAP_BYTES_OF_NUMBER = 24;
  private static final int HEAP_BYTES_OF_TEXT = 80;

  private final Decimals decimals;
  private final Schema schema;
  private final CommonFields common;
  private final ChannelField.Kind[] kinds;

  /** One for each field of the layout, by its index. */
  private final Field[] fields;

  private final @Nullable Field sizeUnit;
  private final int heapBytes;

  ObservationSchema(ChannelLayout layout, Decimals decimals) {
    this.decimals = decimals;
    SchemaDraft draft =
        new SchemaDraft(layout.schemaName(), layout.schemaVersion(), layout.documentation());
    common = new CommonFields(draft);
    List<ChannelField> channelFields = layout.fields();
    kinds = channelFields.stream().map(ChannelField::kind).toArray(ChannelField.Kind[]::new);
    fields =
        channelFields.stream()
            .map(field -> draft.field(field.name(), type(field), field.documentation()))
            .toArray(Field[]::new);
    sizeUnit = layout.hasSizes() ? CommonFields.sizeUnit(draft) : null;
    schema = draft.build();
    heapBytes =
        HEAP_BYTES_OF_COMMON_FIELDS + channelFields.stream().mapToInt(this::heapBytes).sum();
  }

  private Schema type(ChannelField field) {
    boolean optional = field.optional();
    return switch (field.kind()) {
      case DECIMAL -> optional ? decimals.optionalSchema() : decimals.schema();
      case LONG, TIME -> optional ? Schema.OPTIONAL_INT64_SCHEMA : Schema.INT64_SCHEMA;
      case TEXT -> optional ? Schema.OPTIONAL_STRING_SCHEMA : Schema.STRING_SCHEMA;
      case BOOLEAN -> optional ? Schema.OPTIONAL_BOOLEAN_SCHEMA : Schema.BOOLEAN_SCHEMA;
    };
  }

  private int heapBytes(ChannelField field) {
    return switch (field.kind()) {
      case DECIMAL -> decimals.heapBytes();
      case LONG, TIME -> HEAP_BYTES_OF_NUMBER;
      case TEXT -> HEAP_BYTES_OF_TEXT;
      case BOOLEAN -> 0;
    };
  }

  /** The schema. */
  public Schema schema() {
    return schema;
  }

  /** About how many bytes of heap a record takes. */
  public int heapBytes() {
    return heapBytes;
  }

  /**
   * A record's value.
   *
   * @throws org.apache.kafka.connect.errors.DataException when the decimal mode cannot hold a
   *     number
   */
  public Struct write(Observation observation) {
    Instrument instrument = observation.instrument();
    Struct struct =
        common.fill(
            new Struct(schema),
            instrument,
            observation.eventNs(),
            observation.receiveNs(),
            observation.origin());
    for (int i = 0; i < fields.length; i++) {
      if (observation.has(i)) {
        struct.put(fields[i], value(observation, i));
      }
    }
    if (sizeUnit != null) {
      CommonFields.putSizeUnit(struct, sizeUnit, instrument);
    }
    return struct;
  }

  private @Nullable Object value(Observation observation, int i) {
    return switch (kinds[i]) {
      case DECIMAL ->
          decimals.write(observation.decimal(i), 0, observation.instrument(), fields[i].name());
      case LONG, TIME -> observation.number(i);
      case TEXT -> observation.text(i);
      case BOOLEAN -> observation.flag(i);
    };
  }
}
