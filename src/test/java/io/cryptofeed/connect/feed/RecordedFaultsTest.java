package io.cryptofeed.connect.feed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.exchange.QuietListener;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.feed.books.PublishedBook;
import io.cryptofeed.connect.local.consumer.ConsumedBook;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.RecordedTruth;
import io.cryptofeed.connect.local.venue.capture.Recording;
import io.cryptofeed.connect.local.venue.market.BookHistory;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SnapshotReason;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Recorded sessions on a bad network, made up at random from a seed: messages are dropped, doubled,
 * swapped, cut short or, where a checksum can tell, changed by a digit; snapshots come late or fail
 * five times. The book that a consumer builds from the records is, after every record, the book of
 * the recording at that record's sequence, or at its frame where there is none, as far as it is
 * proved: where there are checksums and no numbers, as in OKX's recording, that is the best levels.
 * Books that were not hit lose nothing.
 */
class RecordedFaultsTest {

  /** For each way to publish a book. */
  private static final int STORMS = 6;

  /** A recording, and how often a message is hit. */
  private enum Session {
    BINANCE("binance", "BINANCE", "", 30, RecordedTruth::ofBinance),
    BINANCE_FUTURES("binance_futures", "BINANCE_FUTURES", "", 60, RecordedTruth::ofBinance),
    COINBASE_ADVANCED("coinbase_advanced", "COINBASE", "", 200, RecordedTruth::ofCoinbaseAdvanced),
    OKX("okx", "OKX", "", 60, RecordedTruth::ofOkx),
    BYBIT_LINEAR("bybit", "BYBIT", "/v5/public/linear", 150, RecordedTruth::ofBybit),
    BYBIT_SPOT("bybit", "BYBIT", "/v5/public/spot", 60, RecordedTruth::ofBybit);

    private final String exchange;
    private final String files;
    private final String path;
    private final int oneIn;
    private final Function<Recording, RecordedTruth> truth;

    Session(
        String exchange,
        String files,
        String path,
        int oneIn,
        Function<Recording, RecordedTruth> truth) {
      this.exchange = exchange;
      this.files = files;
      this.path = path;
      this.oneIn = oneIn;
      this.truth = truth;
    }
  }

  /** A message, and its place in the recording. */
  private static final class Sent {
    private final int place;
    private final byte[] payload;

    private Sent(int place, byte[] payload) {
      this.place = place;
      this.payload = payload;
    }
  }

  /** What is published of a book, by turns. */
  private static final List<BookOptions> OPTIONS =
      List.of(
          new BookOptions(BookOptions.Mode.DELTA, 0, Duration.ZERO),
          new BookOptions(BookOptions.Mode.DELTA, 20, Duration.ZERO),
          new BookOptions(BookOptions.Mode.BOTH, 5, Duration.ZERO),
          new BookOptions(BookOptions.Mode.SNAPSHOT, 10, Duration.ZERO));

  /** One way through a session. */
  private static final class Run extends QuietListener {

    private final Exchange exchange;
    private final Recording recording;
    private final BookOptions options;
    private final Map<Instrument, Book> books = new HashMap<>();
    private final ExchangeSession session;
    private final @Nullable Random random;
    private final Set<Instrument> touched = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();

    /** The place of the message in the recording. */
    private int frame;

    /** How many messages were delivered. */
    private int delivered;

    private int faults;

    private Run(
        Exchange exchange,
        Map<Instrument, BookHistory> instruments,
        Recording recording,
        BookOptions options,
        @Nullable Random random) {
      this.exchange = exchange;
      this.recording = recording;
      this.options = options;
      this.random = random;
      session = exchange.openSession(List.copyOf(instruments.keySet()));
      instruments.forEach(
          (instrument, truth) -> books.put(instrument, new Book(instrument, truth)));
    }

    private final class Book implements PublishedBook.Owner {
      private final Instrument instrument;
      private final BookHistory.Walk truth;
      private int snapshotDue = -1;
      private int failures;
      private final PublishedBook published;

