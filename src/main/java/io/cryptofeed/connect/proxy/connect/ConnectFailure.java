package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.text.UntrustedText;
import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection could not be opened. The message names the route and the cure, never a secret. */
public final class ConnectFailure extends IOException {

  private static final long serialVersionUID = 1L;

  private final Stage stage;
  private final FailureKind kind;
  private final String egress;
  private final Duration retryAfter;

  /**
   * @param stage how far the attempt came
   * @param kind what caused it
   * @param egress {@code direct}, or the proxy without credentials, or {@code none}
   * @param message what failed, where, and the cure
   */
  public ConnectFailure(
      Stage stage, FailureKind kind, String egress, String message, @Nullable Throwable cause) {
    this(stage, kind, egress, message, Duration.ZERO, cause);
  }

  /**
   * @param retryAfter when trying again may help, zero when that is not known
   */
  public ConnectFailure(
      Stage stage,
      FailureKind kind,
      String egress,
      String message,
      Duration retryAfter,
      @Nullable Throwable cause) {
    super(UntrustedText.sanitised(message), cause);
    this.retryAfter = retryAfter;
    this.stage = stage;
    this.kind = kind;
    this.egress = egress;
  }

  /** How far the attempt came. */
  public Stage stage() {
    return stage;
  }

  /** When trying again may help; zero when that is not known. */
  public Duration retryAfter() {
    return retryAfter;
  }

  /** What caused it. */
  public FailureKind kind() {
    return kind;
  }

  /**
   * {@code direct}, or the proxy as {@code scheme://host:port}; {@code none} when there was no
   * route.
   */
  public String egress() {
    return egress;
  }

  /** The step at which an attempt failed. */
  public enum Stage {
    /** The name of the proxy, or of the destination of a direct connection, has no address. */
    DNS,
    /** TCP to the proxy, or to the destination of a direct connection. */
    TCP,
    /** TLS with an https proxy. */
    PROXY_TLS,
    /** The proxy did not open the tunnel. */
    TUNNEL,
    /** The configuration allows no route, or the route cannot reach this destination. */
    ROUTE
  }
}
