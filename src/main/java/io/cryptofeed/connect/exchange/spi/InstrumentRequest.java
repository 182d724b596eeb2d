package io.cryptofeed.connect.exchange.spi;

/**
 * A request for one page of one of a venue's lists of instruments.
 *
 * @param list the number of the list, from 0
 * @param request what is asked for
 */
public record InstrumentRequest(int list, RestRequest request) {}
