package io.cryptofeed.connect.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** The REST API of a Connect worker. Safe for use by many threads. */
public final class ConnectRest {

  private static final Duration REBALANCE_LIMIT = Duration.ofSeconds(60);
  private static final Duration POLL_INTERVAL = Duration.ofMillis(100);
  private static final int CONFLICT = 409;
  private static final int NOT_FOUND = 404;

  private final JsonHttp http;

  public ConnectRest(URI url) {
    http = new JsonHttp(url, "application/json");
  }

  /** The base URL of the API. */
  public URI url() {
    return http.base();
  }

  /** Whether the worker has started up and takes requests. */
  public boolean isHealthy() {
    return "healthy".equals(http.send("GET", "/health", null).path("status").asText());
  }

  /**
   * The plugins of the worker, converters included: each with {@code class}, {@code type} and
   * {@code version}.
   */
  public List<JsonNode> plugins() {
    List<JsonNode> plugins = new ArrayList<>();
    http.send("GET", "/connector-plugins?connectorsOnly=false", null).forEach(plugins::add);
    return plugins;
  }

  /** The names of all connectors. */
  public List<String> connectors() {
    List<String> names = new ArrayList<>();
    http.send("GET", "/connectors", null).forEach(name -> names.add(name.asText()));
    return names;
  }

  /**
   * Validates a configuration without creating a connector.
   *
   * @return the errors, by property
   */
  public Map<String, List<String>> validate(Map<String, String> config) {
    Map<String, List<String>> errors = new java.util.TreeMap<>();
    for (JsonNode property : validation(config).path("configs")) {
      JsonNode value = property.path("value");
      List<String> messages = new ArrayList<>();
      value.path("errors").forEach(message -> messages.add(message.asText()));
      if (!messages.isEmpty()) {
        errors.put(value.path("name").asText(), messages);
      }
    }
    return errors;
  }

  /** The worker's response to the validation of a configuration. */
  public JsonNode validation(Map<String, String> config) {
    String type = String.valueOf(config.get("connector.class"));
    return http.send("PUT", "/connector-plugins/" + type + "/config/validate", object(config));
  }

  /**
   * Creates a connector, or changes its configuration.
   *
   * @throws RestException with status 400 when the configuration is not valid
   */
  public void put(String connector, Map<String, String> config) {
    change("PUT", "/connectors/" + connector + "/config", object(config));
  }

  /** The configuration of a connector, as it was posted. */
  public JsonNode config(String connector) {
    return http.send("GET", "/connectors/" + connector + "/config", null);
  }

  /** The configurations of a connector's tasks. */
  public JsonNode taskConfigs(String connector) {
    return http.send("GET", "/connectors/" + connector + "/tasks", null);
  }

  /** The state of a connector and its tasks. */
  public ConnectorStatus status(String connector) {
    return ConnectorStatus.of(http.send("GET", "/connectors/" + connector + "/status", null));
  }

  /**
   * Waits until the connector and all of its tasks run.
   *
   * @throws IllegalStateException with the stack trace as soon as one fails
   */
  public ConnectorStatus awaitRunning(String connector, Duration limit) {
    return awaitStatus(
        connector,
        limit,
        status -> {
          if (status.trace() != null) {
            throw new IllegalStateException(
                "connector " + connector + " failed: " + status.trace());
          }
          return status.isRunning();
        });
  }

  /** Waits until the connector runs with all of its tasks on one worker. */
  public ConnectorStatus awaitRunningOn(String connector, String worker, Duration limit) {
    return awaitStatus(
        connector,
        limit,
        status -> status.isRunning() && status.workers().stream().allMatch(worker::equals));
  }

  /** Waits until the connector or one of its tasks has failed. */
  public ConnectorStatus awaitFailed(String connector, Duration limit) {
    return awaitStatus(connector, limit, status -> status.trace() != null);
  }

