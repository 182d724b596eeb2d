package io.cryptofeed.connect.docs;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.profile.BookSection;
import io.cryptofeed.connect.exchange.profile.HistoryRules;
import io.cryptofeed.connect.exchange.profile.MessageRule;
import io.cryptofeed.connect.exchange.profile.Profile;
import io.cryptofeed.connect.exchange.profile.Profile.Endpoints;
import io.cryptofeed.connect.exchange.profile.Profile.Socket;
import io.cryptofeed.connect.exchange.profile.ProfileLoader;
import io.cryptofeed.connect.exchange.profile.SubscribeRules.StreamNames;
import io.cryptofeed.connect.exchange.spi.ConnectionRules;
import io.cryptofeed.connect.exchange.spi.ConnectionRules.RateRule;
import io.cryptofeed.connect.exchange.spi.TradeHistory;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.Origin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** {@code docs/exchanges.md}, written from the profiles of the venues. */
public final class ExchangesPage {

  private static final String INTRODUCTION =
      """
      # Exchanges

      <!-- Written from the profiles by ReferenceDocsTest: change a profile, then run
           mvn test -Dtest=ReferenceDocsTest -Ddocs.write=true -->

      The facts that the connector knows about each exchange, from its profile in `src/main/resources/venues/`. You can change
      a profile or add other exchanges [with your own file](add-an-exchange.md).

      """;

  private static final String LEGEND =
      """

      * **Trade ids** decide how missing trades are found. *consecutive*: each id is the previous one plus one, so a missing id
        is a missing trade, which is reported with its bounds. *increasing*: each id is greater than the previous one, so
        duplicates are recognised. *unordered*: ids are unique and have no order.
      * **Historical trades** are those that can be requested over REST to fill a gap. *by id*, *by time*: all trades that the
        exchange still has. *by offset*: the same, counted from the newest trade. *newest 60*: only the newest 60 trades.
      * **Snapshot from** says where a full book comes from, before deltas are applied to it.
      * **Integrity** is what verifies that no delta of a book is missing, as its records report it: `checksum`, a checksum of
        the exchange over the book; `sequence`, linked sequence numbers; `none`, neither. A book whose best bid is not below
        its best ask, or that has an impossible price, is found invalid on every exchange.

      """;

  private final StringBuilder page = new StringBuilder(INTRODUCTION);

  private ExchangesPage() {}

  /** The whole page. */
  public static String text() {
    ExchangesPage page = new ExchangesPage();
    page.comparison();
    for (String id : Venues.builtIn().ids()) {
      page.section(Venues.builtIn().profile(id));
    }
    return page.page.toString();
  }

  private void comparison() {
    page.append(
        "| exchange | id | markets | channels | trade ids | historical trades | snapshot from | integrity |\n");
    page.append("|---|---|---|---|---|---|---|---|\n");
    for (String id : Venues.builtIn().ids()) {
      Profile profile = Venues.builtIn().profile(id);
      row(
          "[%s](#%s)".formatted(profile.name(), id),
          code(id),
          markets(profile),
          profile.channels().stream().sorted().map(Channel::code).collect(Collectors.joining(", ")),
          numberings(profile),
          historicalTrades(profile),
          perBook(profile, ExchangesPage::shortSource),
          perBook(profile, ExchangesPage::integrity));
    }
    page.append(LEGEND);
  }

  private void section(Profile profile) {
    page.append("<a id=\"").append(profile.id()).append("\"></a>\n\n");
    page.append("## ").append(profile.name()).append("\n\n| | |\n|---|---|\n");
    row("Id", code(profile.id()));
    if (!profile.aliases().isEmpty()) {
      row("Also called", codes(profile.aliases()));
    }
    row("Markets", markets(profile));
    row("WebSocket", sockets(profile.live()));
    row("REST", code(profile.live().rest()));
    Endpoints sandbox = profile.sandbox();
    row(
        "Test hosts",
        sandbox == null ? "none" : sockets(sandbox) + "; REST " + code(sandbox.rest()));
    row("Restrictions", Objects.requireNonNullElse(profile.restrictions(), "none known"));
    row("Limits", limits(profile.connectionRules()));
    row("Liveness", liveness(profile.connectionRules()));
    page.append("\n| channel | stream | key |\n|---|---|---|\n");
    profile.channels().stream().sorted().forEach(channel -> streams(profile, channel));
    trades(profile);
    histories(profile);
    books(profile);
    page.append('\n');
  }

