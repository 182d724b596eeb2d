package io.cryptofeed.connect.proxy.settings;

import java.time.Duration;

/**
 * Alerts, logs and the endpoint of the proxy layer.
 *
 * @param latencyAlert an average connect time above it is an alert; zero for no alert
 * @param successRateAlertPercent a success rate below it is an alert, 0 (never) to 100
 * @param detailedLogging whether every connection is logged
 */
public record MonitoringSettings(
    Duration latencyAlert, int successRateAlertPercent, boolean detailedLogging) {

  /** What is done where nothing is said. */
  public static final MonitoringSettings DEFAULT =
      new MonitoringSettings(Duration.ofMillis(500), 95, false);
}
