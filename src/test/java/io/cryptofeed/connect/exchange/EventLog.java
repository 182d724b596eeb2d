package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Quotes;
import io.cryptofeed.connect.market.Trade;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes down what a session makes of its messages, one line for each event. */
final class EventLog implements SessionListener {

  private final List<String> lines = new ArrayList<>();

  /** The lines since the last call. */
  List<String> take() {
    List<String> taken = List.copyOf(lines);
    lines.clear();
    return taken;
  }

  @Override
  public void onTrade(Trade trade) {
    lines.add(line(trade));
  }

  /** The line of a trade. */
  static String line(Trade trade) {
    return "trade %s id=%s seq=%s %s %s @ %s fills=%d %s at %d"
            .formatted(
                trade.instrument().symbol(),
                trade.id(),
                sequence(trade),
                trade.side().code(),
                trade.numbers().text(1),
                trade.numbers().text(0),
                trade.count(),
                trade.origin().code(),
                trade.eventNs())
        + (trade.hasContracts() ? " contracts " + trade.numbers().text(2) : "");
  }

  private static String sequence(Trade trade) {
    if (trade.sequence() == Trade.NO_SEQUENCE) {
      return trade.rank() == Trade.NO_SEQUENCE ? "none" : "after " + trade.rank();
    }
    return trade.firstSequence() == trade.sequence()
        ? Long.toString(trade.sequence())
        : trade.firstSequence() + ".." + trade.sequence();
  }

  @Override
  public void onObservation(Observation observation) {
    lines.add(
        observation.layout() == Quotes.LAYOUT
            ? quote(observation)
            : observation + " at " + observation.eventNs());
  }

  private static String quote(Observation quote) {
    return "quote %s %d bid %s ask %s at %d"
        .formatted(
            quote.instrument().symbol(),
            quote.sequence(),
            side(quote, Quotes.BID_PRICE, Quotes.BID_SIZE),
            side(quote, Quotes.ASK_PRICE, Quotes.ASK_SIZE),
            quote.eventNs());
  }

  private static String side(Observation quote, int price, int size) {
    return quote.has(price)
        ? quote.decimal(price).text(0) + " x " + quote.decimal(size).text(0)
        : "none";
  }

  @Override
  public void onConnectionGap(long expected, long found) {
    lines.add("connection gap " + expected + " " + found);
  }

  @Override
  public void onNotice(String text) {
    lines.add("notice " + text);
  }

  @Override
  public void onBook(BookUpdate update) {
    lines.add(line(update));
  }

  /** The line of a book. */
  static String line(BookUpdate update) {
    return "book %s %s %d..%d bids %s asks %s at %d"
            .formatted(
                update.instrument().symbol(),
                update.isSnapshot() ? "snapshot" : "delta",
                update.firstSequence(),
                update.sequence(),
                levels(update.bidPrices(), update.bidSizes()),
                levels(update.askPrices(), update.askSizes()),
                update.eventNs())
        + (update.previousSequence() == BookUpdate.NO_SEQUENCE
            ? ""
            : " after " + update.previousSequence())
        + (update.checksum() == BookUpdate.NO_CHECKSUM ? "" : " checksum " + update.checksum());
  }

  private static List<String> levels(DecimalColumn prices, DecimalColumn sizes) {
    List<String> levels = new ArrayList<>();
    for (int i = 0; i < prices.size(); i++) {
      levels.add(prices.text(i) + " x " + sizes.text(i));
    }
    return levels;
  }

  @Override
  public void onSubscribed(MarketStream stream) {
    lines.add("subscribed " + line(stream));
  }

  @Override
  public void onRefused(List<MarketStream> streams, String reason) {
    lines.add("refused " + streams.stream().map(EventLog::line).toList() + " " + reason);
  }

  private static String line(MarketStream stream) {
    return stream.channel().code() + " " + stream.instrument().symbol();
  }

  @Override
  public void onHeartbeat(Instrument instrument, long lastTradeSequence) {
    lines.add("heartbeat " + instrument.symbol() + " " + lastTradeSequence);
  }

  @Override
  public void onReply(String frame) {
    lines.add("reply " + frame);
  }

  @Override
  public void onReconnectRequested(String reason) {
    lines.add("reconnect " + reason);
  }

  @Override
  public void onVenueError(String reason) {
    lines.add("error " + reason);
  }

  @Override
  public void onUnknown() {
    lines.add("unknown");
  }

  @Override
  public void onMalformed(
      @Nullable Instrument instrument, @Nullable Channel channel, String reason) {
    lines.add("malformed");
  }
}
