package io.cryptofeed.connect.net;

import java.util.Objects;

/** How we introduce ourselves to exchanges. */
final class UserAgent {

  /** Product and version; {@code dev} when the classes do not come from our jar. */
  static final String VALUE =
      "cryptofeed-kafka-connect/"
          + Objects.requireNonNullElse(
              UserAgent.class.getPackage().getImplementationVersion(), "dev");

  private UserAgent() {}
}
