package io.cryptofeed.connect.ccxt;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * The code that all exchanges share: GraalJS and the parsed bundle. It is held until it is closed;
 * the last holder to close it releases the memory. There is one for each bundle and class loader;
 * on a worker that is the class loader of the plugin. Safe for use by many threads.
 */
public final class CcxtEngine implements AutoCloseable {

  /** By the digest of the bundle; guarded by its own lock. */
  private static final Map<String, Held> HELD = new HashMap<>();

  private final CcxtBundle bundle;
  private final ScriptCode code;
  private final AtomicBoolean closed = new AtomicBoolean();

  private CcxtEngine(CcxtBundle bundle, ScriptCode code) {
    this.bundle = bundle;
    this.code = code;
  }

  /**
   * Checks that CCXT can be used, as far as that is possible without running it, and holds it.
   *
   * @param bundle the configured bundle, null for the bundle of the component
   * @throws CcxtUnavailableException if GraalJS or the bundle is missing, unreadable, corrupt or
   *     too old
   */
  public static CcxtEngine open(@Nullable Path bundle) throws CcxtUnavailableException {
    requireGraal();
    return hold(bundle == null ? CcxtBundle.fromClassPath() : CcxtBundle.fromFile(bundle));
  }

  static CcxtEngine hold(CcxtBundle bundle) throws CcxtUnavailableException {
    synchronized (HELD) {
      Held held = HELD.get(bundle.sha256());
      if (held == null) {
        held = new Held(ScriptCode.of(bundle));
        HELD.put(bundle.sha256(), held);
      }
      held.holders++;
      return new CcxtEngine(bundle, held.code);
    }
  }

  /**
   * Checks that GraalJS is on the class path, which has either all of it or nothing: the component
   * contains it.
   *
   * @throws CcxtUnavailableException if it is not
   */
  public static void requireGraal() throws CcxtUnavailableException {
    try {
      Class.forName("org.graalvm.polyglot.Engine", false, CcxtEngine.class.getClassLoader());
      Class.forName(
          "com.oracle.truffle.js.lang.JavaScriptLanguage",
          false,
          CcxtEngine.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new CcxtUnavailableException(
          "GraalJS is not on the class path ("
              + e.getMessage()
              + "), and exchanges served by CCXT need it: install the component"
              + " kafka-connect-cryptofeed-ccxt in place of kafka-connect-cryptofeed",
          e);
    }
  }

  /** Adds a holder of the same engine, which may outlive the first one. */
  CcxtEngine share() {
    synchronized (HELD) {
      Held held = HELD.get(bundle.sha256());
      if (held == null) {
        throw new IllegalStateException("the engine of " + bundle.origin() + " is closed");
      }
      held.holders++;
      return new CcxtEngine(bundle, code);
    }
  }

  /** The bundle that is run. */
  public CcxtBundle bundle() {
    return bundle;
  }

  ScriptCode code() {
    return code;
  }

  /** How many holders there are now. */
  static int holders() {
    synchronized (HELD) {
      return HELD.values().stream().mapToInt(held -> held.holders).sum();
    }
  }

  /** Ends this holder; exchanges that were started with it hold the engine until they end. */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    synchronized (HELD) {
      Held held = HELD.get(bundle.sha256());
      if (held != null && --held.holders == 0) {
        HELD.remove(bundle.sha256());
        held.code.close();
      }
    }
  }

  private static final class Held {
    private final ScriptCode code;
    private int holders;

    private Held(ScriptCode code) {
      this.code = code;
    }
  }
}
