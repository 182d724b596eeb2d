package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.FrameTemplate.Place;
import io.cryptofeed.connect.exchange.profile.Pointer;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.Profile.Frames;
import io.cryptofeed.connect.exchange.profile.Profile.StreamNames;
import io.cryptofeed.connect.exchange.profile.Profile.SubscribeRules;
import io.cryptofeed.connect.exchange.profile.Profile.SymbolCase;
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
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One connection to a venue that a profile describes. */
final class ProfileSession implements ExchangeSession {

  private static final ObjectMapper TREES = new ObjectMapper(FrameTokens.JSON);

  /** Longer messages are no bare words. */
  private static final int LONGEST_WORD = 32;

  private final Profile profile;
  private final SubscribeRules rules;
  private final ChosenModes modes;
  private final Map<String, Instrument> instruments = new HashMap<>();
  private final Map<String, MarketStream> streamOfName = new HashMap<>();
  private final SymbolTable symbols;
  private final FrameReader reader;
  private final Gunzip inflater = new Gunzip();
  private final SubscriptionLedger ledger = new SubscriptionLedger();
  private long nextOfConnection = -1;

  ProfileSession(
      Profile profile, ChosenModes modes, MessageTrie routes, Collection<Instrument> instruments) {
    this.profile = profile;
    this.rules = profile.subscribe();
    this.modes = modes;
    instruments.forEach(listed -> this.instruments.put(listed.exchangeSymbol(), listed));
    symbols = new SymbolTable(this.instruments.values());
    reader = new FrameReader(routes);
  }

  @Override
  public List<String> subscribe(List<MarketStream> streams) {
    Set<Instrument> accompanied = new LinkedHashSet<>();
    for (MarketStream stream : streams) {
      if (!stream.instrument().equals(instruments.get(stream.instrument().exchangeSymbol()))) {
        throw new IllegalArgumentException(
            "stream " + stream + " is of no instrument that the session was opened for");
      }
      if (!ledger.wants(stream.instrument())) {
        accompanied.add(stream.instrument());
      }
      streamOfName.put(streamName(stream), stream);
    }
    List<String> frames = new ArrayList<>();
    for (List<MarketStream> batch : batches(streams)) {
      long request = ledger.nextRequest();
      ledger.subscribing(request, batch);
      frames.add(frame(frames(batch).subscribe(), batch, request));
    }
    frames.addAll(companionFrames(rules.frames().subscribe(), accompanied));
    return frames;
  }

  @Override
  public List<String> unsubscribe(List<MarketStream> streams) {
    ledger.unsubscribing(streams);
    Set<Instrument> abandoned = new LinkedHashSet<>();
    for (MarketStream stream : streams) {
      if (!ledger.wants(stream.instrument())) {
        abandoned.add(stream.instrument());
      }
    }
    List<String> frames = new ArrayList<>();
    for (List<MarketStream> batch : batches(streams)) {
      frames.add(frame(frames(batch).unsubscribe(), batch, ledger.nextRequest()));
    }
    frames.addAll(companionFrames(rules.frames().unsubscribe(), abandoned));
    return frames;
  }

  @Override
  public String requestBook(Instrument instrument) {
    FrameTemplate request = profile.book(modes.of(Channel.L2_BOOK)).request();
    if (request == null) {
      throw new IllegalStateException("exchange " + profile.id() + " has no request for a book");
    }
    List<MarketStream> stream = List.of(new MarketStream(Channel.L2_BOOK, instrument));
    return frame(request, stream, ledger.nextRequest());
  }

  private Frames frames(List<MarketStream> batch) {
    return rules.frames(batch.get(0).channel());
  }

  /** Streams that one frame can name: those of one channel, or of all that share their frames. */
  private List<List<MarketStream>> batches(List<MarketStream> streams) {
    Map<Object, List<MarketStream>> groups = new LinkedHashMap<>();
    for (MarketStream stream : streams) {
      Object group =
          switch (rules.mode()) {
            case LIST -> rules.frames(stream.channel());
            case LIST_PER_CHANNEL -> stream.channel();
          };
      groups.computeIfAbsent(group, any -> new ArrayList<>()).add(stream);
    }
    List<List<MarketStream>> batches = new ArrayList<>();
    groups.values().forEach(group -> batches.addAll(slices(group)));
    return batches;
  }

  private <T> List<List<T>> slices(List<T> all) {
    List<List<T>> slices = new ArrayList<>();
    for (int from = 0; from < all.size(); from += rules.perFrame()) {
      slices.add(all.subList(from, Math.min(all.size(), from + rules.perFrame())));
    }
    return slices;
  }

