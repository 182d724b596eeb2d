package io.cryptofeed.connect.exchange.read;

import io.cryptofeed.connect.exchange.profile.FieldRules.BookLayout;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeFormat;
import io.cryptofeed.connect.exchange.profile.FieldRules.TimeRule;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.read.MessageRoute.FieldPlace;
import io.cryptofeed.connect.exchange.read.MessageRoute.LevelPlace;
import io.cryptofeed.connect.exchange.read.MessageRoute.SymbolPlace;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.ChannelField;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.EventTime;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Side;
import io.cryptofeed.connect.market.Trade;
import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Builds the selected event of a {@link FrameReader} from the scalars whose positions it noted. The
 * objects it returns are reused: each is valid until the next event is built. Used by one thread.
 */
public final class EventBuilder {

  private static final int ABSENT = FrameState.ABSENT;

  private final FrameState state;
  private final Trade trade = new Trade(FrameState.NO_INSTRUMENT);
  private Observation[] observations = {};

  EventBuilder(FrameState state) {
    this.state = state;
  }

  /** The instrument of the event; null if the table does not have it. */
  @Nullable
  public Instrument instrument(@Nullable SymbolPlace symbol, SymbolTable symbols)
      throws MalformedMessageException {
    return symbol == null
        ? null
        : symbols.find(
            state.buffer, state.require(symbol.place()), symbol.separator(), symbol.part());
  }

  /** Builds a trade. */
  public Trade trade(MessageRoute.OfTrade route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    MessageRule.OfTrade rule = route.rule();
    String id = Scalars.text(state.buffer, state.require(route.id()));
    if (id.isEmpty()) {
      throw new MalformedMessageException("field " + route.id().path() + " is empty");
    }
    int fills = fills(route);
    TradeNumbering numbering = rule.id().numbering();
    long number =
        numbering == TradeNumbering.UNORDERED ? Trade.NO_SEQUENCE : wholeNumber(route.id());
    boolean consecutive = numbering == TradeNumbering.CONSECUTIVE;
    long first = route.fillCount() == null ? number : number - fills + 1;
    if (consecutive && first < 0) {
      throw new MalformedMessageException(fills + " fills up to trade " + number);
    }
    Side side = side(route);
    long eventNs = tradeNs(route, receiveNs);
    trade.numbers().clear();
    addDecimal(route.price(), trade.numbers());
    addSize(route, instrument);
    return trade.set(
        instrument,
        id,
        consecutive ? first : Trade.NO_SEQUENCE,
        consecutive ? number : Trade.NO_SEQUENCE,
        number,
        side,
        fills,
        rule.origin(),
        eventNs,
        receiveNs);
  }

  /**
   * A live trade without a usable time happened now. A historical one did not, and its time decides
   * what is requested next.
   */
  private long tradeNs(MessageRoute.OfTrade route, long receiveNs)
      throws MalformedMessageException {
    TimeFormat format = route.rule().time().format();
    if (route.rule().origin() != Origin.BACKFILL) {
      return eventNs(route.time(), format, receiveNs);
    }
    long eventNs = Scalars.nanos(state.buffer, state.require(route.time()), format);
    if (!EventTime.isPlausible(eventNs)) {
      throw new MalformedMessageException(
          "field " + route.time().path() + ": no trade can have the time " + eventNs + " ns");
    }
    return eventNs;
  }

  /** Adds the size in the instrument's unit, then the contracts if the venue counts in them. */
  private void addSize(MessageRoute.OfTrade route, Instrument instrument)
      throws MalformedMessageException {
    DecimalColumn numbers = trade.numbers();
    BigDecimal times = route.rule().size().times();
    addDecimal(route.size(), numbers);
    int at = numbers.size() - 1;
    if (times != null) {
      numbers.multiply(at, times);
    }
    if (instrument.contractSize() != null) {
      numbers.addFrom(numbers, at);
      instrument.toUnits(numbers, at);
    }
  }

  private Side side(MessageRoute.OfTrade route) throws MalformedMessageException {
    Side otherwise = route.rule().side().otherwise();
    int at = otherwise == null ? state.require(route.side()) : state.position(route.side());
    Side side = at <= ABSENT ? null : route.sides().find(state.buffer, at);
    if (side != null) {
      return side;
    }
    if (otherwise == null) {
      throw new MalformedMessageException(
          "field "
              + route.side().path()
              + " is '"
              + Scalars.text(state.buffer, at)
              + "', which is not a side");
    }
    return otherwise;
  }

