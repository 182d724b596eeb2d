package io.cryptofeed.connect.provider.ccxt;

import io.cryptofeed.connect.ccxt.CcxtBook;
import io.cryptofeed.connect.ccxt.CcxtObservation;
import io.cryptofeed.connect.ccxt.CcxtTrade;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.feed.streams.InstrumentStreams;
import io.cryptofeed.connect.feed.streams.StreamState;
import io.cryptofeed.connect.feed.trades.TradeContinuity;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Observation;
import io.cryptofeed.connect.market.Origin;
import io.cryptofeed.connect.market.Trade;
import org.jspecify.annotations.Nullable;

/**
 * One market of CCXT that is streamed: converts CCXT's values, and emits them to the trades and the
 * book of the instrument, or to the listener. Used by the event loop of the script.
 */
final class StreamedMarket {

  private final String symbol;
  private final InstrumentStreams streams;
  private final CcxtConversion conversion;
  private final CcxtBooks books;
  private final FeedServices services;
  private final MessageWarnings warnings;

  /** Ids for trades of the stream that have none. */
  private final SyntheticTradeIds tradeIds = new SyntheticTradeIds();

  /**
   * @param symbol CCXT's symbol
   */
  StreamedMarket(
      String symbol,
      InstrumentStreams streams,
      CcxtConversion conversion,
      CcxtBooks books,
      FeedServices services,
      MessageWarnings warnings) {
    this.symbol = symbol;
    this.streams = streams;
    this.conversion = conversion;
    this.books = books;
    this.services = services;
    this.warnings = warnings;
  }

  String symbol() {
    return symbol;
  }

  InstrumentStreams streams() {
    return streams;
  }

  /** The stream of a channel, null if the channel is not streamed. */
  @Nullable StreamState stream(Channel channel) {
    return streams.stream(channel);
  }

  void onTrade(CcxtTrade trade) {
    StreamState stream = streams.stream(Channel.TRADES);
    TradeContinuity trades = streams.trades();
    if (stream == null || trades == null) {
      services.counters().unknown().increment();
      return;
    }
    emit(stream, trades, trade, System.nanoTime());
  }

  /** Emits trades that were polled. */
  void onPolledTrades(PolledTrades.News news) {
    TradeContinuity trades = streams.trades();
    if (trades == null) {
      return;
    }
    long now = System.nanoTime();
    if (!news.continues()) {
      trades.onDisconnected();
      trades.onSubscribed(now);
    }
    StreamState stream = streams.stream(Channel.TRADES);
    news.trades().forEach(trade -> emit(stream, trades, trade, now));
  }

  private void emit(
      @Nullable StreamState stream, TradeContinuity trades, CcxtTrade trade, long now) {
    try {
      Trade converted = conversion.trade(trade, Origin.STREAM, tradeIds);
      if (stream != null) {
        stream.onData(now);
      }
      trades.onTrade(converted, now);
    } catch (MalformedMessageException e) {
      onMalformed(stream, e);
      if (stream != null && stream.isCheckDue(now)) {
        trades.onUnreadable(now);
      }
    }
  }

  void onBook(CcxtBook update) {
    StreamState stream = streams.stream(Channel.L2_BOOK);
    InstrumentBook book = streams.book();
    if (stream == null || book == null) {
      services.counters().unknown().increment();
      return;
    }
    if (books.ignores(update)) {
      stream.onData(System.nanoTime());
      return;
    }
    try {
      BookUpdate converted = conversion.book(update);
      stream.onData(System.nanoTime());
      books.onBook(book, converted);
    } catch (MalformedMessageException e) {
      onMalformed(stream, e);
      books.onMalformed(book);
    }
  }

  void onObservation(CcxtObservation observation) {
    StreamState stream = streams.stream(observation.layout().channel());
    if (stream == null) {
      services.counters().unknown().increment();
      return;
    }
    try {
      Observation converted = conversion.observation(observation);
      String problem = services.limits().problem(converted);
      if (problem != null) {
        throw new MalformedMessageException(problem);
      }
      stream.onData(System.nanoTime());
      services.listener().onObservation(converted);
    } catch (MalformedMessageException e) {
      onMalformed(stream, e);
    }
  }

  private void onMalformed(@Nullable StreamState stream, MalformedMessageException cause) {
    long now = System.nanoTime();
    String reason = String.valueOf(cause.getMessage());
    services.counters().malformed().increment();
    warnings.warn(
        "values of CCXT are malformed", streams.instrument().symbol() + ": " + reason, now);
    if (stream != null) {
      stream.onUnreadable(reason, now);
    }
  }

  /**
   * The stream is interrupted: its events are missed until it starts again.
   *
   * @param stream one of this market
   */
  void interrupt(StreamState stream, String reason) {
    stream.liveness().onDisconnected();
    stream.disconnected(reason);
    TradeContinuity trades = streams.trades();
    InstrumentBook book = streams.book();
    if (stream.stream().channel() == Channel.TRADES && trades != null) {
      trades.onDisconnected();
    } else if (stream.stream().channel() == Channel.L2_BOOK && book != null) {
      books.interrupt(book);
    }
  }
}