  private String frame(FrameTemplate template, List<MarketStream> batch, long request) {
    FrameTemplate each = rules.each();
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    if (each != null) {
      batch.forEach(stream -> arguments.add(each.fill(values(stream))));
    }
    return template
        .fill(
            values(batch.get(0))
                .with(Place.STREAMS, batch.stream().map(this::streamName).toList())
                .with(Place.ARGUMENTS, arguments)
                .with(
                    Place.SYMBOLS,
                    batch.stream().map(stream -> symbol(stream.instrument())).toList())
                .with(Place.ID, request)
                .with(Place.ID_TEXT, Long.toString(request)))
        .toString();
  }

  private FrameTemplate.Values values(MarketStream stream) {
    return new FrameTemplate.Values()
        .with(Place.STREAM, streamName(stream))
        .with(Place.SYMBOL, symbol(stream.instrument()))
        .with(Place.CHANNEL, channelName(stream.channel()))
        .with(Place.DEPTH, modes.bookDepth());
  }

  private List<String> companionFrames(FrameTemplate template, Set<Instrument> accompanied) {
    List<String> frames = new ArrayList<>();
    for (String companion : rules.companions()) {
      for (List<Instrument> batch : slices(List.copyOf(accompanied))) {
        long request = ledger.nextRequest();
        frames.add(
            template
                .fill(
                    new FrameTemplate.Values()
                        .with(Place.SYMBOLS, batch.stream().map(this::symbol).toList())
                        .with(Place.CHANNEL, companion)
                        .with(Place.ID, request)
                        .with(Place.ID_TEXT, Long.toString(request)))
                .toString());
      }
    }
    return frames;
  }

  private String streamName(MarketStream stream) {
    return channelName(stream.channel()).replace("{symbol}", symbol(stream.instrument()));
  }

  private String channelName(Channel channel) {
    StreamNames names = rules.streams().get(channel);
    if (names == null) {
      throw new IllegalArgumentException("channel " + channel.code() + " is not subscribable");
    }
    return names.in(modes.of(channel)).replace("{depth}", Integer.toString(modes.bookDepth()));
  }

  private String symbol(Instrument instrument) {
    return rules.symbolCase() == SymbolCase.LOWER
        ? instrument.exchangeSymbol().toLowerCase(Locale.ROOT)
        : instrument.exchangeSymbol();
  }