  private int fills(MessageRoute.OfTrade route) throws MalformedMessageException {
    long fills;
    if (route.fillCount() != null) {
      // A recording may be older than the field: each message was one fill then.
      fills = state.position(route.fillCount()) == ABSENT ? 1 : wholeNumber(route.fillCount());
    } else if (route.firstFill() != null && route.lastFill() != null) {
      fills = wholeNumber(route.lastFill()) - wholeNumber(route.firstFill()) + 1;
    } else {
      return 0;
    }
    if (fills < 1 || fills > Integer.MAX_VALUE) {
      throw new MalformedMessageException(fills + " fills in a trade");
    }
    return (int) fills;
  }

  /** Builds a snapshot or a delta of a book. */
  public BookUpdate book(MessageRoute.OfBook route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    requireLevels(route);
    BookLayout layout = route.rule().layout();
    boolean required = layout.checksum() == null;
    long last = sequence(route.last(), required);
    long first = route.first() == null ? last : sequence(route.first(), required);
    if (first > last) {
      throw new MalformedMessageException(
          "a range of sequence numbers from " + first + " to " + last);
    }
    long eventNs = eventNs(layout.time(), route.time(), receiveNs);
    BookUpdate book = state.levels.book;
    book.set(
        instrument,
        route.rule().snapshot(),
        route.first() == null && !isStepped(route) ? BookUpdate.NO_SEQUENCE : first,
        last,
        route.previous() == null ? BookUpdate.NO_SEQUENCE : previous(route.previous(), required),
        eventNs,
        receiveNs);
    return route.checksum() == null ? book : book.withChecksum(checksum(route.checksum()));
  }

  /** Whether the message has one sequence number and covers only that number. */
  private static boolean isStepped(MessageRoute.OfBook route) {
    return !route.rule().snapshot() && route.last() != null && route.previous() == null;
  }

  /**
   * A side may be empty, null, or left out if it has not changed. If all sides are left out, their
   * names may have changed, unless the profile says that this is an empty message.
   */
  private void requireLevels(MessageRoute.OfBook route) throws MalformedMessageException {
    state.levels.check();
    boolean bids = hasSide(route.bids());
    boolean asks = hasSide(route.asks());
    boolean changes = hasSide(route.changes());
    if (!bids && !asks && !changes && !route.rule().layout().sidesMayBeAbsent()) {
      throw new MalformedMessageException("a book without levels");
    }
  }

  private boolean hasSide(@Nullable Place place) throws MalformedMessageException {
    return hasLevels(place)
        || (place != null
            && state.position(place) > ABSENT
            && Scalars.isNull(state.buffer, state.position(place)));
  }

  private boolean hasLevels(@Nullable Place place) throws MalformedMessageException {
    if (place == null) {
      return false;
    }
    int at = state.position(place);
    if (at == FrameState.OBJECT || (at > ABSENT && !Scalars.isNull(state.buffer, at))) {
      throw new MalformedMessageException("field " + place.path() + " is not a list of levels");
    }
    return at == FrameState.ARRAY;
  }

  private long sequence(@Nullable Place place, boolean required) throws MalformedMessageException {
    if (place == null || (!required && state.position(place) == ABSENT)) {
      return BookUpdate.NO_SEQUENCE;
    }
    return wholeNumber(place);
  }

  private long previous(Place place, boolean required) throws MalformedMessageException {
    return !required && state.position(place) == ABSENT
        ? BookUpdate.NO_SEQUENCE
        : Scalars.signedNumber(state.buffer, state.require(place));
  }

  private long checksum(Place place) throws MalformedMessageException {
    int at = state.position(place);
    return at <= ABSENT ? BookUpdate.NO_CHECKSUM : Scalars.signedNumber(state.buffer, at);
  }

  /** Builds a message of a plain channel. */
  public Observation observation(
      MessageRoute.OfObservation route, Instrument instrument, long receiveNs)
      throws MalformedMessageException {
    Observation observation = flyweight(route.rule().layout());
    observation.clear();
    List<FieldPlace> fields = route.fields();
    for (int i = 0; i < fields.size(); i++) {
      read(fields.get(i), observation);
    }
    if (route.rule().levels() == null) {
      List<LevelPlace> levels = route.levels();
      for (int i = 0; i < levels.size(); i++) {
        readLevel(levels.get(i), observation);
      }
    } else {
      takeFirstLevels(route, observation);
    }
    if (instrument.contractSize() != null) {
      toUnits(observation, instrument);
    }
    long eventNs = eventNs(route.rule().time(), route.time(), receiveNs);
    return observation.set(instrument, Origin.STREAM, eventNs, receiveNs);
  }

  /** The reused observation of a channel; a connection has few channels. */
  private Observation flyweight(ChannelLayout layout) {
    for (Observation observation : observations) {
      if (observation.layout() == layout) {
        return observation;
      }
    }
    Observation added = new Observation(layout, FrameState.NO_INSTRUMENT);
    observations = Arrays.copyOf(observations, observations.length + 1);
    observations[observations.length - 1] = added;
    return added;
  }

