package io.cryptofeed.connect.exchange;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.exchange.profile.BookSection;
import io.cryptofeed.connect.exchange.profile.ControlRule;
import io.cryptofeed.connect.exchange.profile.FieldCondition;
import io.cryptofeed.connect.exchange.profile.HistoryRules;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.MessageRule.OfBook;
import io.cryptofeed.connect.exchange.profile.MessageRule.Recognition;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.Profile.Socket;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.profile.ProfileNode;
import io.cryptofeed.connect.exchange.profile.SubscribeRules;
import io.cryptofeed.connect.exchange.read.MessageTrie;
import io.cryptofeed.connect.exchange.spi.InvalidProfileException;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.exchange.spi.TradeNumbering;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.ChannelLayout;
import io.cryptofeed.connect.market.Channels;
import io.cryptofeed.connect.market.MarketType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that the parts of a profile fit each other. */
public final class ProfileChecks {

  private final Profile profile;
  private final ProfileNode root;

  private ProfileChecks(Profile profile, ProfileNode root) {
    this.profile = profile;
    this.root = root;
  }

  /**
   * Checks a profile that has been loaded.
   *
   * @throws InvalidProfileException with the line of the first error
   */
  public static void check(Profile profile, ProfileNode root, Channels channels) {
    ProfileChecks checks = new ProfileChecks(profile, root);
    checks.modes();
    checks.messages(channels);
    checks.numberings();
    checks.recognitions();
    checks.requests();
    checks.sockets();
    if (profile.channels().contains(Channel.L2_BOOK)) {
      checks.books();
    }
    checks.histories();
    checks.routes();
  }

  private void modes() {
    Set<String> known = new TreeSet<>();
    for (Channel channel : profile.channels()) {
      for (String mode : profile.modes(channel)) {
        if (!known.add(mode)) {
          throw root.get("subscribe")
              .get("streams")
              .invalid("mode '" + mode + "' belongs to two channels");
        }
      }
    }
    for (MessageRule message : profile.messages()) {
      String mode = message.recognition().mode();
      if (mode != null && !known.contains(mode)) {
        throw at(message).invalid("mode '" + mode + "' is not a mode of 'streams'");
      }
    }
  }

  private void messages(Channels channels) {
    needs(Channel.TRADES, "trade", MessageRule.OfTrade.class::isInstance);
    for (ChannelLayout layout : channels.layouts()) {
      needs(
          layout.channel(),
          layout.kind(),
          message ->
              message instanceof MessageRule.OfObservation observation
                  && observation.layout() == layout);
    }
  }

  private void needs(Channel channel, String kind, Predicate<MessageRule> isOfKind) {
    if (!profile.channels().contains(channel)) {
      return;
    }
    for (String mode : orNone(profile.modes(channel))) {
      if (read(mode).noneMatch(isOfKind)) {
        throw root.get("messages").invalid("no message of kind " + kind + inMode(mode));
      }
    }
  }

  /** Missing trades are found only if all ids relate in one way. */
  private void numberings() {
    for (Set<String> modes : combinations()) {
      TradeNumbering numbering = profile.tradeNumbering(modes);
      for (MessageRule message : profile.messages()) {
        if (message instanceof MessageRule.OfTrade trade
            && trade.recognition().isReadIn(modes)
            && trade.id().numbering() != numbering) {
          throw at(message)
              .get("numbering")
              .invalid(
                  "all trades of a stream must have one numbering: this one is %s, the one before is %s"
                      .formatted(
                          ProfileLoader.code(trade.id().numbering()),
                          ProfileLoader.code(numbering)));
        }
      }
    }
  }

  /** Of two kinds with equal conditions, the second would never be used. */
  private void recognitions() {
    for (Set<String> modes : combinations()) {
      Map<Set<FieldCondition>, MessageRule> known = new LinkedHashMap<>();
      for (MessageRule message : profile.messages()) {
        Recognition recognition = message.recognition();
        if (recognition.isReadIn(modes)) {
          MessageRule earlier = known.put(Set.copyOf(recognition.tests()), message);
          if (earlier != null) {
            throw at(message)
                .invalid(
                    "'when' is the same as that of the message in line "
                        + earlier.recognition().line());
          }
        }
      }
    }
  }

