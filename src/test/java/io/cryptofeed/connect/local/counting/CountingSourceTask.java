package io.cryptofeed.connect.local.counting;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.connect.data.Decimal;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.apache.kafka.connect.source.SourceTask;

/** Emits a number every tenth of a second, with the name of its class loader. */
public final class CountingSourceTask extends SourceTask {

  /** The schema of the records. */
  public static final Schema SCHEMA =
      SchemaBuilder.struct()
          .name("io.cryptofeed.test.Count")
          .field("count", Schema.INT64_SCHEMA)
          .field("exact", Decimal.builder(18).parameter("connect.decimal.precision", "38").build())
          .field("loader", Schema.STRING_SCHEMA)
          .build();

  private static final int SCALE = 18;

  private final CountDownLatch never = new CountDownLatch(1);
  private String topic = "";
  private long count;

  @Override
  public void start(Map<String, String> properties) {
    topic = properties.getOrDefault(CountingSourceConnector.TOPIC, "");
  }

  @Override
  public List<SourceRecord> poll() throws InterruptedException {
    never.await(100, TimeUnit.MILLISECONDS);
    count++;
    Struct value =
        new Struct(SCHEMA)
            .put("count", count)
            .put("exact", new BigDecimal(count).movePointLeft(SCALE).setScale(SCALE))
            .put("loader", CountingSourceTask.class.getClassLoader().getClass().getSimpleName());
    return List.of(
        new SourceRecord(Map.of("topic", topic), Map.of("count", count), topic, SCHEMA, value));
  }

  @Override
  public void stop() {}

  @Override
  public String version() {
    return "1";
  }
}
