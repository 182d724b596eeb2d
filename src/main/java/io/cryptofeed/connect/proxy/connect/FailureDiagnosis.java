package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.settings.Scheme;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** What a failed attempt means: what was wrong, on which route, and the cure. Never a secret. */
final class FailureDiagnosis {

  /** The proxy's answer, in the words of Netty's proxy handlers. */
  private static final Pattern ANSWER =
      Pattern.compile("(?<what>status|authStatus|authMethod): (?<code>[0-9A-Z_]+)(?<text>[^\\n]*)");

  private final Hop leg;
  private final String target;
  private final int port;

  FailureDiagnosis(Hop leg, Destination to) {
    this.leg = leg;
    this.target = to.host() + ":" + to.port();
    this.port = to.port();
  }

  ConnectFailure noHostName() {
    return failure(Stage.ROUTE, FailureKind.NO_WAY, "'" + target + "' is no host name", null);
  }

  ConnectFailure noIpv6OverSocks4() {
    return failure(
        Stage.ROUTE,
        FailureKind.PROXY_DENIED,
        proxy() + " can't reach " + target + ", which has no IPv4 address; use socks5",
        null);
  }

  ConnectFailure noAddress(String host, @Nullable Throwable cause) {
    boolean isOfTheProxy = leg.proxy() != null && leg.proxy().host().equals(host);
    return failure(
        Stage.DNS,
        isOfTheProxy ? FailureKind.PROXY_DOWN : FailureKind.TARGET,
        "no address found for '" + host + "'" + hopText() + "; check the name" + keyText(),
        cause);
  }

  ConnectFailure unreachable(@Nullable Throwable cause) {
    return failure(
        Stage.TCP,
        hopKind(),
        leg.proxy() != null
            ? "cannot reach "
                + proxy()
                + " ("
                + words(cause)
                + "); check that it runs there"
                + keyText()
            : "cannot reach " + target + " directly (" + words(cause) + ")",
        cause);
  }

  ConnectFailure tooSlow(Stage stage) {
    String within = " within " + leg.timeout().toMillis() + " ms";
    String message =
        switch (stage) {
          case DNS ->
              "no answer from the name servers" + hopText() + within + "; check them" + keyText();
          case PROXY_TLS ->
              proxy()
                  + " did not finish the TLS handshake"
                  + within
                  + "; if this proxy speaks plain HTTP, write http:// in "
                  + leg.key();
          case TUNNEL -> proxy() + " did not open a tunnel to " + target + within + wrongScheme();
          case TCP, ROUTE ->
              leg.proxy() != null
                  ? proxy() + " did not answer" + within + "; check that it runs there" + keyText()
                  : target + " did not answer" + within;
        };
    return failure(stage, stage == Stage.TUNNEL ? FailureKind.AMBIGUOUS : hopKind(), message, null);
  }

  /** The proxy was reached, and did not open the tunnel. */
  ConnectFailure refused(Stage stage, @Nullable Throwable cause) {
    return stage == Stage.PROXY_TLS
        ? failure(stage, FailureKind.PROXY_TLS, tlsFailed(cause), cause)
        : failure(stage, refusal(cause), tunnelRefused(cause), cause);
  }

  /** Who is to blame when a step towards the next hop fails. */
  private FailureKind hopKind() {
    return leg.proxy() == null ? FailureKind.TARGET : FailureKind.PROXY_DOWN;
  }

  private FailureKind refusal(@Nullable Throwable cause) {
    return answer(cause)
        .map(
            answer ->
                proxyScheme().isHttp()
                    ? httpKind(answer.group("code"))
                    : socksKind(answer.group("what"), answer.group("code")))
        .orElse(FailureKind.AMBIGUOUS);
  }

  private static FailureKind httpKind(String status) {
    return switch (status) {
      case "401", "407" -> FailureKind.PROXY_AUTH;
      // Not every proxy has its own word for a destination that could not be reached.
      default ->
          status.startsWith("4")
              ? FailureKind.PROXY_DENIED
              : status.startsWith("5") ? FailureKind.AMBIGUOUS : FailureKind.PROXY_DOWN;
    };
  }

  private static FailureKind socksKind(String what, String code) {
    if (!what.equals("status") || code.startsWith("IDENTD")) {
      return FailureKind.PROXY_AUTH;
    }
    return switch (code) {
      case "FORBIDDEN", "COMMAND_UNSUPPORTED", "ADDRESS_UNSUPPORTED" -> FailureKind.PROXY_DENIED;
      case "CONNECTION_REFUSED" -> FailureKind.TARGET;
      default -> FailureKind.AMBIGUOUS;
    };
  }

  private static Optional<Matcher> answer(@Nullable Throwable cause) {
    return chain(cause)
        .map(link -> ANSWER.matcher(String.valueOf(link.getMessage())))
        .filter(Matcher::find)
        .findFirst();
  }

