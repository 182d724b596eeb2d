package io.cryptofeed.connect.proxy.spi;

import java.util.Optional;

/**
 * Finds out in which region this worker stands. Has a public constructor without parameters; named
 * by {@code proxy.region.detector}.
 */
public interface RegionDetector {

  /**
   * The region, as two letters; empty when it cannot be detected. Called once, when the first task
   * of a connector starts; may block for some seconds.
   */
  Optional<String> detect();
}