  private static String markets(Profile profile) {
    return profile.marketTypes().stream()
        .sorted()
        .map(MarketType::code)
        .collect(Collectors.joining(", "));
  }

  private static String sockets(Endpoints endpoints) {
    return endpoints.websockets().stream()
        .map(socket -> code(socket.url()) + share(socket))
        .collect(Collectors.joining("<br>"));
  }

  /** The streams that a socket serves, if not every stream. */
  private static String share(Socket socket) {
    List<String> share = new ArrayList<>();
    socket.channels().stream().sorted().map(Channel::code).forEach(share::add);
    socket.marketTypes().stream().sorted().map(MarketType::code).forEach(share::add);
    if (socket.mode() != null) {
      share.add("mode " + socket.mode());
    }
    return share.isEmpty() ? "" : " (" + String.join(", ", share) + ")";
  }

  private static String limits(ConnectionRules rules) {
    String limits =
        "%d streams per connection; %s sent per connection; %s; REST weight %s"
            .formatted(
                rules.maxStreams(),
                rate(rules.sentFrames(), "frame"),
                rate(rules.connects(), "connect"),
                rate(rules.restWeight(), ""));
    return rules.maxAge().isZero()
        ? limits
        : limits
            + "; the exchange closes connections after "
            + time(rules.maxAge())
            + ", so they are replaced before";
  }

  private static String rate(RateRule rate, String what) {
    String plural = what.isEmpty() ? "" : rate.permits() == 1 ? " " + what : " " + what + "s";
    return rate.permits() + plural + " per " + time(rate.window());
  }

  private static String liveness(ConnectionRules rules) {
    List<String> facts = new ArrayList<>();
    facts.add("a connection on which nothing arrives for " + time(rules.maxSilence()) + " is dead");
    if (!rules.pingInterval().isZero()) {
      String frame = rules.pingFrame();
      facts.add(
          "a ping every "
              + time(rules.pingInterval())
              + (frame == null ? "" : ", as " + code(frame)));
    }
    if (!rules.firstData().isEmpty()) {
      facts.add("first message of " + times(rules.firstData(), "within") + " after subscribing");
    }
    if (!rules.staleAfter().isEmpty()) {
      facts.add(times(rules.staleAfter(), "resubscribed if silent for"));
    }
    facts.add(rules.confirms() ? "subscriptions are confirmed" : "subscriptions are not confirmed");
    facts.add(rules.offersCompression() ? "compression is offered" : "no compression");
    return String.join("; ", facts);
  }

  private static String times(Map<Channel, Duration> times, String verb) {
    return new TreeMap<>(times)
        .entrySet().stream()
            .map(
                entry ->
                    "%s %s %s".formatted(code(entry.getKey().code()), verb, time(entry.getValue())))
            .collect(Collectors.joining(", "));
  }

  private void streams(Profile profile, Channel channel) {
    StreamNames names = Objects.requireNonNull(profile.subscribe().streams().get(channel));
    if (names.modes().isEmpty()) {
      row(code(channel.code()), code(names.names().get(0)), "");
      return;
    }
    String key = channel == Channel.TRADES ? "trades.mode" : "book.stream";
    for (int i = 0; i < names.modes().size(); i++) {
      String value = "exchange." + profile.id() + "." + key + "=" + names.modes().get(i);
      row(
          code(channel.code()),
          code(names.names().get(i)),
          code(value) + (i == 0 ? ", the default" : ""));
    }
  }

