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
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A venue that a profile describes. */
final class ProfileExchange implements Exchange {

  private static final ObjectMapper TREES = new ObjectMapper(FrameTokens.JSON);

  /** A longer body is not an error message. */
  private static final int MAX_ERROR_BYTES = 8192;

  private final Profile profile;
  private final List<Socket> sockets;
  private final URI restUrl;
  private final ChosenModes modes;
  private final BookRules bookRules;
  private final MessageTrie routes;
  private final List<InstrumentReader> instrumentReaders;
  private final TradeNumbering tradeNumbering;
  private final List<TradeHistoryRest> histories;

  /**
   * @throws IllegalArgumentException if the venue does not have such an option
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
    histories =
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

  /**
   * The user's URL; one that names only a host keeps the path of the profile. A slash at the end is
   * not a path, and not a part of one.
   */
  private static URI overridden(URI own, @Nullable URI chosen) {
    if (chosen == null) {
      return own;
    }
    return URI.create(
        chosen.getScheme()
            + "://"
            + chosen.getRawAuthority()
            + (VenueOptions.namesHostOnly(chosen) ? own.getRawPath() : pathAndQuery(chosen)));
  }

  private static String pathAndQuery(URI url) {
    String path = url.getRawPath() == null ? "" : url.getRawPath().replaceAll("/+$", "");
    return url.getRawQuery() == null ? path : path + '?' + url.getRawQuery();
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
    InstrumentPage page;
    try {
      page = instrumentReaders.get(request.list()).read(request, body);
    } catch (MalformedMessageException e) {
      throw orVenueError(body, e);
    }
    // An error may come with an empty list, which must not be taken for the end of all listings.
    MalformedMessageException error = page.instruments().isEmpty() ? venueError(body) : null;
    if (error != null) {
      throw error;
    }
    return page;
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
      throw orVenueError(body, e);
    }
    throw orVenueError(
        body, new MalformedMessageException("the response has no book of " + instrument.key()));
  }

  /** The venue's error, if the response is one; otherwise the fault that was found. */
  private MalformedMessageException orVenueError(byte[] body, MalformedMessageException otherwise) {
    MalformedMessageException error = venueError(body);
    return error == null ? otherwise : error;
  }

  /** The error that the response is, null if it is not one. */
  private @Nullable MalformedMessageException venueError(byte[] body) {
    RestError error = profile.restError();
    if (error == null || body.length > MAX_ERROR_BYTES) {
      return null;
    }
    try {
      JsonNode response = TREES.readTree(body);
      String text = ControlMessages.errorText(error.code(), error.text(), response);
      boolean isError =
          error.ok() == null
              || error.code() == null
              || !response.at(error.code().compile()).asText("").equals(error.ok());
      return text.isEmpty() || !isError
          ? null
          : new MalformedMessageException(profile.id() + " returned an error: " + text);
    } catch (IOException e) {
      return null;
    }
  }

  private SnapshotRules snapshotRules() {
    SnapshotRules rules = profile.book(modes.of(Channel.L2_BOOK)).snapshot();
    if (rules == null) {
      throw new IllegalStateException(
          "the books of exchange " + profile.id() + " do not come over REST");
    }
    return rules;
  }

  @Override
  public TradeNumbering tradeNumbering() {
    return tradeNumbering;
  }

  @Override
  public Optional<TradeHistory> tradeHistory(Instrument instrument) {
    return findHistory(instrument).map(TradeHistoryRest::history);
  }

  @Override
  public RestRequest tradesRequest(Instrument instrument, long cursor) {
    return histories(instrument).request(instrument, cursor);
  }

  @Override
  public List<Trade> readTrades(
      Instrument instrument, byte[] body, long receiveNs, Consumer<String> onMalformed)
      throws MalformedMessageException {
    List<Trade> trades;
    try {
      trades = histories(instrument).read(instrument, body, receiveNs, onMalformed);
    } catch (MalformedMessageException e) {
      throw orVenueError(body, e);
    }
    // An error may come with an empty list, which must not be taken for a quiet market.
    MalformedMessageException error = trades.isEmpty() ? venueError(body) : null;
    if (error != null) {
      throw error;
    }
    return trades;
  }

  private Optional<TradeHistoryRest> findHistory(Instrument instrument) {
    return histories.stream().filter(each -> each.serves(instrument)).findFirst();
  }

  private TradeHistoryRest histories(Instrument instrument) {
    return findHistory(instrument)
        .orElseThrow(
            () ->
                new IllegalStateException(
                    profile.id()
                        + " has no historical trades of "
                        + instrument.key()
                        + " over REST"));
  }

  @Override
  public ExchangeSession openSession(List<Instrument> instruments) {
    return new ProfileSession(profile, modes, routes, instruments);
  }
}
