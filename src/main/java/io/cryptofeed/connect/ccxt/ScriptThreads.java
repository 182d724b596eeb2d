package io.cryptofeed.connect.ccxt;

import io.netty.util.concurrent.FastThreadLocalThread;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Makes the threads of event loops that run scripts: daemons with a deep stack, because the
 * interpreter recurses through Java where a script recurses. They carry the class loader of the
 * thread that made this factory: on a Connect worker that is the plugin's.
 */
public final class ScriptThreads implements ThreadFactory {

  /**
   * Measured on JDK 17: 512 KiB are enough to load the bundle and to construct every class, and 8
   * MiB let a function call itself 21,000 times, twice as deep as Node does. Reserved, not used: a
   * page of a stack costs memory when it is first touched.
   */
  static final long STACK_BYTES = 16L << 20;

  private final String name;
  private final ClassLoader loader = Thread.currentThread().getContextClassLoader();
  private final AtomicInteger count = new AtomicInteger();

  /**
   * @param name the beginning of the threads' names
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
