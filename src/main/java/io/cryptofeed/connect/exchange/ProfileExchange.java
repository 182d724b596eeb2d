package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.profile.BookSection;
import io.cryptofeed.connect.exchange.profile.BookSection.SnapshotRules;
import io.cryptofeed.connect.exchange.profile.MessageRule.OfBook;
import io.cryptofeed.connect.exchange.profile.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.Profile.Endpoints;
import io.cryptofeed.connect.exchange.profile.Profile.RestError;
import io.cryptofeed.connect.exchange.profile.Profile.Socket;
import io.cryptofeed.connect.exchange.read.FrameReader;
import io.cryptofeed.connect.exchange.read.FrameTokens;
import io.cryptofeed.connect.exchange.read.InstrumentReader;
import io.cryptofeed.connect.exchange.read.MessageRoute;
import io.cryptofeed.connect.exchange.read.MessageTrie;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InstrumentPage;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.RestRequest;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Trade;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A venue that a profile describes. */
final class ProfileExchange implements Exchange {

  private static final ObjectMapper TREES = new ObjectMapper(FrameTokens.JSON);

  /** Longer bodies are no error messages. */
  private static final int MAX_ERROR_BYTES = 8192;

  private final Profile profile;
  private final List<Socket> sockets;
  private final URI restUrl;
  private final ChosenModes modes;
  private final BookRules bookRules;
  private final MessageTrie routes;
  private final List<InstrumentReader> instrumentReaders;
  private final TradeNumbering tradeNumbering;
  private final List<TradeHistoryRest> pastTrades;

  /**
   * @throws IllegalArgumentException when the venue has no such option
   */
  ProfileExchange(Profile profile, VenueOptions options) {
    this.profile = profile;
    Endpoints endpoints = endpoints(profile, options);
    URI chosen = options.websocketUrl();
    sockets =
        endpoints.websockets().stream()
            .map(
                socket ->
                    new Socket(
                        overridden(socket.url(), chosen),
                        socket.channels(),
                        socket.marketTypes(),
                        socket.mode()))
            .toList();
    restUrl = overridden(endpoints.rest(), options.restUrl());
    modes = new ChosenModes(profile, options);
    bookRules = bookRules(profile, modes);
    routes = MessageTrie.of(profile, modes.all());
    instrumentReaders =
        profile.instruments().stream()
            .map(rules -> new InstrumentReader(profile.id(), rules))
            .toList();
    tradeNumbering = profile.tradeNumbering(modes.all());
    pastTrades =
        profile.histories().stream()
            .filter(rules -> rules.isReadIn(modes.all()))
            .map(rules -> new TradeHistoryRest(rules, tradeNumbering))
            .toList();
  }

  private static Endpoints endpoints(Profile profile, VenueOptions options) {
    if (!options.sandbox()) {
      return profile.live();
    }
    Endpoints sandbox = profile.sandbox();
    if (sandbox == null) {
      throw new IllegalArgumentException("exchange '" + profile.id() + "' has no sandbox");
    }
    return sandbox;
  }

  /** The user's URL; one that names a host alone keeps the profile's path. */
  private static URI overridden(URI own, @Nullable URI chosen) {
    if (chosen == null) {
      return own;
    }
    boolean hostAlone =
        chosen.getRawPath() == null
            || (chosen.getRawPath().isEmpty() && chosen.getRawQuery() == null);
    return hostAlone ? chosen.resolve(own.getRawPath()) : chosen;
  }

  private static BookRules bookRules(Profile profile, ChosenModes modes) {
    if (!profile.channels().contains(Channel.L2_BOOK)) {
      return new BookRules(BookRules.Source.STREAM, BookRules.Link.NONE);
    }
    BookSection book = profile.book(modes.of(Channel.L2_BOOK));
    return book.trims() ? book.rules().withDepth(modes.bookDepth()) : book.rules();
  }

  @Override
  public String id() {
    return profile.id();
  }

  @Override
  public Set<Channel> channels() {
    return profile.channels();
  }

  @Override
  public Set<MarketType> marketTypes() {
    return profile.marketTypes();
  }

  @Override
  public URI websocketUrl(MarketStream stream) {
    Channel channel = stream.channel();
    MarketType marketType = stream.instrument().marketType();
    for (Socket socket : sockets) {
      if (socket.serves(channel, marketType, modes.of(channel))) {
        return socket.url();
      }
    }
    throw new IllegalArgumentException("no WebSocket of " + id() + " serves " + stream);
  }

