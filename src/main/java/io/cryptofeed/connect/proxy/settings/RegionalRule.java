package io.cryptofeed.connect.proxy.settings;

import java.util.Set;

/**
 * The route of some exchanges in some regions.
 *
 * @param regions two-letter codes in upper case; empty means every region
 * @param exchanges exchange ids; empty means every exchange
 * @param transports at least one
 * @param source the rule, for example {@code proxy.regional.rules.1}
 */
public record RegionalRule(
    Set<String> regions, Set<String> exchanges, Set<Transport> transports, Via via, Source source) {

  public RegionalRule {
    regions = Set.copyOf(regions);
    exchanges = Set.copyOf(exchanges);
    transports = Set.copyOf(transports);
  }

  boolean matches(String region, String exchange, Transport transport) {
    return (regions.isEmpty() || regions.contains(region))
        && (exchanges.isEmpty() || exchanges.contains(exchange))
        && transports.contains(transport);
  }
}
