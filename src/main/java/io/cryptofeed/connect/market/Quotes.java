package io.cryptofeed.connect.market;

import io.cryptofeed.connect.market.ChannelField.Kind;
import io.cryptofeed.connect.market.ChannelField.Unit;
import java.util.List;

/** The channel {@code quotes}: the exchange's own best bid and ask. */
public final class Quotes {

  /** The index of the best bid's price; absent while nobody bids. */
  public static final int BID_PRICE = 0;

  /** The index of the best bid's size. */
  public static final int BID_SIZE = 1;

  /** The index of the best ask's price; absent while nobody asks. */
  public static final int ASK_PRICE = 2;

  /** The index of the best ask's size. */
  public static final int ASK_SIZE = 3;

  public static final ChannelLayout LAYOUT =
      new ChannelLayout(
          Channel.QUOTES,
          "quote",
          "io.cryptofeed.Quote",
          1,
          "The best bid and ask, as the exchange sends them.",
          List.of(
              decimal(
                  "bid_price", Unit.PRICE, "Best bid in the quote asset; null while nobody bids."),
              decimal("bid_size", Unit.SIZE, "Amount bid for; null while nobody bids."),
              decimal(
                  "ask_price", Unit.PRICE, "Best ask in the quote asset; null while nobody asks."),
              decimal("ask_size", Unit.SIZE, "Amount on offer; null while nobody asks."),
              new ChannelField(
                  ChannelLayout.SEQUENCE,
                  Kind.LONG,
                  true,
                  Unit.NONE,
                  "Sequence number of the message, where the exchange sends one.")),
          List.of(
              new ChannelLayout.Level("bids", BID_PRICE, BID_SIZE),
              new ChannelLayout.Level("asks", ASK_PRICE, ASK_SIZE)));

  private Quotes() {}

  private static ChannelField decimal(String name, Unit unit, String documentation) {
    return new ChannelField(name, Kind.DECIMAL, true, unit, documentation);
  }
}
