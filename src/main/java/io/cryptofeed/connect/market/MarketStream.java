package io.cryptofeed.connect.market;

/**
 * One channel of one instrument: the unit that is subscribed, watched and resynchronised.
 *
 * @param channel the kind of data
 * @param instrument what it is about
 */
public record MarketStream(Channel channel, Instrument instrument) {

  @Override
  public String toString() {
    return instrument.key() + '/' + channel.code();
  }
}
