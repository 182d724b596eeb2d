package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Trade;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Hears everything and does nothing, for tests that want one kind of event. */
public class QuietListener implements SessionListener {

  @Override
  public void onTrade(Trade trade) {}

  @Override
  public void onBook(BookUpdate update) {}

  @Override
  public void onObservation(Observation observation) {}

  @Override
  public void onConnectionGap(long expected, long found) {}

  @Override
  public void onNotice(String text) {}

  @Override
  public void onSubscribed(MarketStream stream) {}

  @Override
  public void onRefused(List<MarketStream> streams, String reason) {}

  @Override
  public void onHeartbeat(Instrument instrument, long lastTradeSequence) {}

  @Override
  public void onReply(String frame) {}

  @Override
  public void onReconnectRequested(String reason) {}

  @Override
  public void onVenueError(String reason) {}

  @Override
  public void onUnknown() {}

  @Override
  public void onMalformed(
      @Nullable Instrument instrument, @Nullable Channel channel, String reason) {}
}