  private void requests() {
    boolean needsId =
        profile.messages().stream()
            .anyMatch(
                message ->
                    message instanceof ControlRule.Confirmation confirmation
                        && confirmation.request() != null);
    SubscribeRules subscribe = profile.subscribe();
    if (needsId && !subscribe.frames().subscribe().hasId()) {
      throw root.get("subscribe")
          .get("frame")
          .invalid(
              "a confirmation by its request needs a placeholder #id or #id_text in the frame");
    }
    if (needsId && !subscribe.frames().unsubscribe().hasId()) {
      throw root.get("subscribe")
          .get("unsubscribe")
          .invalid(
              "a confirmation by its request needs a placeholder #id or #id_text in the frame");
    }
  }

  private void sockets() {
    for (Channel channel : profile.channels()) {
      for (MarketType type : profile.marketTypes()) {
        for (String mode : orNone(profile.modes(channel))) {
          check(profile.live().websockets(), "live", channel, type, mode);
          if (profile.sandbox() != null) {
            check(profile.sandbox().websockets(), "sandbox", channel, type, mode);
          }
        }
      }
    }
  }

  private void check(
      List<Socket> sockets, String hosts, Channel channel, MarketType type, @Nullable String mode) {
    if (sockets.stream().noneMatch(socket -> socket.serves(channel, type, mode))) {
      throw root.get("endpoints")
          .get(hosts)
          .invalid(
              "no websocket serves "
                  + channel.code()
                  + inMode(mode)
                  + " of market type "
                  + type.code());
    }
  }

  private void books() {
    List<String> modes = profile.modes(Channel.L2_BOOK);
    if (profile.books().isEmpty()) {
      throw root.invalid("the channel l2_book needs a 'book'");
    }
    for (BookSection book : profile.books()) {
      if (book.mode() != null && !modes.contains(book.mode())) {
        throw root.get("book").invalid("'" + book.mode() + "' is not a mode of l2_book");
      }
    }
    for (String mode : orNone(modes)) {
      try {
        book(profile.book(mode), mode);
      } catch (IllegalArgumentException e) {
        throw root.get("book").invalid("'book' has no section for the book" + inMode(mode));
      }
    }
  }

  private void book(BookSection book, @Nullable String mode) {
    ProfileNode node = book.mode() == null ? root.get("book") : root.get("book").get(book.mode());
    BookRules.Source source = book.rules().source();
    boolean rest = source == BookRules.Source.REST || source == BookRules.Source.STREAM_OR_REST;
    String name = ProfileLoader.code(source);
    if (rest != (book.snapshot() != null)) {
      throw node.invalid(
          rest
              ? "source " + name + " needs a 'snapshot'"
              : "source " + name + " does not allow a 'snapshot'");
    }
    boolean asked = source == BookRules.Source.REQUEST;
    if (asked != (book.request() != null)) {
      throw node.invalid(
          asked
              ? "source " + name + " needs a 'request'"
              : "source " + name + " does not allow a 'request'");
    }
    if (source != BookRules.Source.REST && booksOf(mode, true).isEmpty()) {
      throw node.invalid("source " + name + " needs a message of kind book_snapshot");
    }
    if (source != BookRules.Source.EVERY && booksOf(mode, false).isEmpty()) {
      throw root.get("messages").invalid("no message of kind book_delta" + inMode(mode));
    }
    if (book.rules().link() == BookRules.Link.CONNECTION && profile.connectionSequence() == null) {
      throw node.invalid("link connection needs a 'connection_sequence'");
    }
    if (book.rules().checksum() != null
        && booksOf(mode, false).stream().anyMatch(delta -> delta.layout().checksum() == null)) {
      throw node.invalid("'checksum' needs a 'checksum' in each message of a book");
    }
    links(book, node, mode);
  }

