package io.cryptofeed.connect.exchange;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.MessageRule.OfBook;
import io.cryptofeed.connect.exchange.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.Profile.Endpoints;
import io.cryptofeed.connect.exchange.Profile.RestError;
import io.cryptofeed.connect.exchange.Profile.SnapshotRules;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A venue that a profile describes. */
final class ProfileExchange implements Exchange {

  private static final ObjectMapper TREES = new ObjectMapper(FrameTokens.JSON);

  /** Longer bodies are no error messages. */
  private static final int MAX_ERROR_BYTES = 8192;

  private final Profile profile;
  private final URI websocketUrl;
  private final URI restUrl;
  private final @Nullable String tradesMode;
  private final RouteTrie routes;
  private final InstrumentReader instrumentReader;

  /**
   * @throws IllegalArgumentException when the venue has no such option
   */
  ProfileExchange(Profile profile, VenueOptions options) {
    this.profile = profile;
    Endpoints endpoints = endpoints(profile, options);
    websocketUrl = overridden(endpoints.websocket(), options.websocketUrl());
    restUrl = overridden(endpoints.rest(), options.restUrl());
    tradesMode = tradesMode(profile, options);
    routes = RouteTrie.of(profile, tradesMode);
    instrumentReader = new InstrumentReader(profile);
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

  private static @Nullable String tradesMode(Profile profile, VenueOptions options) {
    List<String> modes = profile.tradeModes();
    String chosen = options.tradesMode();
    if (chosen == null) {
      return modes.isEmpty() ? null : modes.get(0);
    }
    if (!modes.contains(chosen)) {
      throw new IllegalArgumentException(
          "exchange '"
              + profile.id()
              + "' has no trades mode '"
              + chosen
              + "'; "
              + (modes.isEmpty() ? "it has no choice" : "it has " + String.join(", ", modes)));
    }
    return chosen;
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
    return Set.of(profile.marketType());
  }

  @Override
  public URI websocketUrl() {
    return websocketUrl;
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
    return profile.book();
  }

  @Override
  public RestRequest instrumentsRequest() {
    return profile.instruments().request();
  }

  @Override
  public List<Instrument> readInstruments(byte[] body) throws MalformedMessageException {
    try {
      return instrumentReader.read(body);
    } catch (MalformedMessageException e) {
      throw inVenuesWords(body, e);
    }
  }

  @Override
  public RestRequest bookSnapshotRequest(Instrument instrument) {
    SnapshotRules rules = snapshotRules();
    String symbol = URLEncoder.encode(instrument.exchangeSymbol(), StandardCharsets.UTF_8);
    return new RestRequest(
        rules.path().replace("{symbol}", symbol.replace("+", "%20")),
        rules.weight(),
        rules.maxResponseBytes());
  }

  @Override
  public BookUpdate readBookSnapshot(Instrument instrument, byte[] body, long receiveNs)
      throws MalformedMessageException {
    OfBook rule =
        new OfBook(new Recognition(List.of(), null, 0), true, null, snapshotRules().layout());
    FrameReader reader = new FrameReader(RouteTrie.of(rule));
    try {
      Route route = reader.read(body, 0, body.length);
      if (route instanceof Route.OfBook book) {
        return reader.book(book, instrument, receiveNs);
      }
    } catch (MalformedMessageException e) {
      throw inVenuesWords(body, e);
    }
    throw new MalformedMessageException("the book of " + instrument.key() + " is not an object");
  }

  /** The venue's own words, if it answered with an error instead of what was asked for. */
  private MalformedMessageException inVenuesWords(
      byte[] body, MalformedMessageException otherwise) {
    RestError error = profile.restError();
    if (error == null || body.length > MAX_ERROR_BYTES) {
      return otherwise;
    }
    try {
      String words = ProfileSession.reason(error.code(), error.text(), TREES.readTree(body));
      return words.isEmpty()
          ? otherwise
          : new MalformedMessageException(profile.id() + " answered: " + words);
    } catch (IOException e) {
      return otherwise;
    }
  }

  private SnapshotRules snapshotRules() {
    SnapshotRules rules = profile.snapshot();
    if (rules == null) {
      throw new IllegalStateException("the book of " + profile.id() + " does not come over REST");
    }
    return rules;
  }

  @Override
  public ExchangeSession openSession(List<Instrument> instruments) {
    return new ProfileSession(profile, tradesMode, routes, instruments);
  }
}
