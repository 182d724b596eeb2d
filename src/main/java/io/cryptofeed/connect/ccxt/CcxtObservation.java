package io.cryptofeed.connect.ccxt;

import io.cryptofeed.connect.market.ChannelLayout;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message of a plain channel as CCXT has normalised it.
 *
 * @param layout of the channel
 * @param symbol CCXT's
 * @param timestampMs the event time, milliseconds since the epoch; -1 when unknown
 * @param values one for each field of the layout, as text: numbers as the exchange wrote them,
 *     times in milliseconds since the epoch; null where the exchange sends none
 * @param receiveNs the receive time, nanoseconds since the epoch
 */
public record CcxtObservation(
    ChannelLayout layout,
    String symbol,
    long timestampMs,
    List<@Nullable String> values,
    long receiveNs) {}
