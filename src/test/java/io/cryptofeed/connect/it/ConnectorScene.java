package io.cryptofeed.connect.it;

import io.cryptofeed.connect.CryptofeedSourceConnector;
import io.cryptofeed.connect.local.AvroTopicReader;
import io.cryptofeed.connect.local.ConnectorStatus;
import io.cryptofeed.connect.local.LocalStack;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.record.schema.DecimalMode;
import io.cryptofeed.connect.record.schema.RecordSchemas;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.connect.data.Schema;
import org.awaitility.Awaitility;

/**
 * The connector on a local stack, with topics of its own, and a reader of everything that it
 * writes. Closing it deletes the connector.
 */
final class ConnectorScene implements AutoCloseable {

  static final Duration LIMIT = Duration.ofSeconds(90);

  /** Longer, because scripts of CCXT start first. */
  private static final Duration OFFSETS_LIMIT = Duration.ofMinutes(3);

  private final LocalStack stack;
  private final String name;
  private final Map<String, String> config = new LinkedHashMap<>();
  private final List<ConsumerRecord<String, GenericRecord>> seen = new ArrayList<>();
  private final Map<String, Schema> topics = new LinkedHashMap<>();
  private final AvroTopicReader reader;

  /**
   * On the shared stack.
   *
   * @param name the connector's name, and the prefix of its topics
   * @param exchanges the exchanges to stream
   */
  ConnectorScene(String name, String... exchanges) {
    this(LocalStack.shared(), name, exchanges);
  }

  /** On a stack of the test's own, which it may break. */
  ConnectorScene(LocalStack stack, String name, String... exchanges) {
    this.stack = stack;
    this.name = name;
    RecordSchemas schemas = RecordSchemas.of(DecimalMode.PRECISE);
    for (String exchange : exchanges) {
      topics.put(name + '.' + exchange + ".trades", schemas.trade());
      topics.put(name + '.' + exchange + ".l2_book", schemas.book());
      topics.put(
          name + '.' + exchange + ".quotes", schemas.observationSchema(Quotes.LAYOUT).schema());
      topics.put(name + '.' + exchange + ".feed_status", schemas.feedStatus());
    }
    reader = stack.reader(topics.keySet().toArray(String[]::new));
    config.put("connector.class", CryptofeedSourceConnector.class.getName());
    config.put("tasks.max", "1");
    config.put("exchanges", String.join(",", exchanges));
    config.put("channels", "trades,l2_book");
    config.put("topic.prefix", name);
    config.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
    config.put("value.converter", "io.confluent.connect.avro.AvroConverter");
    config.put("value.converter.schema.registry.url", stack.registry().url().toString());
    config.put("topic.creation.default.partitions", "1");
    config.put("topic.creation.default.replication.factor", "1");
    config.put("topic.creation.default.max.message.bytes", "16777216");
    config.put("producer.override.max.request.size", "16777216");
  }

  LocalStack stack() {
    return stack;
  }

  String name() {
    return name;
  }

  Map<String, String> config() {
    return config;
  }

  ConnectorScene with(String key, String value) {
    config.put(key, value);
    return this;
  }

  /** Points an exchange at a simulator or a replay. */
  ConnectorScene venue(String exchange, String websocketUrl, String restUrl, String symbols) {
    return with("exchange." + exchange + ".websocket.url", websocketUrl)
        .with("exchange." + exchange + ".rest.url", restUrl)
        .with("exchange." + exchange + ".symbols", symbols);
  }

  /** Routes REST and WebSocket of all exchanges through one proxy. */
  ConnectorScene throughProxy(String url) {
    return with("proxy.enabled", "true")
        .with("proxy.default.rest.url", url)
        .with("proxy.default.websocket.url", url);
  }

  /** Posts the configuration. */
  ConnectorScene start() {
    // Two tasks that register a new subject at once would race in this registry.
    topics.forEach(
        (topic, schema) -> stack.topicSchemas().register(topic, List.of(schema), config));
    stack.connect().put(name, config);
    return this;
  }

  ConnectorStatus awaitRunning() {
    return stack.connect().awaitRunning(name, LIMIT);
  }

  /** Waits until the trades of so many instruments have a committed offset. */
  void awaitTradeOffsets(int instruments) {
    Awaitility.await("offsets of " + instruments + " instruments")
        .atMost(OFFSETS_LIMIT)
        .until(
            () ->
                stack.connect().offsets(name).keySet().stream()
                        .filter(partition -> "trades".equals(partition.get("channel")))
                        .count()
                    == instruments);
  }

  /** Waits until the connector has failed, and returns the stack trace. */
  String awaitFailure() {
    return String.valueOf(stack.connect().awaitFailed(name, LIMIT).trace());
  }

  /** Reads until all records of a topic, from its beginning, match the condition. */
  List<GenericRecord> await(String topic, Predicate<List<GenericRecord>> wanted) {
    Awaitility.await()
        .atMost(LIMIT)
        .until(
            () -> {
              read();
              return wanted.test(records(topic));
            });
    return records(topic);
  }

  /** Reads the records that have arrived. */
  void read() {
    seen.addAll(reader.poll());
  }

  /** All records of a topic that were read, named without the prefix: {@code binance.trades}. */
  List<GenericRecord> records(String topic) {
    return raw(topic).stream().map(ConsumerRecord::value).toList();
  }

  List<ConsumerRecord<String, GenericRecord>> raw(String topic) {
    return seen.stream().filter(record -> record.topic().equals(name + '.' + topic)).toList();
  }

  /** The logs of the stack's processes. Kafka's data, in a directory below, is not read. */
  String logs() {
    try (Stream<Path> files = Files.list(stack.directory())) {
      StringBuilder text = new StringBuilder();
      for (Path file : files.filter(each -> each.toString().endsWith(".log")).toList()) {
        text.append(new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
      return text.toString();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void awaitLog(String text) {
    Awaitility.await().atMost(LIMIT).until(() -> logs().contains(text));
  }

  @Override
  public void close() {
    if (stack.connect().connectors().contains(name)) {
      stack.connect().delete(name);
    }
    reader.close();
  }
}
