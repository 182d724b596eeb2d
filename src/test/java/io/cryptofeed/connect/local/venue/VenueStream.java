package io.cryptofeed.connect.local.venue;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stream of messages and its subscribers. For a subscriber with a combined connection of
 * Binance, each message is wrapped: {@code {"stream":<name>,"data":<message>}}.
 */
public final class VenueStream {

  /** A fault of the transport of a message. */
  public enum Fault {
    SKIP,
    DUPLICATE,
    REORDER
  }

  private final String name;
  private final Map<ClientSocket, Boolean> subscribers = new LinkedHashMap<>();
  private final JsonBytes wrapped = new JsonBytes();
  private @Nullable JsonBytes held;

  public VenueStream(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  public int subscribers() {
    return subscribers.size();
  }

  public void subscribe(ClientSocket socket, boolean wrap) {
    subscribers.put(socket, wrap);
  }

  public void unsubscribe(ClientSocket socket) {
    subscribers.remove(socket);
  }

  /** Sends a message to all subscribers. */
  public void publish(JsonBytes message) {
    send(message);
    JsonBytes late = held;
    if (late != null) {
      held = null;
      send(late);
    }
  }

  /** Sends a message to all subscribers, with a fault. */
  public void publish(JsonBytes message, Fault fault) {
    switch (fault) {
      case SKIP -> {}
      case DUPLICATE -> {
        publish(message);
        send(message);
      }
      case REORDER -> held = new JsonBytes().put(message);
    }
  }

  private void send(JsonBytes message) {
    boolean isWrapped = false;
    for (Map.Entry<ClientSocket, Boolean> subscriber : subscribers.entrySet()) {
      if (!subscriber.getValue()) {
        subscriber.getKey().send(message);
        continue;
      }
      if (!isWrapped) {
        wrap(message);
        isWrapped = true;
      }
      subscriber.getKey().send(wrapped);
    }
  }

  private void wrap(JsonBytes message) {
    wrapped.clear().put("{\"stream\":\"").put(name).put("\",\"data\":").put(message).put('}');
  }
}
