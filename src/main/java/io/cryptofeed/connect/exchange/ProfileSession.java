package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.read.EventBuilder;
import io.cryptofeed.connect.exchange.read.FrameReader;
import io.cryptofeed.connect.exchange.read.FrameTokens;
import io.cryptofeed.connect.exchange.read.Gunzip;
import io.cryptofeed.connect.exchange.read.MessageRoute;
import io.cryptofeed.connect.exchange.read.MessageRoute.SymbolPlace;
import io.cryptofeed.connect.exchange.read.MessageTrie;
import io.cryptofeed.connect.exchange.read.SymbolTable;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.SessionListener;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection to a venue that a profile describes. Used by one thread. */
final class ProfileSession implements ExchangeSession {

  private static final ObjectMapper TREES = new ObjectMapper(FrameTokens.JSON);

  /** A longer message is not a plain word. */
  private static final int LONGEST_WORD = 32;

  private final Profile profile;
  private final ChosenModes modes;
  private final Map<String, Instrument> instruments = new HashMap<>();
  private final SymbolTable symbols;
  private final FrameReader reader;
  private final Gunzip gunzip = new Gunzip();
  private final SubscriptionLedger ledger = new SubscriptionLedger();
  private final SubscriptionFrames frames;
  private final ControlMessages control;
  private long nextInConnection = -1;

  ProfileSession(
      Profile profile, ChosenModes modes, MessageTrie routes, Collection<Instrument> instruments) {
    this.profile = profile;
    this.modes = modes;
    instruments.forEach(listed -> this.instruments.put(listed.exchangeSymbol(), listed));
    symbols = new SymbolTable(this.instruments.values());
    reader = new FrameReader(routes);
    frames = new SubscriptionFrames(profile.subscribe(), modes);
    control = new ControlMessages(this.instruments, ledger);
  }

  @Override
  public List<String> subscribe(List<MarketStream> streams) {
    Set<Instrument> added = new LinkedHashSet<>();
    for (MarketStream stream : streams) {
      if (!stream.instrument().equals(instruments.get(stream.instrument().exchangeSymbol()))) {
        throw new IllegalArgumentException(
            "stream " + stream + " is not of an instrument of this session");
      }
      if (!ledger.wants(stream.instrument())) {
        added.add(stream.instrument());
      }
      ledger.name(frames.streamName(stream), stream);
    }
    List<String> sent = new ArrayList<>();
    for (List<MarketStream> batch : frames.batches(streams)) {
      long request = ledger.nextRequest();
      ledger.subscribing(request, batch);
      sent.add(frames.subscribe(batch, request));
    }
    sent.addAll(frames.subscribeCompanions(added, ledger::nextRequest));
    return sent;
  }

  @Override
  public List<String> unsubscribe(List<MarketStream> streams) {
    ledger.unsubscribing(streams);
    Set<Instrument> removed = new LinkedHashSet<>();
    for (MarketStream stream : streams) {
      if (!ledger.wants(stream.instrument())) {
        removed.add(stream.instrument());
      }
    }
    List<String> sent = new ArrayList<>();
    for (List<MarketStream> batch : frames.batches(streams)) {
      sent.add(frames.unsubscribe(batch, ledger.nextRequest()));
    }
    sent.addAll(frames.unsubscribeCompanions(removed, ledger::nextRequest));
    return sent;
  }

  @Override
  public String requestBook(Instrument instrument) {
    FrameTemplate request = profile.book(modes.of(Channel.L2_BOOK)).request();
    if (request == null) {
      throw new IllegalStateException("exchange " + profile.id() + " has no request for a book");
    }
    List<MarketStream> stream = List.of(new MarketStream(Channel.L2_BOOK, instrument));
    return frames.fill(request, stream, ledger.nextRequest());
  }

  @Override
  public void onMessage(
      byte[] buffer, int offset, int length, long receiveNs, SessionListener listener) {
    try {
      if (Gunzip.isCompressed(buffer, offset, length)) {
        int inflated = gunzip.inflate(buffer, offset, length);
        onText(gunzip.output(), 0, inflated, receiveNs, listener);
      } else {
        onText(buffer, offset, length, receiveNs, listener);
      }
    } catch (MalformedMessageException e) {
      Instrument named = onlyInstrumentNamed(buffer, offset, length);
      listener.onMalformed(named, null, Objects.requireNonNull(e.getMessage()));
    } finally {
      reader.release();
      gunzip.release();
    }
  }

