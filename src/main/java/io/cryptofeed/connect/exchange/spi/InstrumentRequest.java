package io.cryptofeed.connect.exchange.spi;

/**
 * A request for one page of one of a venue's lists of instruments.
 *
 * @param list the index of the list, from 0
 * @param request the request
 */
public record InstrumentRequest(int list, RestRequest request) {}
