package io.cryptofeed.connect.proxy;

import io.cryptofeed.connect.proxy.manager.Plugins;
import io.cryptofeed.connect.proxy.settings.RegionalSettings;
import io.cryptofeed.connect.proxy.spi.RegionDetector;
import io.cryptofeed.connect.text.LogContext;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The region in which this worker stands: what is configured, or what a detector finds out. Until
 * that is known, what depends on it is refused.
 */
final class Regions {

  private static final Logger LOG = LoggerFactory.getLogger(Regions.class);

  private volatile @Nullable String region;

  /**
   * @throws IllegalArgumentException when the detector cannot be made; names the key
   */
  Regions(RegionalSettings settings) {
    region = settings.region();
    if (settings.enabled() && region == null && settings.detector() != null) {
      detect(Plugins.make(settings.detector(), RegionDetector.class, "proxy.region.detector"));
    }
  }

  /** Two letters in upper case; null when it is not known. */
  @Nullable String region() {
    return region;
  }

  /** On a thread of its own, for it may ask the network. */
  private void detect(RegionDetector detector) {
    Thread thread =
        new Thread(
            LogContext.inherited(
                () -> {
                  try {
                    found(detector.detect());
                  } catch (RuntimeException e) {
                    LOG.warn(
                        "the region could not be detected ({}), so connections that depend on it are refused; set"
                            + " proxy.region",
                        e.getClass().getName());
                  }
                }),
            "cryptofeed-region");
    thread.setDaemon(true);
    thread.setContextClassLoader(Thread.currentThread().getContextClassLoader());
    thread.start();
  }

  private void found(Optional<String> found) {
    String code = found.map(text -> text.strip().toUpperCase(Locale.ROOT)).orElse("");
    if (code.matches("[A-Z]{2}")) {
      region = code;
      LOG.info("region={} source=\"proxy.region.detector\"", code);
    } else {
      LOG.warn(
          "proxy.region.detector did not find a region of two letters, so what depends on it is"
              + " refused; set proxy.region");
    }
  }
}