  private String tlsFailed(@Nullable Throwable cause) {
    if (find(cause, NotSslRecordException.class).isPresent()) {
      return proxy()
          + " does not speak TLS; if it speaks plain HTTP, write http:// in "
          + leg.key();
    }
    Throwable fault = innermost(cause);
    String reason = words(fault);
    if (fault instanceof IOException && !(fault instanceof SSLException)) {
      return proxy()
          + " broke off the TLS handshake ("
          + reason
          + "); if it speaks plain HTTP, write http:// in "
          + leg.key();
    }
    return "TLS with "
        + proxy()
        + " failed ("
        + reason
        + "); "
        + (reason.startsWith(PinnedTrust.MISMATCH)
            ? "check proxy.tls.pins, and who answers there"
            : "its certificate must be for the host in "
                + leg.key()
                + ", from an issuer that the worker's JVM trusts (javax.net.ssl.trustStore) or that"
                + " proxy.tls.truststore.location holds");
  }

  private String tunnelRefused(@Nullable Throwable cause) {
    return answer(cause)
        .map(
            answer ->
                proxyScheme().isHttp()
                    ? httpAnswer(answer.group("code"), answer.group("text").strip())
                    : socksAnswer(answer.group("what"), answer.group("code")))
        .orElseGet(
            () ->
                proxy()
                    + " broke off ("
                    + words(innermost(cause))
                    + ") instead of opening a tunnel to "
                    + target
                    + wrongScheme());
  }

  private String httpAnswer(String status, String reason) {
    String answer = " (" + (status + " " + reason).strip() + ")";
    return switch (status) {
      case "401", "407" -> credentialsRefused(answer);
      case "403" ->
          proxy()
              + " forbids a tunnel to "
              + target
              + answer
              + "; allow CONNECT to this host and port there"
              + (port == 443 ? "" : ", or use an endpoint on port 443");
      case "500", "502", "503", "504" ->
          proxy()
              + " could not reach "
              + target
              + answer
              + ": it does not know the name, has no way there, or nobody answers there";
      default -> proxy() + " did not open a tunnel to " + target + answer + wrongScheme();
    };
  }

  private String socksAnswer(String what, String code) {
    String answer = " (" + code + ")";
    if (what.equals("authMethod")) {
      // Netty gives the same answer for bytes that are not SOCKS at all.
      return credentialsRefused(answer) + wrongScheme();
    }
    if (what.equals("authStatus") || code.startsWith("IDENTD")) {
      return credentialsRefused(answer);
    }
    return switch (code) {
      case "FORBIDDEN" ->
          proxy() + " forbids a tunnel to " + target + answer + "; allow it in the proxy's rules";
      case "COMMAND_UNSUPPORTED" ->
          proxy() + " does not open tunnels" + answer + "; allow CONNECT in the proxy's rules";
      case "ADDRESS_UNSUPPORTED" ->
          proxy()
              + " can't take "
              + target
              + answer
              + ": it knows no IPv6, or no names; use another";
      case "CONNECTION_REFUSED" -> target + " refused the connection of " + proxy() + answer;
      case "REJECTED_OR_FAILED" ->
          proxy() + " rejected or could not reach " + target + answer + wrongScheme();
      default ->
          proxy()
              + " could not reach "
              + target
              + answer
              + ": it does not know the name, or has no way there";
    };
  }

  private String credentialsRefused(String answer) {
    return leg.proxy() != null && leg.proxy().credentials() == null
        ? proxy()
            + " asks for a user name and a password"
            + answer
            + "; set them beside "
            + leg.key()
        : proxy()
            + " refused the user name or the password"
            + answer
            + "; check those of "
            + leg.key();
  }

  private String wrongScheme() {
    return "; check that it speaks " + proxyScheme().code() + " and not one of " + otherSchemes();
  }

  private String otherSchemes() {
    return Stream.of(Scheme.HTTP, Scheme.HTTPS, Scheme.SOCKS4, Scheme.SOCKS5)
        .filter(other -> other != proxyScheme())
        .filter(other -> !(other == Scheme.SOCKS5 && proxyScheme().isSocks5()))
        .map(Scheme::code)
        .toList()
        .toString();
  }

  private Scheme proxyScheme() {
    return Objects.requireNonNull(leg.proxy()).scheme();
  }

  private String proxy() {
    return "proxy " + leg.egress();
  }

  private String hopText() {
    return leg.proxy() != null ? " on the way through " + proxy() : "";
  }

  private String keyText() {
    return leg.proxy() != null ? " and " + leg.key() : "";
  }

  private ConnectFailure failure(
      Stage stage, FailureKind kind, String message, @Nullable Throwable cause) {
    return new ConnectFailure(stage, kind, leg.egress(), message, cause);
  }

  private static Stream<Throwable> chain(@Nullable Throwable cause) {
    return Stream.iterate(cause, link -> link != null, Throwable::getCause);
  }

  private static <T extends Throwable> Optional<T> find(@Nullable Throwable cause, Class<T> type) {
    return chain(cause).filter(type::isInstance).map(type::cast).reduce((outer, inner) -> inner);
  }

  private static @Nullable Throwable innermost(@Nullable Throwable cause) {
    return chain(cause).reduce((outer, inner) -> inner).orElse(null);
  }

  private static String words(@Nullable Throwable cause) {
    if (cause == null) {
      return "no reason given";
    }
    String message = cause.getMessage();
    if (message == null || message.isBlank()) {
      return cause.getClass().getSimpleName();
    }
    // Netty puts protocol, proxy and destination before what happened.
    return cause instanceof ProxyConnectException
        ? message.substring(message.lastIndexOf(", ") + 1).strip()
        : message;
  }
}
