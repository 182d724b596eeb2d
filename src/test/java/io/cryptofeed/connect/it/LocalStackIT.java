package io.cryptofeed.connect.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.local.LocalWorker;
import io.cryptofeed.connect.local.RegistryRest;
import io.cryptofeed.connect.local.RestException;
import io.cryptofeed.connect.local.StackOptions;
import io.cryptofeed.connect.local.counting.CountingSourceConnector;
import io.cryptofeed.connect.local.counting.CountingSourceTask;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

final class LocalStackIT {

  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final LocalStack stack = LocalStack.shared();
  private String connector = "";

  @BeforeEach
  void name(TestInfo test) {
    connector = test.getTestMethod().orElseThrow().getName();
  }

  @AfterEach
  void delete() {
    if (stack.connect().connectors().contains(connector)) {
      stack.connect().delete(connector);
    }
  }

  @Test
  void the_worker_finds_the_connector_and_the_avro_converter() {
    assertThat(stack.connect().plugins())
        .extracting(plugin -> plugin.get("class").asText())
        .contains(
            "io.cryptofeed.connect.CryptofeedSourceConnector",
            "io.confluent.connect.avro.AvroConverter");
  }

  @Test
  void records_pass_the_converter_the_registry_and_the_broker_unchanged() {
    stack.connect().put(connector, counting());
    stack.connect().awaitRunning(connector, LIMIT);

    GenericRecord third = valuesOf(3).get(2).value();

    assertThat(third.get("count")).isEqualTo(3L);
    assertThat(third.get("exact")).isEqualTo(new BigDecimal("0.000000000000000003"));
  }

  @Test
  void plugins_are_isolated_from_the_worker() {
    stack.connect().put(connector, counting());

    assertThat(valuesOf(1).get(0).value().get("loader")).hasToString("PluginClassLoader");
  }

  @Test
  void the_task_uses_a_schema_that_was_registered_before() {
    stack.topicSchemas().register(connector, List.of(CountingSourceTask.SCHEMA), counting());
    String registered = stack.registry().rest().latestSchema(connector + "-value");

    stack.connect().put(connector, counting());

    assertThat(valuesOf(1).get(0).value().getSchema())
        .hasToString(new org.apache.avro.Schema.Parser().parse(registered).toString());
    assertThat(stack.registry().rest().versions(connector + "-value")).containsExactly(1);
  }

  @Test
  void using_a_topic_does_not_create_it() {
    Map<String, Object> shortTimeout =
        Map.of("bootstrap.servers", stack.broker().bootstrapServers(), "max.block.ms", "500");
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(shortTimeout, new ByteArraySerializer(), new ByteArraySerializer())) {
      assertThatThrownBy(() -> producer.partitionsFor(connector))
          .isInstanceOf(TimeoutException.class);
    }
  }

  @Test
  void an_incompatible_schema_is_rejected() {
    RegistryRest registry = stack.registry().rest();
    registry.register(connector, recordWith("{\"name\":\"a\",\"type\":\"long\"}"));

    assertThatThrownBy(
            () -> registry.register(connector, recordWith("{\"name\":\"b\",\"type\":\"long\"}")))
        .isInstanceOfSatisfying(
            RestException.class, refusal -> assertThat(refusal.status()).isEqualTo(409));
  }

  @Test
  void a_secret_is_read_from_a_file_by_the_worker() throws Exception {
    Files.writeString(stack.secrets().resolve("counting.properties"), "topic=" + connector + "\n");
    Map<String, String> config = counting();
    String reference = "${file:" + stack.secrets().resolve("counting.properties") + ":topic}";
    config.put("counting.topic", reference);
    stack.connect().put(connector, config);

    assertThat(valuesOf(1)).isNotEmpty();
    assertThat(stack.connect().config(connector).get("counting.topic").asText())
        .isEqualTo(reference);
  }

  @Test
  void the_tasks_of_a_killed_worker_move_to_the_remaining_one() {
    stack.connect().put(connector, counting());
    stack.connect().awaitRunning(connector, LIMIT);
    LocalWorker first = stack.worker();
    try (LocalWorker second = stack.startWorker("second-worker")) {
      first.kill();

      second.rest().awaitRunningOn(connector, second.url().getAuthority(), LIMIT);
      assertThat(first.isAlive()).isFalse();
    } finally {
      stack.restartWorker(first);
    }
  }

  @Test
  void closing_leaves_no_process_and_no_data() {
    long before = ProcessHandle.current().descendants().count();
    LocalStack other = LocalStack.start(StackOptions.ofBuild());
    assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before + 3);
    Path directory = other.directory();

    other.close();

    assertThat(ProcessHandle.current().descendants().count()).isEqualTo(before);
    assertThat(directory.resolve("data")).doesNotExist();
    assertThat(directory.resolve("broker.log")).exists();
  }

  private List<ConsumerRecord<String, GenericRecord>> valuesOf(int count) {
    try (AvroTopicReader reader = stack.reader(connector)) {
      return reader.readUntil(records -> records.size() >= count, LIMIT);
    }
  }

  private Map<String, String> counting() {
    return new HashMap<>(
        Map.of(
            "connector.class",
            CountingSourceConnector.class.getName(),
            "counting.topic",
            connector,
            "value.converter",
            "io.confluent.connect.avro.AvroConverter",
            "value.converter.schema.registry.url",
            stack.registry().url().toString(),
            "topic.creation.default.partitions",
            "1",
            "topic.creation.default.replication.factor",
            "1"));
  }

  private static String recordWith(String field) {
    return "{\"type\":\"record\",\"name\":\"R\",\"fields\":[" + field + "]}";
  }
}
