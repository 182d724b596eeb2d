package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.HealthSettings.Method;
import io.cryptofeed.connect.proxy.settings.HealthSettings.Target;
import io.cryptofeed.connect.proxy.settings.HostPattern;
import io.cryptofeed.connect.text.KnownSecrets;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads what probes go to. */
final class TargetReader {

  private static final String KEY = "proxy.health.target";
  private static final Pattern HOST_AND_PORT =
      Pattern.compile("(?<host>[^\\s:/\\[\\]@]+|\\[[0-9a-fA-F:.]+\\]):(?<port>[0-9]{1,5})");
  private static final Pattern URL =
      Pattern.compile(
          "(?<scheme>https?)://(?<host>[^\\s:/\\[\\]@?#]+|\\[[0-9a-fA-F:.]+\\])(?::(?<port>[0-9]{1,5}))?"
              + "(?<path>/[^\\s#]*)?",
          Pattern.CASE_INSENSITIVE);

  private final TypedValues values;

  TargetReader(TypedValues values) {
    this.values = values;
  }

  @Nullable Target read(Method method) {
    Value value = values.get(KEY);
    if (value == null) {
      if (method == Method.HTTP) {
        values.faults().error(KEY, "the method http needs a URL to ask for; set " + KEY);
      }
      return null;
    }
    Target target = method == Method.HTTP ? url(value.text()) : hostAndPort(value.text());
    if (target == null) {
      values
          .faults()
          .error(
              value,
              method == Method.HTTP
                  ? "the method http takes a URL, such as https://api.example.com/time"
                  : "the method "
                      + method.name().toLowerCase(Locale.ROOT)
                      + " takes host:port, such as api.example.com:443");
    }
    return target;
  }

  private static @Nullable Target hostAndPort(String text) {
    Matcher parts = HOST_AND_PORT.matcher(text);
    return parts.matches() ? target(false, parts.group("host"), parts.group("port"), "/") : null;
  }

  private static @Nullable Target url(String text) {
    Matcher parts = URL.matcher(text);
    if (!parts.matches()) {
      return null;
    }
    boolean secure = parts.group("scheme").equalsIgnoreCase("https");
    String port = parts.group("port");
    String path = parts.group("path");
    return target(
        secure,
        parts.group("host"),
        port == null ? (secure ? "443" : "80") : port,
        path == null ? "/" : path);
  }

  private static @Nullable Target target(
      boolean secure, String host, String port, String pathAndQuery) {
    int number = Integer.parseInt(port);
    int query = pathAndQuery.indexOf('?');
    if (query >= 0) {
      KnownSecrets.addQuery(pathAndQuery.substring(query + 1));
    }
    String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    boolean isHost =
        HostPattern.parse(bare).isPresent() && bare.indexOf('*') < 0 && bare.indexOf('/') < 0;
    return isHost && number >= 1 && number <= 65_535
        ? new Target(secure, bare, number, pathAndQuery)
        : null;
  }
}
