package io.cryptofeed.connect.ccxt;

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
 * A script on its event loop. Everything that enters it is a turn: it runs on the loop, is watched,
 * and drains the script's promises before it returns. A script that throws out of a turn, lasts too
 * long, or takes more than it may is broken: it is closed, its owner hears of it once, and nothing
 * of it is ever called again. Used by its event loop only, except {@link #later}.
 */
final class ScriptContext {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptContext.class);

  private final String name;
  private final EventLoop loop;
  private final ScriptLimits limits;
  private final Secrets secrets;
  private final Consumer<String> onBroken;
  private final Context context;
  private final ScriptWatchdog.Turns turns;
  private final List<Runnable> ends = new ArrayList<>();

  private Runnable afterEnd = () -> {};

  private boolean inTurn;
  private boolean closed;
  private boolean hopeless;
  private @Nullable String condemned;

  /**
   * @param name of the exchange, for the log
   * @param onBroken takes the reason, once
   */
  ScriptContext(
      String name,
      ScriptCode code,
      EventLoop loop,
      ScriptLimits limits,
      Secrets secrets,
      Consumer<String> onBroken) {
    this.name = name;
    this.loop = loop;
    this.limits = limits;
    this.secrets = secrets;
    this.onBroken = onBroken;
    context = code.newContext();
    turns = code.watch().watch(context);
  }

  /** What a turn does. */
  interface Step {
    void run() throws CcxtUnavailableException;
  }

  /** What the script may call. Null is {@code null} in the script. */
  interface HostFunction {
    @Nullable Object call(Value... arguments);
  }

  EventLoop loop() {
    return loop;
  }

  ScriptLimits limits() {
    return limits;
  }

  Secrets secrets() {
    return secrets;
  }

  String name() {
    return name;
  }

  boolean isClosed() {
    return closed;
  }

  /** Whether it broke for a reason that starting it anew does not heal. */
  boolean isHopeless() {
    return hopeless;
  }

  /** The context itself, to be used in turns only. */
  Context polyglot() {
    return context;
  }

  /** Enters the script, at once; from within a turn, after it. */
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
      hopeless = true;
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

  /** Runs something on the loop after this turn; dropped when the loop is ending. */
  void later(Runnable step) {
    if (!loop.isShuttingDown()) {
      loop.execute(step);
    }
  }

  /**
   * Makes a function for the script. What it throws goes to the script as an error, and condemns
   * it: a fault of ours must not be swallowed by a {@code catch} there.
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

  /** Breaks the script at the end of this turn; after the first reason, nothing happens. */
  void condemn(String reason) {
    if (condemned == null) {
      condemned = reason;
    }
    if (!inTurn) {
      breakDown(reason);
    }
  }

  /** What is done when the context closes, in the order given. */
  void atEnd(Runnable end) {
    ends.add(end);
  }

  /** What is done when the context is closed. */
  void afterEnd(Runnable last) {
    afterEnd = last;
  }

  private void breakDown(String reason) {
    if (closed) {
      return;
    }
    String shown = secrets.hideIn(reason);
    LOG.warn("exchange={} the CCXT script is stopped: {}", name, shown);
    close();
    onBroken.accept(shown);
  }

  /** Ends the script and all that it had open. Idempotent. */
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
      LOG.debug("exchange={} the CCXT script did not end quietly", name, e);
    }
    afterEnd.run();
  }
}