  private void trades(Profile profile) {
    if (!profile.channels().contains(Channel.TRADES)) {
      return;
    }
    page.append("\nTrades: ids are ").append(numberings(profile));
    Set<String> aggregated = new LinkedHashSet<>();
    boolean replays = false;
    for (MessageRule.OfTrade trade : trades(profile.messages())) {
      if (trade.fills() != null) {
        String mode = trade.recognition().mode();
        aggregated.add(mode == null ? "" : " in mode " + code(mode));
      }
      replays |= trade.origin() != Origin.STREAM;
    }
    aggregated.forEach(mode -> page.append("; a trade may join several fills").append(mode));
    page.append(replays ? "; the latest trades are sent again on subscribing.\n" : ".\n");
  }

  private static List<MessageRule.OfTrade> trades(List<MessageRule> messages) {
    return messages.stream()
        .filter(MessageRule.OfTrade.class::isInstance)
        .map(MessageRule.OfTrade.class::cast)
        .toList();
  }

  /** One word, or one for each kind of trade message that differs. */
  private static String numberings(Profile profile) {
    Map<String, Set<String>> modes = new TreeMap<>();
    for (MessageRule.OfTrade trade : trades(profile.messages())) {
      String mode = trade.recognition().mode();
      modes
          .computeIfAbsent(ProfileLoader.code(trade.id().numbering()), any -> new TreeSet<>())
          .add(mode == null ? "" : mode);
    }
    return modes.size() == 1
        ? modes.keySet().iterator().next()
        : modes.entrySet().stream()
            .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
            .collect(Collectors.joining(", "));
  }

  /** In a few words, for each part of the trades that differs. */
  private static String historicalTrades(Profile profile) {
    Map<String, List<String>> parts = new LinkedHashMap<>();
    for (HistoryRules history : profile.histories()) {
      parts
          .computeIfAbsent(
              paging(history.pages()) + reach(history.pages()), any -> new ArrayList<>())
          .add(part(history));
    }
    return switch (parts.size()) {
      case 0 -> "none";
      case 1 -> parts.keySet().iterator().next();
      default ->
          parts.entrySet().stream()
              .map(entry -> entry.getKey() + " (" + String.join(", ", entry.getValue()) + ")")
              .collect(Collectors.joining(", "));
    };
  }

  private static String paging(TradeHistory pages) {
    return switch (pages.paging()) {
      case FROM_ID, BEFORE_ID -> "by id";
      case FROM_TIME -> "by time";
      case OFFSET -> "by offset";
      case NEWEST -> "newest " + pages.pageTrades();
    };
  }

  private static String reach(TradeHistory pages) {
    return pages.reach().isZero() ? "" : ", of the last " + age(pages.reach());
  }

  /** {@code 48 h}, {@code 90 days}. */
  private static String age(Duration age) {
    return age.toDays() > 2 ? age.toDays() + " days" : time(age);
  }

  private void histories(Profile profile) {
    if (profile.histories().isEmpty()) {
      return;
    }
    page.append("\n| historical trades of | request | page | trades |\n|---|---|---|---|\n");
    for (HistoryRules history : profile.histories()) {
      TradeHistory pages = history.pages();
      row(
          part(history),
          code(history.path()) + ", weight " + history.weight(),
          pages.pageTrades() + " trades",
          depth(pages));
    }
  }

  /** The trades that a history has, if not every trade. */
  private static String part(HistoryRules history) {
    List<String> part = new ArrayList<>();
    if (history.mode() != null) {
      part.add("mode " + code(history.mode()));
    }
    history.marketTypes().stream().sorted().map(MarketType::code).forEach(part::add);
    return part.isEmpty() ? code(Channel.TRADES.code()) : String.join(", ", part);
  }

  private static String depth(TradeHistory pages) {
    String paging =
        switch (pages.paging()) {
          case FROM_ID -> "from an id";
          case BEFORE_ID -> "before an id";
          case FROM_TIME -> "from a time";
          case OFFSET -> "by offset from the newest";
          case NEWEST -> "the newest only";
        };
    return pages.reach().isZero() ? paging : paging + ", of the last " + age(pages.reach());
  }

  private void books(Profile profile) {
    if (!profile.channels().contains(Channel.L2_BOOK)) {
      return;
    }
    page.append("\n| book | snapshot from | deltas are linked by | checksum | levels per side |");
    page.append(" integrity |\n|---|---|---|---|---|---|\n");
    for (BookSection book : sections(profile)) {
      row(
          book.mode() == null ? code("l2_book") : "mode " + code(book.mode()),
          source(book),
          link(book.rules().link()),
          checksum(book.rules().checksum()),
          depths(book),
          integrity(book));
    }
  }