      private Book(Instrument instrument, BookHistory truth) {
        this.instrument = instrument;
        this.truth = truth.walk();
        failures = random != null && random.nextInt(4) == 0 ? 5 : 0;
        published = new PublishedBook(exchange.bookRules(), instrument, options, this);
      }

      @Override
      public void onRecord(ConsumedBook consumer) {
        BookRules.ChecksumRule checksum = exchange.bookRules().checksum();
        try {
          BookTruth right = truth.at(consumer.sequence(), frame);
          String where = instrument.symbol() + " at frame " + frame;
          if (checksum == null) {
            consumer.requireEqual(right.bids(), right.asks(), options.depth(), where);
          } else {
            // The best levels are all that a checksum proves.
            int proved =
                options.depth() == 0
                    ? checksum.levels()
                    : Math.min(options.depth(), checksum.levels());
            consumer.requireBestEqual(right.bids(), right.asks(), proved, where);
          }
        } catch (AssertionError difference) {
          wrong.add(String.valueOf(difference.getMessage()));
        }
      }

      @Override
      public void onSnapshotNeeded() {
        if (snapshotDue < 0) {
          snapshotDue = delivered + (random == null ? 0 : random.nextInt(20));
        }
      }

      @Override
      public void onFault(Fault fault) {
        faults++;
      }

      private void answer() {
        if (snapshotDue < 0 || delivered < snapshotDue) {
          return;
        }
        if (failures-- > 0) {
          snapshotDue = delivered + 1;
          return;
        }
        snapshotDue = -1;
        String symbol = "symbol=" + instrument.exchangeSymbol() + "&";
        for (Recording.Answer answer : recording.answers()) {
          if (answer.url().contains("/depth") && answer.url().contains(symbol)) {
            try {
              published
                  .synchronizer()
                  .onUpdate(
                      exchange.readBookSnapshot(
                          instrument, answer.body().getBytes(StandardCharsets.UTF_8), 1));
            } catch (MalformedMessageException e) {
              throw new IllegalStateException(e);
            }
          }
        }
      }
    }

    private void deliver(Sent message) {
      deliver(message.place, message.payload);
    }

    private void deliver(int place, byte[] message) {
      frame = place;
      session.onMessage(message, 0, message.length, 1, this);
      books.values().forEach(Book::answer);
      delivered++;
    }

    /** The instruments whose books a message is about. */
    private Set<Instrument> about(Sent sent) {
      byte[] message = sent.payload;
      touched.clear();
      exchange
          .openSession(List.copyOf(books.keySet()))
          .onMessage(
              message,
              0,
              message.length,
              1,
              new QuietListener() {
                @Override
                public void onBook(BookUpdate update) {
                  touched.add(update.instrument());
                }
              });
      return Set.copyOf(touched);
    }

    @Override
    public void onBook(BookUpdate update) {
      requireNonNull(books.get(update.instrument())).published.synchronizer().onUpdate(update);
    }

    @Override
    public void onConnectionGap(long expected, long found) {
      faults++;
      books.values().forEach(book -> book.published.restart(SnapshotReason.GAP));
    }
  }

