package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.Compliance;
import io.cryptofeed.connect.proxy.settings.Credentials;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Secrets;
import io.cryptofeed.connect.proxy.settings.Via;
import io.cryptofeed.connect.text.Nearest;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads the routes of a configuration: a URL with or without credentials beside it, or a pool. Used
 * by one thread.
 */
final class RouteReader {

  private static final String DIRECT = "direct";

  private final TypedValues values;
  private final Faults faults;
  private final Compliance compliance;
  private final Set<String> pools;
  private final Set<String> poolsUsed = new LinkedHashSet<>();

  /**
   * @param pools the names of all pools
   */
  RouteReader(TypedValues values, Compliance compliance, Set<String> pools) {
    this.values = values;
    this.faults = values.faults();
    this.compliance = compliance;
    this.pools = pools;
  }

  /** The route at one place, and the value that configured it. */
  record Configured(Via via, Value value) {}

  /**
   * Reads {@code url}, {@code pool}, {@code username} and {@code password} below a prefix; null
   * when nothing is configured, or when it is wrong.
   */
  @Nullable Configured read(String prefix) {
    Value url = values.get(prefix + ".url");
    Value pool = values.get(prefix + ".pool");
    if (url != null && pool != null) {
      faults.error(pool, "both " + url.key() + " and " + pool.key() + " are set; keep one");
      return null;
    }
    if (url == null) {
      rejectCredentials(prefix, "credentials without a proxy; set " + prefix + ".url as well");
      return pool == null ? null : pool(pool);
    }
    if (url.text().equalsIgnoreCase(DIRECT)) {
      rejectCredentials(
          prefix,
          "credentials without a proxy; remove them, or name the proxy in "
              + url.key()
              + ", which is 'direct'");
      return new Configured(new Via.Direct(), url);
    }
    ProxyUrl proxy = proxy(url, prefix);
    return proxy == null ? null : new Configured(new Via.Proxy(proxy), url);
  }

  private @Nullable Configured pool(Value value) {
    String name = poolName(value, value.text());
    return name == null ? null : new Configured(new Via.Pool(name), value);
  }

  /** A pool by its name; null, and an error, when there is none of that name. */
  @Nullable String poolName(Value value, String text) {
    String name = text.toLowerCase(Locale.ROOT);
    if (pools.contains(name)) {
      poolsUsed.add(name);
      return name;
    }
    faults.error(
        value,
        "there is no pool "
            + QuotedText.of(name)
            + "; "
            + Nearest.to(name, pools)
                .map(near -> "did you mean " + near + "?")
                .orElse("set proxy.pools.<name>.members for it"));
    return null;
  }

  /** The pools that some place names. */
  Set<String> poolsUsed() {
    return poolsUsed;
  }

  /** A proxy with the credentials that stand beside it; null, and an error, when it is wrong. */
  @Nullable ProxyUrl proxy(Value url, String prefix) {
    ProxyUrl proxy = parsed(url, url.text());
    if (proxy == null) {
      return null;
    }
    proxy = withCredentials(proxy, url, prefix);
    check(proxy, url, "");
    return proxy;
  }

  /** A proxy of a list. */
  @Nullable ProxyUrl member(Value list, String text, String whose) {
    if (text.isBlank()) {
      faults.error(list, whose + " is empty");
      return null;
    }
    if (text.strip().equalsIgnoreCase(DIRECT)) {
      faults.error(list, "a pool cannot contain 'direct'; set proxy.fallback=direct");
      return null;
    }
    try {
      ProxyUrl proxy = ProxyUrl.parse(text);
      check(proxy, list, whose + ": ");
      return proxy;
    } catch (IllegalArgumentException e) {
      faults.error(list, whose + ": " + e.getMessage());
      return null;
    }
  }

  private void check(ProxyUrl proxy, Value value, String whose) {
    compliance.fault(proxy).ifPresent(fault -> faults.error(value, whose + fault));
  }

  private @Nullable ProxyUrl parsed(Value value, String text) {
    try {
      return ProxyUrl.parse(text);
    } catch (IllegalArgumentException e) {
      faults.error(value, String.valueOf(e.getMessage()));
      return null;
    }
  }

  private void rejectCredentials(String prefix, String message) {
    for (String leaf : new String[] {".username", ".password"}) {
      Value value = values.get(prefix + leaf);
      if (value != null) {
        faults.error(value, message);
      }
    }
  }

  private ProxyUrl withCredentials(ProxyUrl proxy, Value url, String prefix) {
    Value username = values.get(prefix + ".username");
    Value password = values.get(prefix + ".password");
    Value given = username != null ? username : password;
    if (given == null) {
      return proxy;
    }
    if (proxy.credentials() != null) {
      faults.error(given, "credentials are given twice, here and in " + url.key() + "; keep one");
      return proxy;
    }
    if (username == null) {
      faults.error(given, "a password without a user name; set the user name as well");
      return proxy;
    }
    Credentials credentials =
        new Credentials(username.text(), password == null ? "" : password.text());
    fault(username, credentials.userFault(proxy.scheme()));
    if (password != null) {
      fault(password, credentials.passwordFault(proxy.scheme()));
    }
    return proxy.with(credentials);
  }

  private void fault(Value value, Optional<String> ofForm) {
    Secrets.fault(value.text()).or(() -> ofForm).ifPresent(fault -> faults.error(value, fault));
  }
}
