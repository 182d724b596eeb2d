package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.text.UntrustedText;
import org.graalvm.polyglot.Value;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The console of a script. Secrets are masked, long lines are truncated. */
final class HostLog {

  private static final Logger LOG = LoggerFactory.getLogger("io.cryptofeed.connect.ccxt.script");

  private final ScriptContext script;

  HostLog(ScriptContext script) {
    this.script = script;
  }

  @Nullable Object log(Value... arguments) {
    String text = arguments[1].asString();
    switch (arguments[0].asString()) {
      case "error", "warn" -> LOG.warn("exchange={} {}", script.name(), shown(text));
      case "info" -> LOG.info("exchange={} {}", script.name(), shown(text));
      default -> {
        if (LOG.isDebugEnabled()) {
          LOG.debug("exchange={} {}", script.name(), shown(text));
        }
      }
    }
    return null;
  }

  private String shown(String text) {
    return UntrustedText.sanitised(text);
  }
}
