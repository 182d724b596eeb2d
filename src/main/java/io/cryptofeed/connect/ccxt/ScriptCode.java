package io.cryptofeed.connect.ccxt;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.Source;

/** GraalJS, and the three scripts of an exchange, parsed once for all contexts. */
final class ScriptCode implements AutoCloseable {

  private static final String LANGUAGE = "js";

  /** A script can read the buffers that it is passed, and nothing else of Java. */
  private static final HostAccess BUFFERS_ONLY =
      HostAccess.newBuilder().allowBufferAccess(true).build();

  /** Twice the longest response, in characters. */
  private static final int MAX_TEXT = 128 << 20;

  private static final int MAX_ARGUMENTS = 1 << 16;

  private final CcxtBundle bundle;
  private final Engine engine;
  private final ScriptWatchdog watchdog = new ScriptWatchdog();
  private final Source prelude = resource("prelude.js");
  private final Source ccxt;
  private final Source driver = resource("driver.js");

  private ScriptCode(CcxtBundle bundle) {
    this.bundle = bundle;
    // Running without a compiler is normal, and documented.
    engine =
        Engine.newBuilder(LANGUAGE)
            .option("engine.WarnInterpreterOnly", "false")
            .out(OutputStream.nullOutputStream())
            .err(OutputStream.nullOutputStream())
            .build();
    ccxt = Source.newBuilder(LANGUAGE, bundle.code(), "ccxt.browser.min.js").buildLiteral();
  }

  static ScriptCode of(CcxtBundle bundle) throws CcxtUnavailableException {
    try {
      return new ScriptCode(bundle);
    } catch (IllegalArgumentException | IllegalStateException | LinkageError e) {
      throw new CcxtUnavailableException(
          "GraalJS does not start: "
              + e
              + "; install the complete component kafka-connect-cryptofeed-ccxt, and no other files"
              + " of GraalVM",
          e);
    }
  }

  private static Source resource(String name) {
    try (InputStream in = ScriptCode.class.getClassLoader().getResourceAsStream("ccxt/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar of the connector does not contain ccxt/" + name);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Source.newBuilder(LANGUAGE, text, name).buildLiteral();
    } catch (IOException e) {
      throw new IllegalStateException(
          "ccxt/" + name + " in the jar of the connector cannot be read", e);
    }
  }

  /** A context without access to files, network, threads or classes. */
  Context newContext() {
    return Context.newBuilder(LANGUAGE)
        .engine(engine)
        .allowHostAccess(BUFFERS_ONLY)
        .allowExperimentalOptions(true)
        // The longest text that a script can make, and that Java has to copy.
        .option("js.string-length-limit", Integer.toString(MAX_TEXT))
        .option("js.function-arguments-limit", Integer.toString(MAX_ARGUMENTS))
        .option("js.load", "false")
        .option("js.print", "false")
        .option("js.console", "false")
        .option("js.polyglot-builtin", "false")
        .option("js.graal-builtin", "false")
        .build();
  }

  ScriptWatchdog watchdog() {
    return watchdog;
  }

  CcxtBundle bundle() {
    return bundle;
  }

  Source prelude() {
    return prelude;
  }

  Source ccxt() {
    return ccxt;
  }

  Source driver() {
    return driver;
  }

  @Override
  public void close() {
    watchdog.close();
    engine.close(true);
  }
}