  @Override
  public void onMessage(
      byte[] buffer, int offset, int length, long receiveNs, SessionListener listener) {
    try {
      if (Gunzip.isPacked(buffer, offset, length)) {
        int unpacked = inflater.inflate(buffer, offset, length);
        onText(inflater.output(), 0, unpacked, receiveNs, listener);
      } else {
        onText(buffer, offset, length, receiveNs, listener);
      }
    } catch (MalformedMessageException e) {
      listener.onMalformed(Objects.requireNonNull(e.getMessage()));
    }
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
        if (route instanceof MessageRoute.OfControl control) {
          onControl(control, tree(buffer, offset, length), listener);
        } else if (route == null) {
          listener.onUnknown();
        } else {
          onData(route, receiveNs, listener);
        }
      } catch (MalformedMessageException e) {
        listener.onMalformed(Objects.requireNonNull(e.getMessage()));
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

  /** Every message of the connection has a number, whatever it is about. */
  private void checkConnection(SessionListener listener) throws MalformedMessageException {
    long number = reader.connectionSequence();
    if (number < 0) {
      return;
    }
    long expected = nextOfConnection;
    nextOfConnection = number + 1;
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
    } else if (route instanceof MessageRoute.OfBook book) {
      listener.onBook(events.book(book, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfTrade trade) {
      listener.onTrade(events.trade(trade, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfQuote quote) {
      listener.onQuote(events.quote(quote, instrument, receiveNs));
    } else if (route instanceof MessageRoute.OfHeartbeat heartbeat) {
      listener.onHeartbeat(instrument, events.lastTrade(heartbeat));
    }
  }

  private static @Nullable SymbolPlace symbol(MessageRoute route) {
    if (route instanceof MessageRoute.OfBook book) {
      return book.symbol();
    }
    if (route instanceof MessageRoute.OfTrade trade) {
      return trade.symbol();
    }
    if (route instanceof MessageRoute.OfQuote quote) {
      return quote.symbol();
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

  private void onControl(MessageRoute.OfControl route, JsonNode message, SessionListener listener)
      throws MalformedMessageException {
    JsonNode content = message.at(route.envelope().compile());
    ControlRule rule = route.rule();
    if (rule instanceof ControlRule.Confirmation confirmation) {
      onConfirmation(confirmation, content, listener);
    } else if (rule instanceof ControlRule.ConfirmationList list) {
      onSubscriptions(list, content, listener);
    } else if (rule instanceof ControlRule.Refusal refusal) {
      onRefusal(refusal, content, listener);
    } else if (rule instanceof ControlRule.Ping ping) {
      JsonNode value = content.at(ping.value().compile());
      FrameTemplate.Values values = new FrameTemplate.Values().with(Place.VALUE, value);
      listener.onReply(ping.reply().fill(values).toString());
    } else if (rule instanceof ControlRule.Notice notice) {
      listener.onNotice(text(content, notice.text()));
    } else if (rule instanceof ControlRule.Reconnect reconnect) {
      listener.onReconnectRequested(reconnect.reason());
    }
  }

  private void onConfirmation(
      ControlRule.Confirmation rule, JsonNode content, SessionListener listener) {
    if (rule.request() != null) {
      // Answers come in order, so one that names no request is about the oldest.
      boolean named = !text(content, rule.request()).isEmpty();
      ledger
          .confirm(named ? request(content, rule.request()) : ledger.oldestUnconfirmed())
          .forEach(listener::onSubscribed);
    } else if (rule.stream() != null) {
      confirm(streamOfName.get(text(content, rule.stream())), listener);
    } else if (rule.channel() != null && rule.symbol() != null) {
      confirm(rule.names(), text(content, rule.channel()), text(content, rule.symbol()), listener);
    }
  }

  private void confirm(
      Map<String, Channel> names, String channelName, String symbol, SessionListener listener) {
    Channel channel = names.get(channelName);
    Instrument instrument = instruments.get(symbol);
    if (channel != null && instrument != null) {
      confirm(new MarketStream(channel, instrument), listener);
    }
  }

  private void confirm(@Nullable MarketStream stream, SessionListener listener) {
    if (stream != null && ledger.confirm(stream)) {
      listener.onSubscribed(stream);
    }
  }

  private void onSubscriptions(
      ControlRule.ConfirmationList rule, JsonNode content, SessionListener listener)
      throws MalformedMessageException {
    JsonNode list = content.at(rule.list().compile());
    Pointer channel = rule.channel();
    Pointer symbols = rule.symbols();
    if (channel == null || symbols == null) {
      if (!list.isObject()) {
        throw new MalformedMessageException("field " + rule.list() + " is no object");
      }
      for (Map.Entry<String, JsonNode> field : list.properties()) {
        for (JsonNode symbol : field.getValue()) {
          confirm(rule.names(), field.getKey(), symbol.asText(), listener);
        }
      }
      return;
    }
    if (!list.isArray()) {
      throw new MalformedMessageException("field " + rule.list() + " is no list");
    }
    for (JsonNode row : list) {
      for (JsonNode symbol : row.at(symbols.compile())) {
        confirm(rule.names(), text(row, channel), symbol.asText(), listener);
      }
    }
  }

  private void onRefusal(ControlRule.Refusal rule, JsonNode content, SessionListener listener) {
    List<MarketStream> refused =
        switch (rule.refuses()) {
          case UNCONFIRMED -> ledger.refuseUnconfirmed();
          case REQUEST -> refused(rule, content);
        };
    String reason = reason(rule.code(), rule.text(), content);
    if (refused.isEmpty()) {
      listener.onVenueError(reason);
    } else {
      listener.onRefused(refused, reason);
    }
  }

  private List<MarketStream> refused(ControlRule.Refusal rule, JsonNode content) {
    long request = request(content, Objects.requireNonNull(rule.request()));
    String symbol = rule.symbol() == null ? "" : text(content, rule.symbol());
    if (symbol.isEmpty()) {
      return ledger.refuse(request);
    }
    Instrument instrument = instruments.get(symbol);
    return instrument == null ? List.of() : ledger.refuse(request, instrument);
  }

  private static String text(JsonNode content, Pointer pointer) {
    return content.at(pointer.compile()).asText("");
  }

  /** The number of the request that a message is about, 0 where it is none of ours. */
  private static long request(JsonNode content, Pointer pointer) {
    return content.at(pointer.compile()).asLong(0);
  }

  /** The venue's own words. */
  static String reason(@Nullable Pointer code, Pointer text, JsonNode content) {
    String words = text(content, text);
    String number = code == null ? "" : text(content, code);
    return number.isEmpty() ? words : words.isEmpty() ? number : number + ": " + words;
  }

  @Override
  public void close() {
    inflater.close();
  }
}
