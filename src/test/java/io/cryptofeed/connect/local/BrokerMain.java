package io.cryptofeed.connect.local;

import kafka.Kafka;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;

/** Formats the storage of a new broker and runs it; the main class of the broker's JVM. */
public final class BrokerMain {

  private BrokerMain() {}

  /** The path of the server properties. */
  public static void main(String[] arguments) {
    String properties = arguments[0];
    int code =
        StorageTool.execute(
            new String[] {
              "format", "-t", Uuid.randomUuid().toString(), "-c", properties, "--ignore-formatted"
            },
            System.out);
    if (code != 0) {
      System.exit(code);
    }
    Kafka.main(new String[] {properties});
  }
}
