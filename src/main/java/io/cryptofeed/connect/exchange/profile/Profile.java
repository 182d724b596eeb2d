package io.cryptofeed.connect.exchange.profile;

import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import java.net.URI;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one venue, as its profile states them. Immutable.
 *
 * @param id the exchange's id
 * @param name the venue's name, for documentation
 * @param aliases other ids of the same exchange
 * @param restrictions from where the venue may not be used, for documentation; null if unknown
 * @param sandbox the venue's test hosts, null if there are none
 * @param envelopes where a message's content may begin
 * @param messages the kinds of message; of several that fit, the first is taken
 * @param connectionSequence the sequence number of every message of a connection, null without one
 * @param words messages of one bare word, which are known and of no interest
 * @param books how books are synchronised: for each mode of the book's stream, or once for all
 * @param instruments the lists of instruments
 * @param histories the requests for historical trades; of several that fit, the first is taken
 * @param restError an error of the venue's REST interface, null if its form is unknown
 */
public record Profile(
    String id,
    String name,
    List<String> aliases,
    @Nullable String restrictions,
    Endpoints live,
    @Nullable Endpoints sandbox,
    ConnectionRules connectionRules,
    SubscribeRules subscribe,
    List<Pointer> envelopes,
    List<MessageRule> messages,
    @Nullable Pointer connectionSequence,
    Set<String> words,
    List<BookSection> books,
    List<InstrumentRules> instruments,
    List<HistoryRules> histories,
    @Nullable RestError restError) {

  public Profile {
    aliases = List.copyOf(aliases);
    envelopes = List.copyOf(envelopes);
    messages = List.copyOf(messages);
    words = Set.copyOf(words);
    books = List.copyOf(books);
    instruments = List.copyOf(instruments);
    histories = List.copyOf(histories);
  }

  /** The channels that can be subscribed. */
  public Set<Channel> channels() {
    return subscribe.streams().keySet();
  }

  /** The modes of a channel's stream, the default first; empty if there is no choice. */
  public List<String> modes(Channel channel) {
    SubscribeRules.StreamNames names = subscribe.streams().get(channel);
    return names == null ? List.of() : names.modes();
  }

  /** The market types of the venue's instruments. */
  public Set<MarketType> marketTypes() {
    Set<MarketType> types = EnumSet.noneOf(MarketType.class);
    instruments.forEach(list -> types.addAll(list.marketType().all()));
    return types;
  }

  /** How the ids of trades relate in the chosen modes; unordered if there are no trades. */
  public TradeNumbering tradeNumbering(Set<String> chosenModes) {
    return messages.stream()
        .filter(message -> message.recognition().isReadIn(chosenModes))
        .filter(MessageRule.OfTrade.class::isInstance)
        .map(message -> ((MessageRule.OfTrade) message).id().numbering())
        .findFirst()
        .orElse(TradeNumbering.UNORDERED);
  }

  /**
   * How the book is synchronised in a mode of its stream.
   *
   * @throws IllegalArgumentException if the profile does not have that mode
   */
  public BookSection book(@Nullable String mode) {
    for (BookSection book : books) {
      if (book.mode() == null || book.mode().equals(mode)) {
        return book;
      }
    }
    throw new IllegalArgumentException("exchange '" + id + "' has no book in mode " + mode);
  }

  /** The hosts of the venue. */
  public record Endpoints(List<Socket> websockets, URI rest) {

    public Endpoints {
      websockets = List.copyOf(websockets);
    }
  }

  /**
   * The URL of the WebSocket connections of some streams.
   *
   * @param channels the channels it serves, empty for all
   * @param marketTypes the market types it serves, empty for all
   * @param mode the mode of the channel it serves, null for all
   */
  public record Socket(
      URI url, Set<Channel> channels, Set<MarketType> marketTypes, @Nullable String mode) {

    public Socket {
      channels = Set.copyOf(channels);
      marketTypes = Set.copyOf(marketTypes);
    }

    /** Whether it serves a stream. */
    public boolean serves(Channel channel, MarketType marketType, @Nullable String chosenMode) {
      return (channels.isEmpty() || channels.contains(channel))
          && (marketTypes.isEmpty() || marketTypes.contains(marketType))
          && (mode == null || mode.equals(chosenMode));
    }
  }

  /**
   * The fields of an error response.
   *
   * @param ok the code of a response that is not an error, null if there is none
   */
  public record RestError(@Nullable Pointer code, Pointer text, @Nullable String ok) {}
}