  private void links(BookSection book, ProfileNode node, @Nullable String mode) {
    BookRules.Link link = book.rules().link();
    String name = ProfileLoader.code(link);
    if (link == BookRules.Link.NONE || link == BookRules.Link.CONNECTION) {
      return;
    }
    if (book.snapshot() != null && book.snapshot().layout().last() == null) {
      throw node.get("snapshot").invalid("link " + name + " needs 'last'");
    }
    for (OfBook delta : booksOf(mode, false)) {
      if (delta.layout().last() == null) {
        throw at(delta).invalid("link " + name + " needs 'last'");
      }
      if (link == BookRules.Link.PREVIOUS && delta.layout().previous() == null) {
        throw at(delta).invalid("link " + name + " needs 'previous'");
      }
      if (link == BookRules.Link.STEP_OVERLAP && delta.layout().first() == null) {
        throw at(delta).invalid("link " + name + " needs 'first'");
      }
    }
  }

  private void histories() {
    for (int i = 0; i < profile.histories().size(); i++) {
      ProfileNode history = root.get("history");
      history(profile.histories().get(i), history.isMapping() ? history : history.items().get(i));
    }
  }

  private void history(HistoryRules history, ProfileNode node) {
    String mode = history.mode();
    if (mode != null && !profile.modes(Channel.TRADES).contains(mode)) {
      throw node.get("mode").invalid("'" + mode + "' is not a mode of trades");
    }
    TradeHistory.Paging paging = history.pages().paging();
    for (Set<String> modes : combinations()) {
      TradeNumbering numbering = profile.tradeNumbering(modes);
      if (history.isReadIn(modes)
          && paging != TradeHistory.Paging.NEWEST
          && numbering != TradeNumbering.CONSECUTIVE) {
        throw node.get("paging")
            .invalid(
                ("paging %s needs trades whose numbering is consecutive;"
                        + " with %s, only newest can be used")
                    .formatted(ProfileLoader.code(paging), ProfileLoader.code(numbering)));
      }
    }
    try {
      MessageTrie.of(history.trade(TradeNumbering.UNORDERED));
    } catch (IllegalArgumentException e) {
      throw node.invalid(Objects.requireNonNull(e.getMessage()));
    }
  }

  private void routes() {
    for (Set<String> modes : combinations()) {
      try {
        MessageTrie.of(profile, modes);
      } catch (IllegalArgumentException e) {
        throw root.get("messages").invalid(Objects.requireNonNull(e.getMessage()));
      }
    }
  }

  private List<OfBook> booksOf(@Nullable String mode, boolean snapshot) {
    return read(mode)
        .filter(OfBook.class::isInstance)
        .map(OfBook.class::cast)
        .filter(book -> book.snapshot() == snapshot)
        .toList();
  }

  private Stream<MessageRule> read(@Nullable String mode) {
    Set<String> modes = mode == null ? Set.of() : Set.of(mode);
    return profile.messages().stream().filter(message -> message.recognition().isReadIn(modes));
  }

  /** Every combination of one mode per channel. */
  private List<Set<String>> combinations() {
    List<Set<String>> combinations = new ArrayList<>(List.of(Set.of()));
    for (Channel channel : profile.channels()) {
      List<String> modes = profile.modes(channel);
      if (!modes.isEmpty()) {
        List<Set<String>> longer = new ArrayList<>();
        for (Set<String> chosen : combinations) {
          for (String mode : modes) {
            Set<String> more = new TreeSet<>(chosen);
            more.add(mode);
            longer.add(more);
          }
        }
        combinations = longer;
      }
    }
    return combinations;
  }

  /** The modes, or only null if there is no choice. */
  private static List<@Nullable String> orNone(List<String> modes) {
    List<@Nullable String> all = new ArrayList<>(modes);
    if (all.isEmpty()) {
      all.add(null);
    }
    return all;
  }

  private static String inMode(@Nullable String mode) {
    return mode == null ? "" : " in mode '" + mode + "'";
  }

  private ProfileNode at(MessageRule message) {
    for (ProfileNode node : root.get("messages").items()) {
      if (node.line() == message.recognition().line()) {
        return node;
      }
    }
    return root;
  }
}
