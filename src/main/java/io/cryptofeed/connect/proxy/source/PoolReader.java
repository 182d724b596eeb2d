package io.cryptofeed.connect.proxy.source;

import io.cryptofeed.connect.proxy.settings.MemberSettings;
import io.cryptofeed.connect.proxy.settings.PoolSettings;
import io.cryptofeed.connect.proxy.settings.ProxyUrl;
import io.cryptofeed.connect.proxy.settings.Sticky;
import io.cryptofeed.connect.proxy.settings.Strategy;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Reads the pools of a configuration. Used by one thread. */
final class PoolReader {

  private final TypedValues values;
  private final Faults faults;
  private final RouteReader routes;
  private final Predicate<String> isManaged;

  /**
   * @param isManaged whether a manager supplies the members of a pool
   */
  PoolReader(TypedValues values, RouteReader routes, Predicate<String> isManaged) {
    this.values = values;
    this.faults = values.faults();
    this.routes = routes;
    this.isManaged = isManaged;
  }

  PoolSettings read(String name) {
    String pool = "proxy.pools." + name;
    List<MemberSettings> members = members(name, pool);
    Strategy strategy =
        values.choice(pool + ".strategy", Strategy::of).orElse(Strategy.ROUND_ROBIN);
    boolean equalWeights = members.stream().map(MemberSettings::weight).distinct().count() < 2;
    if (strategy == Strategy.WEIGHTED && members.size() > 1 && equalWeights) {
      faults.warn(pool + ".strategy: weighted, but all members have the same weight");
    }
    return new PoolSettings(
        name,
        members,
        strategy,
        Sticky.valueOf(values.choice(pool + ".sticky").toUpperCase(Locale.ROOT)),
        values.millis(pool + ".sticky.ttl.ms"),
        values.millis(pool + ".tolerance.ms"),
        values.count(pool + ".explore.percent"),
        values.choice(pool + ".panic").equals("all"),
        values.count(pool + ".panic.percent"),
        values.count(pool + ".max.connections"),
        values.count(pool + ".max.connects.per.5m"),
        values.count(pool + ".weight.per.minute"),
        values.statuses(pool + ".cooldown.statuses"),
        values.millis(pool + ".cooldown.ms"),
        values.statuses(pool + ".rotate.on.status"));
  }

  private List<MemberSettings> members(String name, String pool) {
    List<MemberSettings> members = new ArrayList<>();
    Value list = values.get(pool + ".members");
    boolean isBlank = list == null || list.text().isBlank();
    List<Integer> numbers = values.numbersUnder(pool + ".members.");
    if (list != null && !isBlank) {
      addListed(list, name, members);
    }
    for (int number : numbers) {
      MemberSettings member = numbered(pool + ".members." + number, number, name);
      if (member != null) {
        members.add(member);
      }
    }
    checkAny(name, pool, list, isBlank && numbers.isEmpty(), members);
    return members;
  }

  private void addListed(Value list, String name, List<MemberSettings> members) {
    String[] parts = list.text().split("[,\n]", -1);
    for (int i = 0; i < parts.length; i++) {
      String whose = "member " + (i + 1) + " of pool '" + name + "'";
      ProxyUrl url = routes.member(list, parts[i], whose);
      if (url != null) {
        members.add(MemberSettings.of(url));
      }
    }
  }

  private @Nullable MemberSettings numbered(String member, int number, String name) {
    Value url = values.get(member + ".url");
    if (url == null) {
      faults.error(
          member + ".url", "member " + number + " of pool '" + name + "' has no URL; set it");
      return null;
    }
    if (url.text().equalsIgnoreCase("direct")) {
      faults.error(url, "a pool cannot contain 'direct'; set proxy.fallback=direct");
      return null;
    }
    ProxyUrl proxy = routes.proxy(url, member);
    double weight = values.number(member + ".weight");
    int priority = values.count(member + ".priority");
    boolean enabled = values.flag(member + ".enabled");
    String region = values.text(member + ".region");
    return proxy == null
        ? null
        : new MemberSettings(
            proxy,
            weight,
            region == null ? null : region.toUpperCase(Locale.ROOT),
            priority,
            enabled);
  }

  private void checkAny(
      String name,
      String pool,
      @Nullable Value list,
      boolean saysNone,
      List<MemberSettings> members) {
    String key = pool + ".members";
    if (saysNone) {
      if (!isManaged.test(name)) {
        String message = "pool '" + name + "' has no members (an empty pool never means direct)";
        if (list == null) {
          faults.error(key, message);
        } else {
          faults.error(list, message);
        }
      }
    } else if (!members.isEmpty() && members.stream().noneMatch(MemberSettings::enabled)) {
      faults.error(key, "pool '" + name + "' has no enabled member");
    }
  }
}
