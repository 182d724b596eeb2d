package io.cryptofeed.connect.proxy.monitor;

import io.cryptofeed.connect.proxy.pool.ProxyEvents.Exit;
import io.cryptofeed.connect.proxy.settings.Transport;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One line for every connection that was opened, closed, refused, or went without its proxy, on a
 * logger of its own. Every line begins with the same fields, all lines are of level INFO, and none
 * holds a secret.
 */
public final class AuditLog {

  /** The name of the logger. */
  public static final String NAME = "io.cryptofeed.connect.proxy.audit";

  private static final Logger LOG = LoggerFactory.getLogger(NAME);

  void opened(String exchange, Transport transport, String target, Exit exit, Duration took) {
    if (LOG.isInfoEnabled()) {
      write(line("opened", exchange, transport, target, exit).with("took_ms", took.toMillis()));
    }
  }

  void closed(
      String exchange,
      Transport transport,
      String target,
      Exit exit,
      Duration lifetime,
      long bytesRead,
      long bytesWritten) {
    if (LOG.isInfoEnabled()) {
      write(
          line("closed", exchange, transport, target, exit)
              .with("lifetime_ms", lifetime.toMillis())
              .with("bytes_read", bytesRead)
              .with("bytes_written", bytesWritten));
    }
  }

  void refused(String exchange, Transport transport, String target, String route, String reason) {
    if (LOG.isInfoEnabled()) {
      write(
          line("refused", exchange, transport, target, route, "none", null).with("reason", reason));
    }
  }

  void directFallback(
      String exchange, Transport transport, String target, String route, String reason) {
    if (LOG.isInfoEnabled()) {
      write(
          line("direct_fallback", exchange, transport, target, route, "direct", null)
              .with("reason", reason));
    }
  }

  private static LogFields line(
      String event, String exchange, Transport transport, String target, Exit exit) {
    return line(event, exchange, transport, target, exit.route(), exit.egress(), exit.region());
  }

  private static LogFields line(
      String event,
      String exchange,
      Transport transport,
      String target,
      String route,
      String egress,
      @Nullable String region) {
    return new LogFields()
        .with("event", event)
        .with("exchange", exchange)
        .with("transport", transport.code())
        .with("target", target)
        .with("route", route)
        .with("egress", egress)
        .with("region", region);
  }

  private static void write(LogFields line) {
    LOG.info("{}", line);
  }
}