  /** Waits until the connector and all of its tasks are in this state, for example PAUSED. */
  public ConnectorStatus awaitState(String connector, String state, Duration limit) {
    return awaitStatus(connector, limit, status -> status.isEntirely(state));
  }

  private ConnectorStatus awaitStatus(
      String connector, Duration limit, Function<ConnectorStatus, Boolean> condition) {
    ConnectorStatus[] last = new ConnectorStatus[1];
    Awaitility.await("status of connector " + connector)
        .atMost(limit)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .until(
            () -> {
              ConnectorStatus status = statusOrNull(connector);
              last[0] = status;
              return status != null && condition.apply(status);
            });
    return last[0];
  }

  /** Null while the worker has no status yet, shortly after the creation. */
  private @Nullable ConnectorStatus statusOrNull(String connector) {
    try {
      return status(connector);
    } catch (RestException e) {
      if (e.status() == NOT_FOUND || e.status() == CONFLICT) {
        return null;
      }
      throw e;
    } catch (UncheckedIOException e) {
      return null;
    }
  }

  /** Stops polling the tasks; they stay connected. */
  public void pause(String connector) {
    change("PUT", "/connectors/" + connector + "/pause", null);
  }

  /** Starts tasks again after {@link #pause} or {@link #stop}. */
  public void resume(String connector) {
    change("PUT", "/connectors/" + connector + "/resume", null);
  }

  /** Ends the tasks and keeps the connector. */
  public void stop(String connector) {
    change("PUT", "/connectors/" + connector + "/stop", null);
  }

  /** Restarts the connector and all of its tasks. */
  public void restart(String connector) {
    change("POST", "/connectors/" + connector + "/restart?includeTasks=true", null);
  }

  /** Restarts one task. */
  public void restartTask(String connector, int task) {
    change("POST", "/connectors/" + connector + "/tasks/" + task + "/restart", null);
  }

  /** Deletes a connector; its offsets stay. */
  public void delete(String connector) {
    change("DELETE", "/connectors/" + connector, null);
  }

  /** The committed source offsets, by source partition. */
  public Map<Map<String, Object>, Map<String, Object>> offsets(String connector) {
    JsonNode answer = http.send("GET", "/connectors/" + connector + "/offsets", null);
    Map<Map<String, Object>, Map<String, Object>> offsets = new java.util.HashMap<>();
    for (JsonNode entry : answer.path("offsets")) {
      offsets.put(map(entry.path("partition")), map(entry.path("offset")));
    }
    return offsets;
  }

  /** Replaces the offset of one source partition of a stopped connector; null removes it. */
  public void patchOffset(
      String connector, Map<String, String> partition, @Nullable Map<String, Object> offset) {
    ObjectNode body = JsonHttp.JSON.createObjectNode();
    body.putArray("offsets")
        .addObject()
        .putPOJO("partition", partition)
        .set("offset", JsonHttp.JSON.valueToTree(offset));
    change("PATCH", "/connectors/" + connector + "/offsets", JsonHttp.JSON.valueToTree(body));
  }

  /** Removes all offsets of a stopped connector. */
  public void deleteOffsets(String connector) {
    change("DELETE", "/connectors/" + connector + "/offsets", null);
  }

  /** The worker refuses changes while its group rebalances, so they are retried. */
  private void change(String method, String path, @Nullable JsonNode body) {
    Awaitility.await(method + " " + path)
        .atMost(REBALANCE_LIMIT)
        .pollDelay(Duration.ZERO)
        .pollInterval(POLL_INTERVAL)
        .until(
            () -> {
              try {
                http.send(method, path, body);
                return true;
              } catch (RestException e) {
                if (e.status() == CONFLICT) {
                  return false;
                }
                throw e;
              }
            });
  }

  private static ObjectNode object(Map<String, String> values) {
    return JsonHttp.JSON.valueToTree(values);
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(JsonNode object) {
    return JsonHttp.JSON.convertValue(object, Map.class);
  }
}
