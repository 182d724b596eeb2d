package io.cryptofeed.connect.exchange.read;

import com.fasterxml.jackson.core.JsonToken;
import io.cryptofeed.connect.exchange.profile.FieldRules.LevelForm;
import io.cryptofeed.connect.exchange.read.FrameState.EventLevels;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.BookUpdate;
import java.io.IOException;

/**
 * Reads the price levels of a book while the message is scanned. It is not yet known then whether
 * the message is a book, so a malformed level is noted and does not end the scan.
 */
final class LevelReader {

  private static final int ABSENT = FrameState.ABSENT;

  private final FrameTokens tokens;
  private final FrameState state;

  LevelReader(FrameTokens tokens, FrameState state) {
    this.tokens = tokens;
    this.state = state;
  }

  /** Reads the list of levels that has just begun, or the single level that it is. */
  void read(Place.Levels layout) throws IOException {
    if (layout.rule().form() == LevelForm.SINGLE) {
      level(layout);
      return;
    }
    JsonToken expected =
        layout.rule().form() == LevelForm.OBJECT ? JsonToken.START_OBJECT : JsonToken.START_ARRAY;
    JsonToken token;
    while ((token = tokens.next()) != JsonToken.END_ARRAY) {
      if (token != expected) {
        if (state.levels.fault == null) {
          state.levels.fault =
              new MalformedMessageException(
                  expected == JsonToken.START_ARRAY
                      ? "a level is not an array"
                      : "a level is not an object");
        }
        if (token.isStructStart()) {
          tokens.skip();
        }
      } else if (expected == JsonToken.START_ARRAY) {
        level(layout);
      } else {
        namedLevel(layout);
      }
    }
  }

  private void level(Place.Levels layout) throws IOException {
    int priceColumn = layout.price();
    int sizeColumn = layout.size();
    int sideColumn = layout.side();
    int price = ABSENT;
    int size = ABSENT;
    int side = ABSENT;
    JsonToken token;
    for (int column = 0; (token = tokens.next()) != JsonToken.END_ARRAY; column++) {
      if (token.isStructStart()) {
        tokens.skip();
      } else if (column == priceColumn) {
        price = tokens.position();
      } else if (column == sizeColumn) {
        size = tokens.position();
      } else if (column == sideColumn) {
        side = tokens.position();
      }
    }
    add(layout, price, size, side);
  }

  private void namedLevel(Place.Levels layout) throws IOException {
    String priceName = layout.rule().price();
    String sizeName = layout.rule().size();
    String sideName = layout.rule().tag() == null ? "" : layout.rule().tag().at();
    int price = ABSENT;
    int size = ABSENT;
    int side = ABSENT;
    String name;
    while ((name = tokens.nextName()) != null) {
      boolean isStructure = tokens.next().isStructStart();
      int at = isStructure ? FrameState.OBJECT : tokens.position();
      if (isStructure) {
        tokens.skip();
      }
      if (name.equals(priceName)) {
        price = once(name, price, at);
      } else if (name.equals(sizeName)) {
        size = once(name, size, at);
      } else if (name.equals(sideName)) {
        side = once(name, side, at);
      }
    }
    add(layout, price, size, side);
  }

  /** Which of two values is meant, nobody knows. */
  private int once(String name, int before, int at) {
    if (before != ABSENT && state.levels.fault == null) {
      state.levels.fault =
          new MalformedMessageException("field " + name + " of a level occurs twice");
    }
    return at;
  }

  private void add(Place.Levels layout, int price, int size, int side) {
    EventLevels levels = state.levels;
    if (levels.fault != null) {
      return;
    }
    byte[] buffer = state.buffer;
    try {
      if (price <= ABSENT || size <= ABSENT) {
        throw new MalformedMessageException("a level has no price or no size");
      }
      BookUpdate book = levels.book;
      if (isBid(layout, side)) {
        Scalars.addDecimal(buffer, price, book.bidPrices());
        Scalars.addDecimal(buffer, size, book.bidSizes());
      } else {
        Scalars.addDecimal(buffer, price, book.askPrices());
        Scalars.addDecimal(buffer, size, book.askSizes());
      }
    } catch (MalformedMessageException e) {
      levels.fault = e;
    }
  }

  private boolean isBid(Place.Levels layout, int side) throws MalformedMessageException {
    WireWords<Boolean> sides = layout.sides();
    if (sides == null) {
      return layout.of() == Place.Levels.Of.BIDS;
    }
    Boolean bid = side <= ABSENT ? null : sides.find(state.buffer, side);
    if (bid == null) {
      throw new MalformedMessageException("a level has no known side");
    }
    return bid;
  }
}
