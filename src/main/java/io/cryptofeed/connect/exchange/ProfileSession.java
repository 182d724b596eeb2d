package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.exchange.Profile.StreamNames;
import io.cryptofeed.connect.exchange.Profile.SubscribeRules;
import io.cryptofeed.connect.exchange.Profile.SymbolCase;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Stream;
import java.io.IOException;
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

  private final SubscribeRules rules;
  private final @Nullable String tradesMode;
  private final Map<String, Instrument> instruments = new HashMap<>();
  private final SymbolTable symbols;
  private final FrameReader reader;
  private final SubscriptionLedger ledger = new SubscriptionLedger();

  ProfileSession(
      Profile profile,
      @Nullable String tradesMode,
      RouteTrie routes,
      Collection<Instrument> instruments) {
    this.rules = profile.subscribe();
    this.tradesMode = tradesMode;
    instruments.forEach(listed -> this.instruments.put(listed.exchangeSymbol(), listed));
    symbols = new SymbolTable(this.instruments.values());
    reader = new FrameReader(routes);
  }

  @Override
  public List<String> subscribe(List<Stream> streams) {
    Set<Instrument> accompanied = new LinkedHashSet<>();
    for (Stream stream : streams) {
      if (!stream.instrument().equals(instruments.get(stream.instrument().exchangeSymbol()))) {
        throw new IllegalArgumentException(
            "stream " + stream + " is of no instrument that the session was opened for");
      }
      if (!ledger.wants(stream.instrument())) {
        accompanied.add(stream.instrument());
      }
    }
    List<String> frames = new ArrayList<>();
    for (List<Stream> batch : batches(streams)) {
      long request = ledger.nextRequest();
      ledger.subscribing(request, batch);
      frames.add(frame(rules.frame(), batch, request));
    }
    frames.addAll(companionFrames(rules.frame(), accompanied));
    return frames;
  }

  @Override
  public List<String> unsubscribe(List<Stream> streams) {
    ledger.unsubscribing(streams);
    Set<Instrument> abandoned = new LinkedHashSet<>();
    for (Stream stream : streams) {
      if (!ledger.wants(stream.instrument())) {
        abandoned.add(stream.instrument());
      }
    }
    List<String> frames = new ArrayList<>();
    for (List<Stream> batch : batches(streams)) {
      frames.add(frame(rules.unsubscribe(), batch, ledger.nextRequest()));
    }
    frames.addAll(companionFrames(rules.unsubscribe(), abandoned));
    return frames;
  }

  private List<List<Stream>> batches(List<Stream> streams) {
    return switch (rules.mode()) {
      case LIST -> slices(streams);
      case LIST_PER_CHANNEL -> {
        Map<Channel, List<Stream>> byChannel = new LinkedHashMap<>();
        for (Stream stream : streams) {
          byChannel.computeIfAbsent(stream.channel(), channel -> new ArrayList<>()).add(stream);
        }
        List<List<Stream>> batches = new ArrayList<>();
        byChannel.values().forEach(ofChannel -> batches.addAll(slices(ofChannel)));
        yield batches;
      }
    };
  }

  private <T> List<List<T>> slices(List<T> all) {
    List<List<T>> slices = new ArrayList<>();
    for (int from = 0; from < all.size(); from += rules.perFrame()) {
      slices.add(all.subList(from, Math.min(all.size(), from + rules.perFrame())));
    }
    return slices;
  }

  private String frame(FrameTemplate template, List<Stream> batch, long request) {
    return template.fill(
        batch.stream().map(this::streamName).toList(),
        batch.stream().map(stream -> symbol(stream.instrument())).toList(),
        channelName(batch.get(0).channel()),
        request);
  }

  private List<String> companionFrames(FrameTemplate template, Set<Instrument> accompanied) {
    List<String> frames = new ArrayList<>();
    for (String companion : rules.companions()) {
      for (List<Instrument> batch : slices(List.copyOf(accompanied))) {
        List<String> names = batch.stream().map(this::symbol).toList();
        frames.add(template.fill(List.of(), names, companion, ledger.nextRequest()));
      }
    }
    return frames;
  }

  private String streamName(Stream stream) {
    return channelName(stream.channel()).replace("{symbol}", symbol(stream.instrument()));
  }

  private String channelName(Channel channel) {
    StreamNames names = rules.streams().get(channel);
    if (names == null) {
      throw new IllegalArgumentException("channel " + channel.code() + " is not subscribable");
    }
    return names.in(tradesMode);
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
      Route route = reader.read(buffer, offset, length);
      if (route instanceof Route.OfBook book) {
        onBook(book, receiveNs, listener);
      } else if (route instanceof Route.OfTrade trade) {
        onTrade(trade, receiveNs, listener);
      } else if (route instanceof Route.OfHeartbeat heartbeat) {
        onHeartbeat(heartbeat, listener);
      } else if (route instanceof Route.OfControl control) {
        onControl(control, tree(buffer, offset, length), listener);
      } else {
        listener.onUnknown();
      }
    } catch (MalformedMessageException e) {
      listener.onMalformed(Objects.requireNonNull(e.getMessage()));
    }
  }

  private void onBook(Route.OfBook route, long receiveNs, SessionListener listener)
      throws MalformedMessageException {
    Instrument instrument = reader.instrument(route.symbol(), symbols);
    if (instrument == null) {
      listener.onUnknown();
    } else {
      listener.onBook(reader.book(route, instrument, receiveNs));
    }
  }

  private void onTrade(Route.OfTrade route, long receiveNs, SessionListener listener)
      throws MalformedMessageException {
    Instrument instrument = reader.instrument(route.symbol(), symbols);
    if (instrument == null) {
      listener.onUnknown();
    } else {
      listener.onTrade(reader.trade(route, instrument, receiveNs));
    }
  }

  private void onHeartbeat(Route.OfHeartbeat route, SessionListener listener)
      throws MalformedMessageException {
    Instrument instrument = reader.instrument(route.symbol(), symbols);
    if (instrument == null) {
      listener.onUnknown();
    } else {
      listener.onHeartbeat(instrument, reader.lastTrade(route));
    }
  }

  private static JsonNode tree(byte[] buffer, int offset, int length)
      throws MalformedMessageException {
    try {
      return TREES.readTree(buffer, offset, length);
    } catch (IOException e) {
      throw new MalformedMessageException("not valid JSON, " + length + " bytes");
    }
  }

  private void onControl(Route.OfControl route, JsonNode message, SessionListener listener)
      throws MalformedMessageException {
    JsonNode content = message.at(route.envelope().compile());
    MessageRule rule = route.rule();
    if (rule instanceof MessageRule.Confirmation confirmation) {
      ledger.confirm(request(content, confirmation.request())).forEach(listener::onSubscribed);
    } else if (rule instanceof MessageRule.ConfirmationList list) {
      onSubscriptions(list, content, listener);
    } else if (rule instanceof MessageRule.Refusal refusal) {
      onRefusal(refusal, content, listener);
    } else if (rule instanceof MessageRule.Reconnect reconnect) {
      listener.onReconnectRequested(reconnect.reason());
    }
  }

  private void onSubscriptions(
      MessageRule.ConfirmationList rule, JsonNode content, SessionListener listener)
      throws MalformedMessageException {
    JsonNode rows = content.at(rule.rows().compile());
    if (!rows.isArray()) {
      throw new MalformedMessageException("field " + rule.rows() + " is no list");
    }
    for (JsonNode row : rows) {
      Channel channel = rule.names().get(row.at(rule.channel().compile()).asText());
      for (JsonNode symbol : row.at(rule.symbols().compile())) {
        Instrument instrument = instruments.get(symbol.asText());
        if (channel != null && instrument != null) {
          Stream stream = new Stream(channel, instrument);
          if (ledger.confirm(stream)) {
            listener.onSubscribed(stream);
          }
        }
      }
    }
  }

  private void onRefusal(MessageRule.Refusal rule, JsonNode content, SessionListener listener) {
    List<Stream> refused =
        switch (rule.refuses()) {
          case UNCONFIRMED -> ledger.refuseUnconfirmed();
          case REQUEST -> ledger.refuse(request(content, Objects.requireNonNull(rule.request())));
        };
    String reason = reason(rule.code(), rule.text(), content);
    if (refused.isEmpty()) {
      listener.onVenueError(reason);
    } else {
      listener.onRefused(refused, reason);
    }
  }

  /** The number of the request that a message is about, 0 where it is none of ours. */
  private static long request(JsonNode content, Pointer pointer) {
    return content.at(pointer.compile()).asLong(0);
  }

  /** The venue's own words. */
  static String reason(@Nullable Pointer code, Pointer text, JsonNode content) {
    String words = content.at(text.compile()).asText("");
    String number = code == null ? "" : content.at(code.compile()).asText("");
    return number.isEmpty() ? words : words.isEmpty() ? number : number + ": " + words;
  }
}
