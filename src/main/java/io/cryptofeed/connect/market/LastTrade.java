package io.cryptofeed.connect.market;

/**
 * The last trade of an instrument that is safely in Kafka.
 *
 * @param id the venue's id, empty where it is not known
 * @param sequence its number where the venue's numbers are consecutive, else {@link
 *     Trade#NO_SEQUENCE}
 * @param eventNs the venue's time of it, nanoseconds since the epoch; 0 where it is not known
 */
public record LastTrade(String id, long sequence, long eventNs) {}
