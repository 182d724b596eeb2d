package io.cryptofeed.connect.feed;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.book.BookSynchronizer;
import io.cryptofeed.connect.book.Fault;
import io.cryptofeed.connect.exchange.QuietListener;
import io.cryptofeed.connect.exchange.Venues;
import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.InstrumentRequest;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.local.venue.capture.Capture;
import io.cryptofeed.connect.local.venue.capture.Recording;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SnapshotReason;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Recorded sessions on a bad network, made up at random from a seed: messages are dropped, doubled,
 * swapped, cut short or, where a checksum can tell, changed by a digit; snapshots come late or fail
 * five times. What is published as a book is the book of the undisturbed session at that message,
 * as far as it is proved: where there are checksums and no numbers, as in OKX's recording, that is
 * the best levels. Books that were not hit lose nothing.
 */
class RecordedFaultsTest {

  private static final int STORMS = 12;

  /** A recording, and how often a message is hit. */
  private enum Session {
    BINANCE("binance", "BINANCE", "", 30),
    BINANCE_FUTURES("binance_futures", "BINANCE_FUTURES", "", 60),
    COINBASE_ADVANCED("coinbase_advanced", "COINBASE", "", 200),
    OKX("okx", "OKX", "", 60),
    BYBIT_LINEAR("bybit", "BYBIT", "/v5/public/linear", 150),
    BYBIT_SPOT("bybit", "BYBIT", "/v5/public/spot", 60);

    private final String exchange;
    private final String files;
    private final String path;
    private final int oneIn;

    Session(String exchange, String files, String path, int oneIn) {
      this.exchange = exchange;
      this.files = files;
      this.path = path;
      this.oneIn = oneIn;
    }
  }

  /** Levels, and a number that two books share only if their levels are the same. */
  private static final class Content {
    private final Map<BigDecimal, BigDecimal> bids = new HashMap<>();
    private final Map<BigDecimal, BigDecimal> asks = new HashMap<>();
    private long print;

    private void set(boolean bid, BigDecimal price, BigDecimal size) {
      Map<BigDecimal, BigDecimal> side = bid ? bids : asks;
      BigDecimal key = price.stripTrailingZeros();
      BigDecimal old = side.remove(key);
      if (old != null) {
        print ^= mixed(bid, key, old);
      }
      if (size.signum() > 0) {
        BigDecimal now = size.stripTrailingZeros();
        side.put(key, now);
        print ^= mixed(bid, key, now);
      }
    }

    /** Of the best levels alone, which are all that a checksum proves. */
    private long printOfBest(int levels) {
      return printOfBest(bids, true, levels, Comparator.reverseOrder())
          ^ printOfBest(asks, false, levels, Comparator.naturalOrder());
    }

    private static long printOfBest(
        Map<BigDecimal, BigDecimal> side,
        boolean bid,
        int levels,
        Comparator<BigDecimal> bestFirst) {
      return side.keySet().stream()
          .sorted(bestFirst)
          .limit(levels)
          .mapToLong(price -> mixed(bid, price, requireNonNull(side.get(price))))
          .reduce(0, (one, other) -> one ^ other);
    }

    private static long mixed(boolean bid, BigDecimal price, BigDecimal size) {
      long mixed = price.hashCode() * 0x9E3779B97F4A7C15L + size.hashCode();
      mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L + (bid ? 1 : 0);
      mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
      return mixed ^ (mixed >>> 31);
    }
  }

  /** One way through a session. */
  private static final class Run extends QuietListener {

    private final Exchange exchange;
    private final Recording recording;
    private final Map<Instrument, Book> books = new HashMap<>();
    private final ExchangeSession session;
    private final @Nullable Random random;
    private final @Nullable Run undisturbed;
    private final Set<Instrument> touched = new HashSet<>();
    private final List<String> wrong = new ArrayList<>();
    private int frame;
    private int faults;

    private Run(
        Exchange exchange,
        List<Instrument> instruments,
        Recording recording,
        @Nullable Random random,
        @Nullable Run undisturbed) {
      this.exchange = exchange;
      this.recording = recording;
      this.random = random;
      this.undisturbed = undisturbed;
      session = exchange.openSession(instruments);
      instruments.forEach(instrument -> books.put(instrument, new Book(instrument)));
    }

    private final class Book implements BookSynchronizer.Listener {
      private final Instrument instrument;
      private final BookSynchronizer synchronizer;
      private final Map<String, Long> history = new HashMap<>();
      private Content published = new Content();
      private int count;
      private int snapshotDue = -1;
      private int failures;

      private Book(Instrument instrument) {
        this.instrument = instrument;
        synchronizer = new BookSynchronizer(exchange.bookRules(), this);
        synchronizer.start(SnapshotReason.INITIAL);
        failures = random != null && random.nextInt(4) == 0 ? 5 : 0;
      }

      @Override
      public void onValid(BookUpdate update) {
        count++;
        if (update.isSnapshot()) {
          published = new Content();
        }
        apply(true, update.bidPrices(), update.bidSizes());
        apply(false, update.askPrices(), update.askSizes());
        String key =
            update.sequence() >= 0
                ? "sequence " + update.sequence()
                : update.checksum() == BookUpdate.NO_CHECKSUM
                    ? "frame " + frame
                    : "checksum " + update.checksum();
        if (undisturbed == null) {
          history.put(key, print());
        } else if (!Long.valueOf(print())
            .equals(requireNonNull(undisturbed.books.get(instrument)).history.get(key))) {
          wrong.add(instrument.symbol() + " at " + key);
        }
      }

