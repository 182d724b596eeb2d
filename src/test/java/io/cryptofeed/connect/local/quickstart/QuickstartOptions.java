package io.cryptofeed.connect.local.quickstart;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The user's choices, from system properties.
 *
 * @param seconds {@code quickstart.seconds}: how long to stream, 0 for until Ctrl-C
 * @param live {@code quickstart.live}: whether to stream from the live exchanges
 * @param connectorFile {@code quickstart.config}: the connector to post
 */
record QuickstartOptions(int seconds, boolean live, Path connectorFile) {

  /**
   * Reads the system properties; an empty one is treated as not set.
   *
   * @throws IllegalArgumentException if the seconds are not a whole number above 0
   */
  static QuickstartOptions ofSystemProperties() {
    return new QuickstartOptions(
        seconds(System.getProperty("quickstart.seconds", "").trim()),
        Boolean.parseBoolean(System.getProperty("quickstart.live", "").trim()),
        Path.of(System.getProperty("quickstart.config", "connector-config/quickstart.json")));
  }

  private static int seconds(String text) {
    if (text.isEmpty()) {
      return 0;
    }
    try {
      int seconds = Integer.parseInt(text);
      if (seconds > 0) {
        return seconds;
      }
    } catch (NumberFormatException e) {
      // Reported below, like a number that is too small.
    }
    throw new IllegalArgumentException(
        "-Dquickstart.seconds="
            + text
            + " is not a number of seconds: give a whole number above 0, or leave it out to stream"
            + " until Ctrl-C");
  }

  /** The end of a run that starts at this time. */
  Instant end(Instant start) {
    return seconds == 0 ? Instant.MAX : start.plus(Duration.ofSeconds(seconds));
  }
}
