package io.cryptofeed.connect.ccxt;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;

/** The timers of a script, on its event loop. */
final class HostTimers {

  /** The same limit as in browsers: a timer without a pause would block the script. */
  private static final long SHORTEST_REPEAT_MS = 4;

  private static final long LONGEST_MS = Integer.MAX_VALUE;

  private final ScriptContext script;
  private final Map<Integer, Future<?>> running = new HashMap<>();
  private @Nullable Value fire;

  HostTimers(ScriptContext script) {
    this.script = script;
    script.atEnd(
        () -> {
          running.values().forEach(timer -> timer.cancel(false));
          running.clear();
        });
  }

  /** Sets the function of the script that takes the number of a timer that is due. */
  void onDue(Value fire) {
    this.fire = fire;
  }

  @Nullable Object start(Value... arguments) {
    int id = arguments[0].asInt();
    long ms = Math.min(LONGEST_MS, (long) arguments[1].asDouble());
    boolean repeats = arguments[2].asBoolean();
    if (running.size() >= script.limits().timers()) {
      script.condemn("the script runs more than " + script.limits().timers() + " timers");
      return null;
    }
    schedule(id, repeats ? Math.max(SHORTEST_REPEAT_MS, ms) : ms, repeats);
    return null;
  }

  private void schedule(int id, long ms, boolean repeats) {
    running.put(id, script.loop().schedule(() -> due(id, ms, repeats), ms, TimeUnit.MILLISECONDS));
  }

  private void due(int id, long ms, boolean repeats) {
    running.remove(id);
    if (repeats) {
      schedule(id, ms, true);
    }
    if (fire != null) {
      Value target = fire;
      script.turn("a timer", () -> target.executeVoid(id));
    }
  }

  @Nullable Object stop(Value... arguments) {
    Future<?> timer = running.remove(arguments[0].asInt());
    if (timer != null) {
      timer.cancel(false);
    }
    return null;
  }
}
