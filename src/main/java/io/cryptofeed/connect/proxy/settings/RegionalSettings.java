package io.cryptofeed.connect.proxy.settings;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Ways that depend on where this worker stands.
 *
 * @param enabled whether the rules are looked at
 * @param region a two-letter code in upper case, null when it is left to the detector
 * @param detector the class that finds the region out, null when it is configured
 * @param rules the first that matches counts
 * @param fallback for a region without a rule, null when there is none
 */
public record RegionalSettings(
    boolean enabled,
    @Nullable String region,
    @Nullable String detector,
    List<RegionalRule> rules,
    @Nullable Section fallback) {

  /** No rules. */
  public static final RegionalSettings NONE =
      new RegionalSettings(false, null, null, List.of(), null);

  public RegionalSettings {
    rules = List.copyOf(rules);
  }
}