      private long print() {
        BookRules.ChecksumRule checksum = exchange.bookRules().checksum();
        return checksum == null ? published.print : published.printOfBest(checksum.levels());
      }

      private void apply(boolean bid, DecimalColumn prices, DecimalColumn sizes) {
        for (int i = 0; i < prices.size(); i++) {
          published.set(bid, prices.value(i), sizes.value(i));
        }
      }

      @Override
      public void onSnapshotNeeded() {
        if (snapshotDue < 0) {
          snapshotDue = frame + (random == null ? 0 : random.nextInt(20));
        }
      }

      @Override
      public void onRefreshNeeded() {}

      @Override
      public void onFault(Fault fault) {
        faults++;
        synchronizer.start(SnapshotReason.GAP);
      }

      private void answer() {
        if (snapshotDue < 0 || frame < snapshotDue) {
          return;
        }
        if (failures-- > 0) {
          snapshotDue = frame + 1;
          return;
        }
        snapshotDue = -1;
        String symbol = "symbol=" + instrument.exchangeSymbol() + "&";
        for (Recording.Answer answer : recording.answers()) {
          if (answer.url().contains("/depth") && answer.url().contains(symbol)) {
            try {
              synchronizer.onUpdate(
                  exchange.readBookSnapshot(
                      instrument, answer.body().getBytes(StandardCharsets.UTF_8), 1));
            } catch (MalformedMessageException e) {
              throw new IllegalStateException(e);
            }
          }
        }
      }
    }

    private void deliver(byte[] message) {
      session.onMessage(message, 0, message.length, 1, this);
      books.values().forEach(Book::answer);
      frame++;
    }

    /** The instruments whose books a message is about. */
    private Set<Instrument> about(byte[] message) {
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
      requireNonNull(books.get(update.instrument())).synchronizer.onUpdate(update);
    }

    @Override
    public void onConnectionGap(long expected, long found) {
      faults++;
      books.values().forEach(book -> book.synchronizer.start(SnapshotReason.GAP));
    }
  }

  @ParameterizedTest
  @EnumSource(Session.class)
  void a_book_published_as_valid_is_the_true_one(Session recorded) {
    assumeTrue(
        Capture.directory().isPresent(), "no recorded sessions: set -Dcaptures.dir to replay them");
    Recording recording = Recording.read(Capture.directory().orElseThrow(), recorded.files);
    Exchange exchange = Venues.builtIn().open(recorded.exchange, VenueOptions.LIVE);
    List<byte[]> frames =
        recording.frames().stream()
            .filter(frame -> frame.path().startsWith(recorded.path))
            .map(Recording.Frame::payload)
            .toList();
    List<Instrument> instruments = withBooks(exchange, recording, recorded, frames);
    Run undisturbed = new Run(exchange, instruments, recording, null, null);
    frames.forEach(undisturbed::deliver);
    assertThat(undisturbed.faults).isZero();
    undisturbed.books.values().forEach(book -> assertThat(book.count).isPositive());

    int faults = 0;
    for (long seed = 1; seed <= STORMS; seed++) {
      Random random = new Random(seed);
      Run storm = new Run(exchange, instruments, recording, random, undisturbed);
      Set<Instrument> hit = storm(storm, frames, random, recorded);
      assertThat(storm.wrong).as("wrong books, seed %d", seed).isEmpty();
      faults += storm.faults;
      if (exchange.bookRules().link() != BookRules.Link.CONNECTION) {
        for (Instrument instrument : instruments) {
          if (!hit.contains(instrument)) {
            assertThat(requireNonNull(storm.books.get(instrument)).count)
                .as("%s was not hit, seed %d", instrument.symbol(), seed)
                .isEqualTo(requireNonNull(undisturbed.books.get(instrument)).count);
          }
        }
      }
    }
    assertThat(faults).isPositive();
  }

  private static Set<Instrument> storm(
      Run storm, List<byte[]> frames, Random random, Session recorded) {
    Set<Instrument> hit = new HashSet<>();
    // Where frames tell the books apart, one more or less would only rename them.
    boolean byFrame = recorded == Session.COINBASE_ADVANCED;
    for (int i = 0; i < frames.size(); i++) {
      byte[] message = frames.get(i);
      if (random.nextInt(recorded.oneIn) != 0) {
        storm.deliver(message);
        continue;
      }
      hit.addAll(storm.about(message));
      switch (random.nextInt(byFrame ? 2 : 5)) {
        case 0 -> storm.frame++;
        case 1 -> storm.deliver(Arrays.copyOf(message, message.length / 2));
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
        default -> storm.deliver(recorded == Session.OKX ? corrupted(message) : message);
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

  /** The instruments of which the recording has books. */
  private static List<Instrument> withBooks(
      Exchange exchange, Recording recording, Session recorded, List<byte[]> frames) {
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
    Run probe = new Run(exchange, listed, recording, null, null);
    Set<Instrument> with = new HashSet<>();
    frames.forEach(frame -> with.addAll(probe.about(frame)));
    return List.copyOf(with);
  }
}
