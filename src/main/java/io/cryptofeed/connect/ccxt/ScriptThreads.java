package io.cryptofeed.connect.ccxt;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads of event loops that run scripts: daemons with a deep stack, because a recursion
 * of the script is a recursion of the interpreter in Java. They have the class loader of the thread
 * that made this factory; on a Connect worker that is the class loader of the plugin.
 */
public final class ScriptThreads implements ThreadFactory {

  /**
   * Measured on JDK 17: 512 KiB are enough to load the bundle and to construct every class, and
   * with 8 MiB a function can call itself 21,000 times, twice as often as in Node. A page of the
   * stack uses memory only after it has been touched.
   */
  static final long STACK_BYTES = 16L << 20;

  private final String name;
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param name the prefix of the names of the threads
   */
  public ScriptThreads(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable work) {
    Thread thread =
        new FastThreadLocalThread(null, work, name + "-" + count.getAndIncrement(), STACK_BYTES);
    thread.setDaemon(true);
    thread.setContextClassLoader(loader);
    return thread;
  }
}
