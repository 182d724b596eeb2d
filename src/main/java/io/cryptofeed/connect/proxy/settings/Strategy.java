package io.cryptofeed.connect.proxy.settings;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How a pool chooses among the members that may be used. */
public enum Strategy {
  /** One after the other. */
  ROUND_ROBIN,
  /** Any, all alike. */
  RANDOM,
  /** Any, in proportion to the weights. */
  WEIGHTED,
  /** The one with the fewest open connections. */
  LEAST_CONNECTIONS,
  /** The one with the lowest priority number, and among equals the first. */
  FAILOVER,
  /** The one that answers soonest, with some exploration. */
  LATENCY,
  /** The one that promises the lowest cost, learnt by Thompson sampling. */
  ADAPTIVE;

  /** The lower-case name used in configuration values. */
  public String code() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Reads a code without regard to case; {@code least_latency} is another word for latency. */
  public static Optional<Strategy> of(String text) {
    String code = text.strip().toLowerCase(Locale.ROOT).replace('-', '_');
    String name = code.equals("least_latency") ? "latency" : code;
    return Arrays.stream(values()).filter(strategy -> strategy.code().equals(name)).findFirst();
  }

  /** All codes. */
  public static List<String> codes() {
    return Arrays.stream(values()).map(Strategy::code).toList();
  }
}
