package io.cryptofeed.connect.local;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another program's {@code main} in a JVM that ends when its parent closes the pipe to it.
 *
 * <p>The pipe also closes when the parent dies for any reason, so no process outlives it. Ctrl-C in
 * a terminal reaches every process of the foreground group at once. This one ignores it, because a
 * worker must stop before its broker, and only the parent knows the order.
 *
 * <p>This class may use only the JDK, because it is copied alone to the class path of the child.
 */
public final class Launcher {

  private static final long SHUTDOWN_LIMIT_MS = 30_000;
  private static final int EXIT_CODE_OF_HALT = 70;

  private Launcher() {}

  /** The class whose {@code main} to run, then its arguments. */
  public static void main(String[] arguments) throws ReflectiveOperationException {
    ignoreSignal("INT");
    ignoreSignal("HUP");
    startDaemon("parent-watch", Launcher::exitWhenParentIsGone);
    Class.forName(arguments[0])
        .getMethod("main", String[].class)
        .invoke(null, (Object) Arrays.copyOfRange(arguments, 1, arguments.length));
  }

  private static void exitWhenParentIsGone() {
    try {
      while (System.in.read() >= 0) {
        // The parent sends nothing; only the end of the stream matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end of the stream, too.
    }
    startDaemon("shutdown-limit", Launcher::haltAfterLimit);
    System.exit(0);
  }

  private static void haltAfterLimit() {
    try {
      Thread.sleep(SHUTDOWN_LIMIT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Runtime.getRuntime().halt(EXIT_CODE_OF_HALT);
  }

  private static void startDaemon(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Uses reflection, because the compiler's warning about these classes cannot be turned off. */
  private static void ignoreSignal(String name) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handler = Class.forName("sun.misc.SignalHandler");
    try {
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(name),
              handler.getField("SIG_IGN").get(null));
    } catch (java.lang.reflect.InvocationTargetException e) {
      // A system without this signal does not send it.
    }
  }
}
