package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.text.UntrustedText;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.PolyglotException;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyExecutable;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The context of a script on its event loop. Every call into the script is a turn: it runs on the
 * loop, is watched, and drains the script's promises before it returns. A script is stopped if an
 * exception leaves a turn, a turn runs for too long, or the script exceeds a limit: then its owner
 * is called once, and the script is never called again. Used by its event loop only, except {@link
 * #later}.
 */
final class ScriptContext {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptContext.class);

  private final String name;
  private final EventLoop loop;
  private final ScriptLimits limits;
  private final Consumer<String> onBroken;
  private final Context context;
  private final ScriptWatchdog.Turns turns;
  private final List<Runnable> ends = new ArrayList<>();

  private Runnable afterEnd = () -> {};

  private boolean inTurn;
  private boolean closed;
  private boolean unavailable;
  private @Nullable String condemned;

  /**
   * @param name the id of the exchange, for the log
   * @param onBroken takes the reason why the script was stopped, once
   */
  ScriptContext(
      String name,
      ScriptCode code,
      EventLoop loop,
      ScriptLimits limits,
      Consumer<String> onBroken) {
    this.name = name;
    this.loop = loop;
    this.limits = limits;
    this.onBroken = onBroken;
    context = code.newContext();
    turns = code.watchdog().watch(context);
  }

  /** The work of one turn. */
  interface Step {
    void run() throws CcxtUnavailableException;
  }

  /** A function that the script can call. Null is {@code null} in the script. */
  interface HostFunction {
    @Nullable Object call(Value... arguments);
  }

  EventLoop loop() {
    return loop;
  }

  ScriptLimits limits() {
    return limits;
  }

  String name() {
    return name;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it was stopped for a reason that a restart does not remove. */
  boolean isUnavailable() {
    return unavailable;
  }

  /** The context itself, to be used in turns only. */
  Context polyglot() {
    return context;
  }

  /** Runs a turn at once; within another turn, after it. */
  void turn(String what, Step step) {
    turn(what, limits.turn(), step);
  }

  void turn(String what, Duration limit, Step step) {
    if (inTurn) {
      later(() -> turn(what, limit, step));
      return;
    }
    if (closed) {
      return;
    }
    String broken = null;
    inTurn = true;
    turns.begin(limit);
    try {
      step.run();
    } catch (CcxtUnavailableException e) {
      unavailable = true;
      broken = e.getMessage();
    } catch (PolyglotException e) {
      broken = what + ": " + explain(e);
    } catch (StackOverflowError e) {
      broken = what + ": the stack of the event loop is too small: use ScriptThreads";
    } catch (OutOfMemoryError e) {
      broken = what + ": out of memory";
    } catch (RuntimeException e) {
      broken = what + ": " + e;
    } finally {
      turns.end();
      inTurn = false;
    }
    if (condemned != null) {
      broken = what + ": " + condemned;
    } else if (turns.stopped() != null) {
      broken = what + ": the script " + turns.stopped();
    }
    if (broken != null) {
      breakDown(broken);
    }
  }

  private static String explain(PolyglotException e) {
    if (e.isResourceExhausted()) {
      return "the script used up its memory or its stack: " + e.getMessage();
    }
    StackTraceElement[] trace = e.getStackTrace();
    return "the script threw "
        + e.getMessage()
        + (trace.length == 0
            ? ""
            : " at " + trace[0].getFileName() + ":" + trace[0].getMethodName());
  }

  /** Runs a step on the loop after this turn; drops it when the loop is being shut down. */
  void later(Runnable step) {
    if (!loop.isShuttingDown()) {
      loop.execute(step);
    }
  }

  /**
   * Makes a function that the script can call. An exception of the function is thrown in the
   * script, and condemns it: a {@code catch} in the script must not hide a fault of the connector.
   */
  ProxyExecutable function(HostFunction function) {
    return arguments -> {
      if (closed || condemned != null) {
        return null;
      }
      try {
        return function.call(arguments);
      } catch (RuntimeException e) {
        condemn("a host function failed: " + e);
        throw e;
      }
    };
  }

  /** Stops the script at the end of this turn; only the first reason is used. */
  void condemn(String reason) {
    if (condemned == null) {
      condemned = reason;
    }
    if (!inTurn) {
      breakDown(reason);
    }
  }

  /** Adds a step that runs when the context closes, after those that were added before. */
  void atEnd(Runnable end) {
    ends.add(end);
  }

  /** Sets the step that runs when the context has been closed. */
  void afterEnd(Runnable last) {
    afterEnd = last;
  }

  private void breakDown(String reason) {
    if (closed) {
      return;
    }
    String shown = UntrustedText.sanitised(reason);
    LOG.warn("exchange={} the CCXT script was stopped: {}", name, shown);
    close();
    onBroken.accept(shown);
  }

  /** Ends the script, and closes all that it had open. Idempotent. */
  void close() {
    if (closed) {
      return;
    }
    if (inTurn) {
      later(this::close);
      return;
    }
    closed = true;
    ends.forEach(Runnable::run);
    turns.close();
    try {
      context.close(true);
    } catch (PolyglotException e) {
      LOG.debug("exchange={} closing the CCXT script failed", name, e);
    }
    afterEnd.run();
  }
}