  @Override
  public URI restUrl() {
    return restUrl;
  }

  @Override
  public ConnectionRules connectionRules() {
    return profile.connectionRules();
  }

  @Override
  public BookRules bookRules() {
    return bookRules;
  }

  @Override
  public List<InstrumentRequest> instrumentRequests() {
    List<InstrumentRequest> requests = new ArrayList<>();
    for (int list = 0; list < profile.instruments().size(); list++) {
      requests.add(new InstrumentRequest(list, profile.instruments().get(list).request()));
    }
    return requests;
  }

  @Override
  public InstrumentPage readInstruments(InstrumentRequest request, byte[] body)
      throws MalformedMessageException {
    try {
      return instrumentReaders.get(request.list()).read(request, body);
    } catch (MalformedMessageException e) {
      throw inVenuesWords(body, e);
    }
  }

  @Override
  public RestRequest bookSnapshotRequest(Instrument instrument) {
    SnapshotRules rules = snapshotRules();
    return new RestRequest(
        rules.path().replace("{symbol}", RestRequest.encoded(instrument.exchangeSymbol())),
        rules.weight(),
        rules.maxResponseBytes());
  }

  @Override
  public BookUpdate readBookSnapshot(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException {
    SnapshotRules rules = snapshotRules();
    OfBook rule = new OfBook(Recognition.NONE_NEEDED, true, rules.rows(), null, rules.layout());
    FrameReader reader = new FrameReader(MessageTrie.of(rule));
    try {
      if (reader.read(body, 0, body.length) > 0
          && reader.select(0) instanceof MessageRoute.OfBook book) {
        return reader.events().book(book, instrument, receiveNs);
      }
    } catch (MalformedMessageException e) {
      throw inVenuesWords(body, e);
    }
    throw inVenuesWords(
        body, new MalformedMessageException("the answer has no book of " + instrument.key()));
  }

  /** The venue's own words, if it answered with an error instead of what was asked for. */
  private MalformedMessageException inVenuesWords(
      byte[] body, MalformedMessageException otherwise) {
    MalformedMessageException said = venuesError(body);
    return said == null ? otherwise : said;
  }

  /** The error that the venue answered with, null if it did not. */
  private @Nullable MalformedMessageException venuesError(byte[] body) {
    RestError error = profile.restError();
    if (error == null || body.length > MAX_ERROR_BYTES) {
      return null;
    }
    try {
      JsonNode answer = TREES.readTree(body);
      String words = ControlMessages.errorText(error.code(), error.text(), answer);
      boolean isError =
          error.ok() == null
              || error.code() == null
              || !answer.at(error.code().compile()).asText("").equals(error.ok());
      return words.isEmpty() || !isError
          ? null
          : new MalformedMessageException(profile.id() + " answered: " + words);
    } catch (IOException e) {
      return null;
    }
  }

  private SnapshotRules snapshotRules() {
    SnapshotRules rules = profile.book(modes.of(Channel.L2_BOOK)).snapshot();
    if (rules == null) {
      throw new IllegalStateException("the book of " + profile.id() + " does not come over REST");
    }
    return rules;
  }

  @Override
  public TradeNumbering tradeNumbering() {
    return tradeNumbering;
  }

  @Override
  public Optional<TradeHistory> tradeHistory(Instrument instrument) {
    return findPastTrades(instrument).map(TradeHistoryRest::history);
  }

  @Override
  public RestRequest tradesRequest(Instrument instrument, long cursor) {
    return pastTrades(instrument).request(instrument, cursor);
  }

  @Override
  public List<Trade> readTrades(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException {
    List<Trade> trades;
    try {
      trades = pastTrades(instrument).read(instrument, body, receiveNs);
    } catch (MalformedMessageException e) {
      throw inVenuesWords(body, e);
    }
    // An error may come with an empty list, which must not be taken for a quiet market.
    MalformedMessageException error = trades.isEmpty() ? venuesError(body) : null;
    if (error != null) {
      throw error;
    }
    return trades;
  }

  private Optional<TradeHistoryRest> findPastTrades(Instrument instrument) {
    return pastTrades.stream().filter(each -> each.serve(instrument)).findFirst();
  }

  private TradeHistoryRest pastTrades(Instrument instrument) {
    return findPastTrades(instrument)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    profile.id() + " has no past trades of " + instrument.key() + " over REST"));
  }

  @Override
  public ExchangeSession openSession(List<Instrument> instruments) {
    return new ProfileSession(profile, modes, routes, instruments);
  }
}