  private static List<BookSection> sections(Profile profile) {
    return profile.channels().contains(Channel.L2_BOOK) ? profile.books() : List.of();
  }

  private interface BookFact {
    String of(BookSection book);
  }

  private static String perBook(Profile profile, BookFact fact) {
    return sections(profile).stream()
        .map(book -> fact.of(book) + (book.mode() == null ? "" : " (" + code(book.mode()) + ")"))
        .distinct()
        .collect(Collectors.joining(", "));
  }

  private static String shortSource(BookSection book) {
    return switch (book.rules().source()) {
      case STREAM -> "stream";
      case STREAM_OR_REST -> "stream or REST";
      case REST -> "REST";
      case REQUEST -> "request";
      case EVERY -> "every message";
    };
  }

  private static String source(BookSection book) {
    String source =
        switch (book.rules().source()) {
          case STREAM -> "the stream, on subscribing";
          case STREAM_OR_REST -> "the stream, on subscribing; if deltas come first, REST: ";
          case REST -> "REST: ";
          case REQUEST -> "a request on the connection";
          case EVERY -> "every message is a snapshot";
        };
    return book.snapshot() == null
        ? source
        : source + code(book.snapshot().path()) + ", weight " + book.snapshot().weight();
  }

  private static String link(BookRules.Link link) {
    return switch (link) {
      case NONE -> "nothing";
      case CONNECTION -> "the sequence number of every message of the connection";
      case PREVIOUS -> "the sequence number of the previous delta";
      case STEP -> "sequence numbers: each starts one after the last";
      case STEP_OVERLAP -> "ranges of sequence numbers, which may overlap";
    };
  }

  private static String checksum(@Nullable ChecksumRule rule) {
    if (rule == null) {
      return "none";
    }
    return "CRC-32 of %d levels per side, %s"
            .formatted(
                rule.levels(),
                switch (rule.form()) {
                  case DIGITS -> "as digits, asks first";
                  case INTERLEAVED -> "bids and asks alternate";
                })
        + (rule.absent() == null ? "" : "; " + rule.absent() + " means that there is no checksum");
  }

  private static String depths(BookSection book) {
    String levels =
        book.depths().isEmpty()
            ? book.depth() == 0 ? "as the exchange sends them" : Integer.toString(book.depth())
            : book.depths().stream().map(String::valueOf).collect(Collectors.joining(", "))
                + "; "
                + book.depth()
                + " by default";
    String limited =
        book.rules().snapshotLevels() == 0
            ? levels
            : levels
                + "; a snapshot has at most "
                + book.rules().snapshotLevels()
                + ", and is renewed";
    return book.trims() ? limited + "; levels beyond it are removed" : limited;
  }

  /**
   * The integrity that the records of such a book report, as {@code BookSynchronizer} decides it.
   */
  private static String integrity(BookSection book) {
    String numbers = code(book.rules().link() == BookRules.Link.NONE ? "none" : "sequence");
    ChecksumRule checksum = book.rules().checksum();
    if (checksum == null) {
      return numbers;
    }
    return checksum.absent() == null
        ? code("checksum")
        : numbers + ", " + code("checksum") + " if the exchange sends one";
  }

  /** {@code 90s}, {@code 5m}, {@code 24h}, as profiles write it. */
  private static String time(Duration time) {
    if (time.toMillisPart() != 0) {
      return time.toMillis() + " ms";
    }
    if (time.toSecondsPart() != 0) {
      return time.toSeconds() + " s";
    }
    return time.toMinutesPart() != 0 ? time.toMinutes() + " min" : time.toHours() + " h";
  }

  private static String code(Object text) {
    return "`" + text + "`";
  }

  private static String codes(List<String> texts) {
    return texts.stream().map(ExchangesPage::code).collect(Collectors.joining(", "));
  }

  private void row(String... cells) {
    page.append("| ").append(String.join(" | ", cells)).append(" |\n");
  }
}
