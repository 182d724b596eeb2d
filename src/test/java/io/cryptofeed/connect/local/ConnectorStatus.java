package io.cryptofeed.connect.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The state of a connector that a worker reports.
 *
 * @param state of the connector: RUNNING, PAUSED, STOPPED, FAILED …
 * @param taskStates of the tasks, in the order of their numbers
 * @param workers on which the tasks are, as {@code host:port}, in the order of their numbers
 * @param trace the stack trace of the first failure, null if there is none
 */
public record ConnectorStatus(
    String state, List<String> taskStates, List<String> workers, @Nullable String trace) {

  private static final String RUNNING = "RUNNING";

  /** Copies the lists. */
  public ConnectorStatus {
    taskStates = List.copyOf(taskStates);
    workers = List.copyOf(workers);
  }

  static ConnectorStatus of(JsonNode answer) {
    JsonNode connector = answer.path("connector");
    String trace = traceOf(connector);
    List<String> taskStates = new ArrayList<>();
    List<String> workers = new ArrayList<>();
    for (JsonNode task : answer.path("tasks")) {
      taskStates.add(task.path("state").asText());
      workers.add(task.path("worker_id").asText());
      if (trace == null) {
        trace = traceOf(task);
      }
    }
    return new ConnectorStatus(connector.path("state").asText(), taskStates, workers, trace);
  }

  private static @Nullable String traceOf(JsonNode part) {
    return part.path("state").asText().equals("FAILED") ? part.path("trace").asText() : null;
  }

  /** Whether the connector and at least one task run, and no task is in another state. */
  public boolean isRunning() {
    return !taskStates.isEmpty() && isEntirely(RUNNING);
  }

  /** Whether the connector and all tasks are in this state. */
  public boolean isEntirely(String wanted) {
    return state.equals(wanted) && taskStates.stream().allMatch(wanted::equals);
  }
}
