package io.cryptofeed.connect.proxy.connect;

import io.cryptofeed.connect.proxy.connect.ConnectFailure.Stage;
import io.cryptofeed.connect.proxy.pool.FailureKind;
import io.cryptofeed.connect.proxy.settings.Scheme;
import io.netty.handler.codec.TooLongFrameException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.proxy.HttpProxyHandler.HttpProxyConnectException;
import io.netty.handler.proxy.ProxyConnectException;
import io.netty.handler.ssl.NotSslRecordException;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Explains a failed attempt: what was wrong, on which route, and the cure. Never a secret. */
final class FailureDiagnosis {

  /** The proxy's response, as in the messages of Netty's proxy handlers. */
  private static final Pattern ANSWER =
      Pattern.compile("(?<what>status|authStatus|authMethod): (?<code>[0-9A-Z_]+)(?<text>[^\\n]*)");

  private static final String BASIC = "Basic";

  /** The name of an authentication scheme in a list of challenges; parameters have a value. */
  private static final Pattern SCHEME =
      Pattern.compile("(?:^|,)\\s*([A-Za-z][A-Za-z0-9-]*)(?=\\s*(?:,|$)|\\s+[^=\\s,])");

  private final Hop hop;
  private final String target;
  private final int port;

  FailureDiagnosis(Hop hop, Destination to) {
    this.hop = hop;
    this.target = to.host() + ":" + to.port();
    this.port = to.port();
  }

  ConnectFailure noHostName() {
    return failure(Stage.ROUTE, FailureKind.NO_WAY, "'" + target + "' is not a host name", null);
  }

  ConnectFailure noIpv6OverSocks4() {
    return failure(
        Stage.ROUTE,
        FailureKind.PROXY_DENIED,
        proxy() + " cannot reach " + target + ", which has no IPv4 address; use socks5",
        null);
  }

  ConnectFailure noAddress(String host, @Nullable Throwable cause) {
    boolean isOfTheProxy = hop.proxy() != null && hop.proxy().host().equals(host);
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
        hop.proxy() != null
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
    String within = " within " + hop.timeout().toMillis() + " ms";
    String message =
        switch (stage) {
          case DNS ->
              "no response from the name servers" + hopText() + within + "; check them" + keyText();
          case PROXY_TLS ->
              proxy()
                  + " did not finish the TLS handshake"
                  + within
                  + "; if this proxy uses plain HTTP, write http:// in "
                  + hop.key();
          case TUNNEL -> proxy() + " did not open a tunnel to " + target + within + wrongScheme();
          case TCP, ROUTE ->
              hop.proxy() != null
                  ? proxy() + " did not respond" + within + "; check that it runs there" + keyText()
                  : target + " did not respond" + within;
        };
    return failure(stage, stage == Stage.TUNNEL ? FailureKind.AMBIGUOUS : hopKind(), message, null);
  }

  /** The proxy was reached, and did not open the tunnel. */
  ConnectFailure refused(Stage stage, @Nullable Throwable cause) {
    return stage == Stage.PROXY_TLS
        ? failure(stage, FailureKind.PROXY_TLS, tlsFailed(cause), cause)
        : failure(stage, refusal(cause), tunnelRefused(cause), cause);
  }

