package io.cryptofeed.connect.exchange.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * The options of a venue that a user can choose.
 *
 * @param sandbox whether the venue's test hosts are used
 * @param websocketUrl replaces the WebSocket URLs of the profile; null for those of the profile
 * @param restUrl replaces the base of REST requests; null for that of the profile
 * @param tradesMode the mode of the trade stream, one of the exchange's {@code tradeModes}; null
 *     for the first of them
 * @param bookMode the mode of the book stream, one of the exchange's {@code bookModes}; null for
 *     the first of them
 * @param bookDepth the smallest wanted depth in levels per side; 0 for the default of the profile
 */
public record VenueOptions(
    boolean sandbox,
    @Nullable URI websocketUrl,
    @Nullable URI restUrl,
    @Nullable String tradesMode,
    @Nullable String bookMode,
    int bookDepth) {

  /** The live venue with the defaults of its profile. */
  public static final VenueOptions LIVE = new VenueOptions(false, null, null, null, null, 0);

  /**
   * Whether a URL names only a host, so that it keeps the path of the profile. A slash is not a
   * path.
   */
  public static boolean namesHostOnly(URI url) {
    return url.getRawQuery() == null
        && (url.getRawPath() == null || url.getRawPath().matches("/*"));
  }
}