  private void read(FieldPlace field, Observation into) throws MalformedMessageException {
    Place place = field.place();
    if (field.optional() && isBlank(place)) {
      return;
    }
    byte[] buffer = state.buffer;
    int at = state.require(place);
    int index = field.index();
    switch (field.field().kind()) {
      case DECIMAL -> {
        if (field.field().unit() == ChannelField.Unit.NONE) {
          Scalars.addSignedDecimal(buffer, at, into.decimal(index));
        } else {
          Scalars.addDecimal(buffer, at, into.decimal(index));
        }
      }
      case LONG -> into.setNumber(index, Scalars.wholeNumber(buffer, at));
      case TEXT -> into.setText(index, Scalars.text(buffer, at));
      case TIME ->
          into.setNumber(index, Scalars.nanos(buffer, at, Objects.requireNonNull(field.format())));
      case BOOLEAN -> into.setFlag(index, Scalars.flag(buffer, at));
    }
  }

  private void readLevel(LevelPlace place, Observation into) throws MalformedMessageException {
    if (isBlank(place.price()) && isBlank(place.size())) {
      return;
    }
    addDecimal(place.price(), into.decimal(place.level().price()));
    addDecimal(place.size(), into.decimal(place.level().size()));
    clearIfEmpty(place.level(), into);
  }

  private void takeFirstLevels(MessageRoute.OfObservation route, Observation into)
      throws MalformedMessageException {
    state.levels.check();
    BookUpdate book = state.levels.book;
    List<ChannelLayout.Level> levels = into.layout().levels();
    boolean any = false;
    for (int i = 0; i < levels.size(); i++) {
      if (hasLevels(route.lists().get(i))) {
        any = true;
        boolean bid = i == 0;
        takeFirst(
            levels.get(i),
            bid ? book.bidPrices() : book.askPrices(),
            bid ? book.bidSizes() : book.askSizes(),
            into);
      }
    }
    if (!any) {
      throw new MalformedMessageException("a " + into.layout().kind() + " without levels");
    }
  }

  private static void takeFirst(
      ChannelLayout.Level level, DecimalColumn prices, DecimalColumn sizes, Observation into) {
    if (prices.size() > 0) {
      into.decimal(level.price()).addFrom(prices, 0);
      into.decimal(level.size()).addFrom(sizes, 0);
      clearIfEmpty(level, into);
    }
  }

  /** A size of zero means that the level is empty. */
  private static void clearIfEmpty(ChannelLayout.Level level, Observation observation) {
    DecimalColumn size = observation.decimal(level.size());
    if (size.signum(0) == 0) {
      size.clear();
      observation.decimal(level.price()).clear();
    }
  }

  private static void toUnits(Observation observation, Instrument instrument) {
    List<ChannelField> fields = observation.layout().fields();
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).unit() == ChannelField.Unit.SIZE) {
        instrument.toUnits(observation.decimal(i));
      }
    }
  }

  /** Whether a field is absent, null or an empty text. */
  private boolean isBlank(Place place) {
    int at = state.position(place);
    byte[] buffer = state.buffer;
    return at == ABSENT
        || (at > ABSENT
            && (Scalars.isNull(buffer, at) || (buffer[at] == '"' && buffer[at + 1] == '"')));
  }

  /** The id of the newest trade that a heartbeat reports, or {@link Trade#NO_SEQUENCE}. */
  public long lastTrade(MessageRoute.OfHeartbeat route) throws MalformedMessageException {
    Place place = route.lastTrade();
    return place == null || state.position(place) == ABSENT
        ? Trade.NO_SEQUENCE
        : wholeNumber(place);
  }

  private void addDecimal(Place place, DecimalColumn into) throws MalformedMessageException {
    Scalars.addDecimal(state.buffer, state.require(place), into);
  }

  private long wholeNumber(Place place) throws MalformedMessageException {
    return Scalars.wholeNumber(state.buffer, state.require(place));
  }

  /** The venue's event time; the receive time if the venue sends none that is usable. */
  private long eventNs(@Nullable TimeRule rule, @Nullable Place place, long receiveNs)
      throws MalformedMessageException {
    if (rule == null || place == null || (rule.optional() && state.position(place) == ABSENT)) {
      return receiveNs;
    }
    return eventNs(place, rule.format(), receiveNs);
  }

  private long eventNs(Place place, TimeFormat format, long receiveNs)
      throws MalformedMessageException {
    return isBlank(place) && state.position(place) > ABSENT
        ? receiveNs
        : Scalars.eventNanos(state.buffer, state.require(place), format, receiveNs);
  }
}