  /** What caused a failure to reach the next hop. */
  private FailureKind hopKind() {
    return hop.proxy() == null ? FailureKind.TARGET : FailureKind.PROXY_DOWN;
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
      // Not every proxy has a status of its own for a destination that could not be reached.
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
      return proxy() + " does not use TLS; if it uses plain HTTP, write http:// in " + hop.key();
    }
    Throwable fault = innermost(cause);
    String reason = words(fault);
    if (fault instanceof IOException && !(fault instanceof SSLException)) {
      return proxy()
          + " closed the connection during the TLS handshake ("
          + reason
          + "); if it uses plain HTTP, write http:// in "
          + hop.key();
    }
    return "TLS with "
        + proxy()
        + " failed ("
        + reason
        + "); "
        + (reason.startsWith(PinnedTrust.MISMATCH)
            ? "check proxy.tls.pins, and which server responds there"
            : "its certificate must be for the host in "
                + hop.key()
                + ", from an issuer that the worker's JVM trusts (javax.net.ssl.trustStore) or that"
                + " proxy.tls.truststore.location holds");
  }

  private String tunnelRefused(@Nullable Throwable cause) {
    return answer(cause)
        .map(
            answer ->
                proxyScheme().isHttp()
                    ? httpAnswer(answer.group("code"), answer.group("text").strip(), schemes(cause))
                    : socksAnswer(answer.group("what"), answer.group("code"), answer.group("text")))
        .orElseGet(
            () ->
                proxy()
                    + find(cause, TooLongFrameException.class)
                        .map(tooLong -> " sent " + tooLong.getMessage())
                        .orElseGet(() -> " closed the connection (" + words(innermost(cause)) + ")")
                    + " instead of opening a tunnel to "
                    + target
                    + wrongScheme());
  }

  private String httpAnswer(String status, String reason, List<String> schemes) {
    String answer = " (" + (status + " " + reason).strip() + ")";
    return switch (status) {
      case "401", "407" -> credentialsRefused(answer, schemes);
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
              + ": it cannot resolve the name, has no network route to it, or the host does not respond";
      default -> proxy() + " did not open a tunnel to " + target + answer + wrongScheme();
    };
  }

  private String socksAnswer(String what, String code, String number) {
    String answer =
        " (" + code + number.replaceAll("\\((\\d+)\\)", code.equals("UNKNOWN") ? " $1" : "") + ")";
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
              + " does not accept "
              + target
              + answer
              + ": it does not support IPv6, or host names; use another";
      case "CONNECTION_REFUSED" -> target + " refused the connection of " + proxy() + answer;
      case "REJECTED_OR_FAILED" ->
          proxy() + " rejected or could not reach " + target + answer + wrongScheme();
      default ->
          proxy()
              + " could not reach "
              + target
              + answer
              + ": it cannot resolve the name, or has no network route to it";
    };
  }

  private String credentialsRefused(String answer) {
    return credentialsRefused(answer, List.of());
  }

  /**
   * @param schemes the authentication schemes that an HTTP proxy offers
   */
  private String credentialsRefused(String answer, List<String> schemes) {
    String offer = schemes.isEmpty() ? "" : ", it offers " + String.join(", ", schemes);
    if (!schemes.isEmpty() && schemes.stream().noneMatch(BASIC::equalsIgnoreCase)) {
      return proxy()
          + " requires authentication by "
          + String.join(" or ", schemes)
          + answer
          + ", and the connector can only use Basic; allow Basic there, or allow this worker without"
          + " authentication";
    }
    return hop.proxy() != null && hop.proxy().credentials() == null
        ? proxy()
            + " requires a user name and a password"
            + answer
            + offer
            + "; set them next to "
            + hop.key()
        : proxy()
            + " rejected the credentials"
            + answer
            + offer
            + "; check the user name and the password of "
            + hop.key();
  }

  /** The authentication schemes that an HTTP proxy offers, in its order. */
  private static List<String> schemes(@Nullable Throwable cause) {
    return find(cause, HttpProxyConnectException.class)
        .map(HttpProxyConnectException::headers)
        .map(headers -> headers.getAll(HttpHeaderNames.PROXY_AUTHENTICATE))
        .orElse(List.of())
        .stream()
        .flatMap(challenges -> SCHEME.matcher(challenges).results())
        .map(result -> result.group(1))
        .distinct()
        .toList();
  }

  private String wrongScheme() {
    return "; check that its protocol is "
        + proxyScheme().code()
        + ", not one of "
        + otherSchemes();
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
    return Objects.requireNonNull(hop.proxy()).scheme();
  }

  private String proxy() {
    return "proxy " + hop.egress();
  }

  private String hopText() {
    return hop.proxy() != null ? " for the route through " + proxy() : "";
  }

  private String keyText() {
    return hop.proxy() != null ? " and " + hop.key() : "";
  }

  private ConnectFailure failure(
      Stage stage, FailureKind kind, String message, @Nullable Throwable cause) {
    return new ConnectFailure(stage, kind, hop.egress(), message, cause);
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
