package io.cryptofeed.connect.exchange;

/**
 * A GET request without credentials.
 *
 * @param pathAndQuery appended to {@link Exchange#restUrl()}, begins with a slash
 * @param weight what the request costs in the venue's rate-limit units, at least 1
 * @param maxResponseBytes a larger answer is refused
 */
public record RestRequest(String pathAndQuery, int weight, int maxResponseBytes) {}