  /**
   * The instrument whose symbol is the only one in a message that is not valid JSON; null if there
   * are several or none. The case of letters does not matter, because streams may be named in
   * another case than symbols.
   */
  private @Nullable Instrument onlyInstrumentNamed(byte[] buffer, int offset, int length) {
    String text =
        new String(buffer, offset, length, StandardCharsets.UTF_8)
            .replace("\\/", "/")
            .toLowerCase(Locale.ROOT);
    Instrument found = null;
    for (Instrument instrument : instruments.values()) {
      if (names(text, instrument.exchangeSymbol().toLowerCase(Locale.ROOT))) {
        if (found != null) {
          return null;
        }
        found = instrument;
      }
    }
    return found;
  }

  /** Whether a text contains a symbol that is not a part of another symbol. */
  private static boolean names(String text, String symbol) {
    int at = -1;
    while ((at = text.indexOf(symbol, at + 1)) >= 0) {
      int end = at + symbol.length();
      if (at > 0
          && !isOfSymbol(text.charAt(at - 1))
          && end < text.length()
          && !isOfSymbol(text.charAt(end))) {
        return true;
      }
    }
    return false;
  }

  private static boolean isOfSymbol(char c) {
    return Character.isLetterOrDigit(c) || c == '-' || c == '_' || c == '/';
  }

  private void onText(
      byte[] buffer, int offset, int length, long receiveNs, SessionListener listener)
      throws MalformedMessageException {
    if (isKnownWord(buffer, offset, length)) {
      return;
    }
    int events = reader.read(buffer, offset, length);
    checkConnection(listener);
    if (events == FrameReader.UNKNOWN) {
      listener.onUnknown();
    }
    for (int event = 0; event < events; event++) {
      try {
        MessageRoute route = reader.select(event);
        if (route instanceof MessageRoute.OfControl message) {
          control.onMessage(message, tree(buffer, offset, length), listener);
        } else if (route == null) {
          listener.onUnknown();
        } else {
          onData(route, receiveNs, listener);
        }
      } catch (MalformedMessageException e) {
        listener.onMalformed(null, null, Objects.requireNonNull(e.getMessage()));
      }
    }
  }

  private boolean isKnownWord(byte[] buffer, int offset, int length) {
    return length <= LONGEST_WORD
        && !profile.words().isEmpty()
        && length > 0
        && buffer[offset] != '{'
        && profile.words().contains(new String(buffer, offset, length, StandardCharsets.UTF_8));
  }

  /** Every message of the connection is numbered, of whatever kind it is. */
  private void checkConnection(SessionListener listener) throws MalformedMessageException {
    long number = reader.connectionSequence();
    if (number < 0) {
      return;
    }
    long expected = nextInConnection;
    nextInConnection = number + 1;
    if (expected >= 0 && number != expected) {
      listener.onConnectionGap(expected, number);
    }
  }

  private void onData(MessageRoute route, long receiveNs, SessionListener listener)
      throws MalformedMessageException {
    if (route instanceof MessageRoute.OfNothing) {
      return;
    }
    EventBuilder events = reader.events();
    Instrument instrument = events.instrument(symbol(route), symbols);
    if (instrument == null) {
      listener.onUnknown();
      return;
    }
    try {
      onData(route, instrument, receiveNs, listener);
    } catch (MalformedMessageException e) {
      listener.onMalformed(instrument, channel(route), Objects.requireNonNull(e.getMessage()));
    }
  }

  private void onData(
      MessageRoute route, Instrument instrument, long receiveNs, SessionListener listener)
      throws MalformedMessageException {
    EventBuilder events = reader.events();
    if (route instanceof MessageRoute.OfBook book) {
      listener.onBook(events.book(book, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfTrade trade) {
      listener.onTrade(events.trade(trade, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfObservation observation) {
      listener.onObservation(events.observation(observation, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfHeartbeat heartbeat) {
      listener.onHeartbeat(instrument, events.lastTrade(heartbeat));
    }
  }

  private static @Nullable Channel channel(MessageRoute route) {
    if (route instanceof MessageRoute.OfBook) {
      return Channel.L2_BOOK;
    }
    if (route instanceof MessageRoute.OfTrade) {
      return Channel.TRADES;
    }
    return route instanceof MessageRoute.OfObservation observation
        ? observation.rule().layout().channel()
        : null;
  }

  private static @Nullable SymbolPlace symbol(MessageRoute route) {
    if (route instanceof MessageRoute.OfBook book) {
      return book.symbol();
    }
    if (route instanceof MessageRoute.OfTrade trade) {
      return trade.symbol();
    }
    if (route instanceof MessageRoute.OfObservation observation) {
      return observation.symbol();
    }
    return route instanceof MessageRoute.OfHeartbeat heartbeat ? heartbeat.symbol() : null;
  }

  private static JsonNode tree(byte[] buffer, int offset, int length)
      throws MalformedMessageException {
    try {
      return TREES.readTree(buffer, offset, length);
    } catch (IOException e) {
      throw new MalformedMessageException("not valid JSON, " + length + " bytes");
    }
  }

  @Override
  public void close() {
    gunzip.close();
  }
}
