package io.cryptofeed.connect.local;

import java.io.IOException;
import java.util.Arrays;

/**
 * Runs another program's {@code main} in a JVM that ends when its parent closes the pipe to it.
 *
 * <p>That pipe also closes when the parent dies, however it dies, so no process is ever left
 * behind. Ctrl-C in a terminal reaches every process of the foreground group at once; this one
 * ignores it, because a worker must stop before its broker, and only the parent knows the order.
 *
 * <p>The one class of ours on a child's class path, so it needs nothing but the JDK.
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
        // The parent says nothing; only the end of the stream matters.
      }
    } catch (IOException e) {
      // A broken pipe is an end, too.
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

  /** By reflection, because the compiler warns of these classes whatever one does. */
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
      // A system that has no such signal cannot send it either.
    }
  }
}