  @ParameterizedTest
  @EnumSource(Session.class)
  void a_book_published_as_valid_is_the_true_one(Session recorded) {
    assumeTrue(
        Capture.directory().isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    Recording recording = Recording.read(Capture.directory().orElseThrow(), recorded.files);
    Exchange exchange = Venues.builtIn().open(recorded.exchange, VenueOptions.LIVE);
    List<Sent> frames = new ArrayList<>();
    for (int i = 0; i < recording.frames().size(); i++) {
      if (recording.frames().get(i).path().startsWith(recorded.path)) {
        frames.add(new Sent(i, recording.frames().get(i).payload()));
      }
    }
    Map<Instrument, BookHistory> instruments = withBooks(exchange, recording, recorded);

    int faults = 0;
    for (BookOptions options : OPTIONS) {
      Run undisturbed = new Run(exchange, instruments, recording, options, null);
      frames.forEach(undisturbed::deliver);
      assertThat(undisturbed.wrong).as("wrong books with %s", options).isEmpty();
      assertThat(undisturbed.faults).isZero();
      undisturbed.books.values().forEach(book -> assertThat(book.published.records()).isNotEmpty());
      for (long seed = 1; seed <= STORMS; seed++) {
        Random random = new Random(seed);
        Run storm = new Run(exchange, instruments, recording, options, random);
        Set<Instrument> hit = storm(storm, frames, random, recorded);
        assertThat(storm.wrong).as("wrong books with %s, seed %d", options, seed).isEmpty();
        faults += storm.faults;
        if (exchange.bookRules().link() != BookRules.Link.CONNECTION) {
          for (Instrument instrument : instruments.keySet()) {
            if (!hit.contains(instrument)) {
              assertThat(requireNonNull(storm.books.get(instrument)).published.records())
                  .as("%s was not hit, seed %d", instrument.symbol(), seed)
                  .hasSameSizeAs(
                      requireNonNull(undisturbed.books.get(instrument)).published.records());
            }
          }
        }
      }
    }
    assertThat(faults).isPositive();
  }

  private static Set<Instrument> storm(
      Run storm, List<Sent> frames, Random random, Session recorded) {
    Set<Instrument> hit = new HashSet<>();
    for (int i = 0; i < frames.size(); i++) {
      Sent message = frames.get(i);
      if (random.nextInt(recorded.oneIn) != 0) {
        storm.deliver(message);
        continue;
      }
      hit.addAll(storm.about(message));
      switch (random.nextInt(5)) {
        case 0 -> storm.delivered++;
        case 1 ->
            storm.deliver(
                message.place, Arrays.copyOf(message.payload, message.payload.length / 2));
        case 2 -> {
          storm.deliver(message);
          storm.deliver(message);
        }
        case 3 -> {
          if (i + 1 < frames.size()) {
            hit.addAll(storm.about(frames.get(i + 1)));
            storm.deliver(frames.get(i + 1));
            i++;
          }
          storm.deliver(message);
        }
        default ->
            storm.deliver(
                message.place,
                recorded == Session.OKX ? corrupted(message.payload) : message.payload);
      }
    }
    return hit;
  }

  /** A digit of the first level of a book is another one. */
  private static byte[] corrupted(byte[] message) {
    byte[] corrupted = message.clone();
    String text = new String(message, StandardCharsets.UTF_8);
    int at = text.indexOf("[[\"");
    if (text.contains("\"books\"") && at >= 0) {
      corrupted[at + 3] = (byte) (corrupted[at + 3] == '9' ? '8' : '9');
    }
    return corrupted;
  }

  /** What the exchange said of the books of the recording. */
  private static Map<Instrument, BookHistory> withBooks(
      Exchange exchange, Recording recording, Session recorded) {
    List<Instrument> listed = new ArrayList<>();
    for (InstrumentRequest request : exchange.instrumentRequests()) {
      String path = request.request().pathAndQuery();
      String wanted = path.replaceAll(".*(instType|category)=", "").replaceAll("&.*", "");
      for (Recording.Answer answer : recording.answers()) {
        boolean fits =
            answer.url().contains(path.replaceAll("[?].*", ""))
                && (!path.contains("=" + wanted) || answer.url().contains("=" + wanted));
        if (fits) {
          try {
            listed.addAll(
                exchange
                    .readInstruments(request, answer.body().getBytes(StandardCharsets.UTF_8))
                    .instruments());
            break;
          } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
    boolean spot = recorded == Session.BYBIT_SPOT;
    if (recorded.exchange.equals("bybit")) {
      listed.removeIf(instrument -> spot != (instrument.marketType() == MarketType.SPOT));
    }
    Map<String, BookHistory> truth = recorded.truth.apply(recording).books();
    Map<Instrument, BookHistory> with = new HashMap<>();
    for (Instrument instrument : listed) {
      String symbol = instrument.exchangeSymbol();
      BookHistory book = truth.get(recorded.path.isEmpty() ? symbol : recorded.path + " " + symbol);
      if (book != null) {
        with.put(instrument, book);
      }
    }
    assertThat(with).isNotEmpty();
    return with;
  }
}
