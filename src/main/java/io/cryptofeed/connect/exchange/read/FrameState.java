package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import org.jspecify.annotations.Nullable;

/**
 * What has been found so far in the message that a {@link FrameReader} reads, or in its selected
 * event. The parts of one reader share it. Used by one thread.
 */
final class FrameState {

  /** The position of a place that the message does not have. */
  static final int ABSENT = 0;

  /** The position of a place with an object. */
  static final int OBJECT = -1;

  /** The position of a place with a list. */
  static final int ARRAY = -2;

  /** The instrument of an event before it is filled. */
  static final Instrument NO_INSTRUMENT =
      new Instrument("", MarketType.SPOT, "", "", "", "", null, null, false);

  /** By the index of a place: where its scalar begins in the buffer, or one of the above. */
  final int[] positions;

  /** The bytes of the message. */
  byte[] buffer = {};

  /** The routes that the message can still take, one bit each. */
  long alive;

  /** The tested places that have been seen, one bit each. */
  long seen;

  /** The levels of the scope that is being read, or of the selected event. */
  EventLevels levels = new EventLevels();

  FrameState(int places) {
    positions = new int[places];
  }

  int position(Place place) {
    return positions[place.index()];
  }

  /**
   * The position of a scalar that the message must have.
   *
   * @throws MalformedMessageException if it is missing, null, or not a scalar
   */
  int require(Place place) throws MalformedMessageException {
    int at = positions[place.index()];
    if (at <= ABSENT || Scalars.isNull(buffer, at)) {
      throw new MalformedMessageException("field " + place.path() + " is missing");
    }
    return at;
  }

  /** The levels of one event, and the first fault that was found in them. */
  static final class EventLevels {

    final BookUpdate book = new BookUpdate(NO_INSTRUMENT);
    @Nullable MalformedMessageException fault;

    void clear() {
      book.clearLevels();
      fault = null;
    }

    /** Throws the fault, if there is one. */
    void check() throws MalformedMessageException {
      if (fault != null) {
        throw fault;
      }
    }
  }
}
