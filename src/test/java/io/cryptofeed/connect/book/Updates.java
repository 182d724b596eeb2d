package io.cryptofeed.connect.book;

import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.math.BigDecimal;

/** Writes book updates in one line: {@code snapshot(100).bid("10", "1").ask("11", "2")}. */
final class Updates {

  static final Instrument BTC =
      new Instrument("venue", MarketType.SPOT, "BTC-USD", "BTCUSD", "BTC", "USD", null, null, true);

  private final BookUpdate update = new BookUpdate(BTC);

  static Updates snapshot(long sequence) {
    Updates updates = new Updates();
    updates.update.set(BTC, true, BookUpdate.NO_SEQUENCE, sequence, BookUpdate.NO_SEQUENCE, 1, 2);
    return updates;
  }

  static Updates delta(long first, long last) {
    Updates updates = new Updates();
    updates.update.set(BTC, false, first, last, BookUpdate.NO_SEQUENCE, 1, 2);
    return updates;
  }

  Updates bid(String price, String size) {
    add(update.bidPrices(), price);
    add(update.bidSizes(), size);
    return this;
  }

  Updates ask(String price, String size) {
    add(update.askPrices(), price);
    add(update.askSizes(), size);
    return this;
  }

  BookUpdate get() {
    return update;
  }

  private static void add(DecimalColumn column, String number) {
    column.add(new BigDecimal(number));
  }
}
