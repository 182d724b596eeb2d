package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.cryptofeed.connect.exchange.profile.FrameTemplate;
import io.cryptofeed.connect.exchange.profile.FrameTemplate.Placeholder;
import io.cryptofeed.connect.exchange.profile.SubscribeRules;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.StreamNames;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.SymbolCase;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongSupplier;

/** The frames that subscribe and unsubscribe streams, as a profile describes them. Immutable. */
final class SubscriptionFrames {

  private final SubscribeRules rules;
  private final ChosenModes modes;

  SubscriptionFrames(SubscribeRules rules, ChosenModes modes) {
    this.rules = rules;
    this.modes = modes;
  }

  /** Splits streams into those that one frame can name. */
  List<List<MarketStream>> batches(List<MarketStream> streams) {
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

  /** The frame that subscribes a batch. */
  String subscribe(List<MarketStream> batch, long request) {
    return fill(rules.frames(batch.get(0).channel()).subscribe(), batch, request);
  }

  /** The frame that unsubscribes a batch. */
  String unsubscribe(List<MarketStream> batch, long request) {
    return fill(rules.frames(batch.get(0).channel()).unsubscribe(), batch, request);
  }

  /** A frame about a batch. */
  String fill(FrameTemplate template, List<MarketStream> batch, long request) {
    FrameTemplate each = rules.each();
    ArrayNode arguments = JsonNodeFactory.instance.arrayNode();
    if (each != null) {
      batch.forEach(stream -> arguments.add(each.fill(values(stream))));
    }
    return template
        .fill(
            values(batch.get(0))
                .with(Placeholder.STREAMS, batch.stream().map(this::streamName).toList())
                .with(Placeholder.ARGUMENTS, arguments)
                .with(
                    Placeholder.SYMBOLS,
                    batch.stream().map(stream -> symbol(stream.instrument())).toList())
                .with(Placeholder.ID, request)
                .with(Placeholder.ID_TEXT, Long.toString(request)))
        .toString();
  }

  private FrameTemplate.Values values(MarketStream stream) {
    return new FrameTemplate.Values()
        .with(Placeholder.STREAM, streamName(stream))
        .with(Placeholder.SYMBOL, symbol(stream.instrument()))
        .with(Placeholder.CHANNEL, channelName(stream.channel()))
        .with(Placeholder.DEPTH, modes.bookDepth());
  }

  /**
   * The frames that subscribe the companion channels of instruments.
   *
   * @param requests supplies the number of each request
   */
  List<String> subscribeCompanions(Collection<Instrument> instruments, LongSupplier requests) {
    return companions(rules.frames().subscribe(), instruments, requests);
  }

  /**
   * The frames that unsubscribe the companion channels of instruments.
   *
   * @param requests supplies the number of each request
   */
  List<String> unsubscribeCompanions(Collection<Instrument> instruments, LongSupplier requests) {
    return companions(rules.frames().unsubscribe(), instruments, requests);
  }

  private List<String> companions(
      FrameTemplate template, Collection<Instrument> instruments, LongSupplier requests) {
    List<String> frames = new ArrayList<>();
    for (String companion : rules.companions()) {
      for (List<Instrument> batch : slices(List.copyOf(instruments))) {
        long request = requests.getAsLong();
        frames.add(
            template
                .fill(
                    new FrameTemplate.Values()
                        .with(Placeholder.SYMBOLS, batch.stream().map(this::symbol).toList())
                        .with(Placeholder.CHANNEL, companion)
                        .with(Placeholder.ID, request)
                        .with(Placeholder.ID_TEXT, Long.toString(request)))
                .toString());
      }
    }
    return frames;
  }

  /** The venue's name of a stream. */
  String streamName(MarketStream stream) {
    return channelName(stream.channel()).replace("{symbol}", symbol(stream.instrument()));
  }

  private String channelName(Channel channel) {
    StreamNames names = rules.streams().get(channel);
    if (names == null) {
      throw new IllegalArgumentException(
          "channel " + channel.code() + " cannot be subscribed on this exchange");
    }
    return names.in(modes.of(channel)).replace("{depth}", Integer.toString(modes.bookDepth()));
  }

  private String symbol(Instrument instrument) {
    return rules.symbolCase() == SymbolCase.LOWER
        ? instrument.exchangeSymbol().toLowerCase(Locale.ROOT)
        : instrument.exchangeSymbol();
  }
}
