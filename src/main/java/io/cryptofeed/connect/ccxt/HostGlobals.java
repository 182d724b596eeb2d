package io.cryptofeed.connect.ccxt;

import java.util.HashMap;
import java.util.Map;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.proxy.ProxyObject;

/** The functions of the host that {@code ccxt/prelude.js} builds the globals of a script on. */
final class HostGlobals {

  private final ScriptContext script;
  private final HostTimers timers;
  private final Map<String, Object> functions = new HashMap<>();

  HostGlobals(ScriptContext script, HostFetch fetch, HostSockets sockets) {
    this.script = script;
    timers = new HostTimers(script);
    add("startTimer", timers::start);
    add("stopTimer", timers::stop);
    add("log", new HostLog(script)::log);
    add("encodeUtf8", HostCodecs::encodeUtf8);
    add("decodeUtf8", HostCodecs::decodeUtf8);
    add("randomBytes", HostCodecs::randomBytes);
    add("fetch", fetch::fetch);
    add("openSocket", sockets::openSocket);
  }

  private void add(String name, ScriptContext.HostFunction function) {
    functions.put(name, script.function(function));
  }

  /** Evaluates the prelude, which defines the globals and hides the functions of the host. */
  void install(ScriptCode code) {
    script.polyglot().getBindings("js").putMember("__host", ProxyObject.fromMap(functions));
    Value hooks = script.polyglot().eval(code.prelude());
    timers.onDue(hooks.getMember("fireTimer"));
  }
}
