package io.cryptofeed.connect.exchange.spi;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/**
 * What a user can choose about a venue.
 *
 * @param sandbox whether the venue's test hosts are used
 * @param websocketUrl replaces the WebSocket URLs of the profile; null for the profile's own
 * @param restUrl replaces the base of REST requests; null for the profile's own
 * @param tradesMode which trade stream, one of the exchange's {@code tradeModes}; null for the
 *     first of them
 * @param bookMode which book stream, one of the exchange's {@code bookModes}; null for the first of
 *     them
 * @param bookDepth how many levels a side are wanted at least; 0 for what the profile prefers
 */
public record VenueOptions(
    boolean sandbox,
    @Nullable URI websocketUrl,
    @Nullable URI restUrl,
    @Nullable String tradesMode,
    @Nullable String bookMode,
    int bookDepth) {

  /** The live venue, as its profile says. */
  public static final VenueOptions LIVE = new VenueOptions(false, null, null, null, null, 0);
}
