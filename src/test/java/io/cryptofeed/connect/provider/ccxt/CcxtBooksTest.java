package io.cryptofeed.connect.provider.ccxt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.cryptofeed.connect.book.BookRules;
import io.cryptofeed.connect.feed.FeedLoop;
import io.cryptofeed.connect.feed.FeedReports;
import io.cryptofeed.connect.feed.FeedServices;
import io.cryptofeed.connect.feed.MarketRecorder;
import io.cryptofeed.connect.feed.MessageWarnings;
import io.cryptofeed.connect.feed.TestFeedServices;
import io.cryptofeed.connect.feed.books.InstrumentBook;
import io.cryptofeed.connect.local.venue.market.BookTruth;
import io.cryptofeed.connect.market.BookUpdate;
import io.cryptofeed.connect.market.Channel;
import io.cryptofeed.connect.market.DecimalColumn;
import io.cryptofeed.connect.market.FeedStatus;
import io.cryptofeed.connect.market.FeedStatus.Status;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.Integrity;
import io.cryptofeed.connect.market.MarketStream;
import io.cryptofeed.connect.market.MarketType;
import io.cryptofeed.connect.market.SnapshotReason;
import io.cryptofeed.connect.proxy.ProxyInjector;
import io.cryptofeed.connect.proxy.settings.ProxySettings;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Books of CCXT, checked by the connector. */
class CcxtBooksTest {

  private static final Instrument SOL =
      new Instrument(
          "bitrue", MarketType.SPOT, "SOL-USDC", "SOLUSDC", "SOL", "USDC", null, null, true);
  private static final MarketStream STREAM = new MarketStream(Channel.L2_BOOK, SOL);

  private final MultiThreadIoEventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final ProxyInjector injector = new ProxyInjector(ProxySettings.disabled());
  private final MarketRecorder recorder = new MarketRecorder();
  private final List<MarketStream> resubscribed = new CopyOnWriteArrayList<>();
  private final FeedServices services = TestFeedServices.of(injector, recorder);

  @AfterEach
  void stop() {
    injector.close();
    loops.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
  }

  @Test
  void a_missing_sequence_number_is_reported_and_the_book_is_resynchronised() {
    CcxtBooks books = books(BookRules.Link.STEP);
    InstrumentBook book = books.add(STREAM);
    books.onBook(book, update(true, 10, "9", "11"));
    books.onBook(book, update(false, 11, "8", "12"));
    books.onBook(book, update(false, 14, "7", "13"));

    assertThat(recorder.statuses(Status.GAP))
        .singleElement()
        .satisfies(
            gap -> {
              assertThat(gap.fromId()).isEqualTo("12");
              assertThat(gap.toId()).isEqualTo("13");
            });
    await().atMost(Duration.ofSeconds(20)).until(() -> resubscribed.equals(List.of(STREAM)));
    books.onBook(book, update(false, 15, "7", "13"));
    books.onBook(book, update(true, 20, "9", "11"));
    assertThat(recorder.snapshotReasons(SOL.key()))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.GAP);
    assertThat(recorder.books(SOL.key()))
        .extracting(MarketRecorder.SeenBook::integrity)
        .containsOnly(Integrity.SEQUENCE);
  }

  @Test
  void a_crossed_book_is_not_published_and_is_resynchronised() {
    CcxtBooks books = books(BookRules.Link.NONE);
    InstrumentBook book = books.add(STREAM);
    books.onBook(book, update(true, -1, "9", "11"));

    books.onBook(book, update(false, -1, "12", "13"));

    assertThat(recorder.books(SOL.key())).hasSize(1);
    assertThat(recorder.statuses()).extracting(FeedStatus::status).containsExactly(Status.RESYNC);
    await().atMost(Duration.ofSeconds(20)).until(() -> resubscribed.equals(List.of(STREAM)));
  }

  @Test
  void after_an_interruption_nothing_is_published_before_the_new_snapshot() {
    CcxtBooks books = books(BookRules.Link.NONE);
    InstrumentBook book = books.add(STREAM);
    books.onBook(book, update(false, -1, "8", "12"));
    books.onBook(book, update(true, -1, "9", "11"));

    books.interrupt(book);
    books.onBook(book, update(false, -1, "8", "12"));
    books.onBook(book, update(true, -1, "9", "11"));

    assertThat(recorder.snapshotReasons(SOL.key()))
        .containsExactly(SnapshotReason.INITIAL, SnapshotReason.RECONNECT);
    assertThat(recorder.books(SOL.key())).hasSize(2);
    assertThat(resubscribed).isEmpty();
  }

  /** The limit that the page of CCXT documents: a valid book is not refreshed. */
  @Test
  void a_limited_book_is_the_exchanges_as_far_as_it_is_known_and_is_not_refreshed() {
    int levels = 4;
    CcxtBooks books =
        books(new BookRules(BookRules.Source.STREAM, BookRules.Link.STEP, 0, levels, -1, null));
    InstrumentBook book = books.add(STREAM);
    BookTruth truth = new BookTruth();
    List<BookTruth> history = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      truth.set(true, BigDecimal.valueOf(100 - i), BigDecimal.ONE);
      truth.set(false, BigDecimal.valueOf(101 + i), BigDecimal.ONE);
    }
    BookUpdate snapshot = new BookUpdate(SOL).set(SOL, true, -1, 10, BookUpdate.NO_SEQUENCE, 1, 1);
    fill(snapshot.bidPrices(), snapshot.bidSizes(), truth.bids(), levels);
    fill(snapshot.askPrices(), snapshot.askSizes(), truth.asks(), levels);
    books.onBook(book, snapshot);
    history.add(copy(truth));
    for (int i = 0; i < 3; i++) {
      // The best bid goes, and a level far beyond what the snapshot had changes.
      truth.set(true, BigDecimal.valueOf(100 - i), BigDecimal.ZERO);
      truth.set(true, BigDecimal.valueOf(91), BigDecimal.valueOf(5 + i));
      BookUpdate update =
          new BookUpdate(SOL).set(SOL, false, 11 + i, 11 + i, BookUpdate.NO_SEQUENCE, 1, 1);
      update.bidPrices().add(BigDecimal.valueOf(100 - i));
      update.bidSizes().add(BigDecimal.ZERO);
      update.bidPrices().add(BigDecimal.valueOf(91));
      update.bidSizes().add(BigDecimal.valueOf(5 + i));
      books.onBook(book, update);
      history.add(copy(truth));
    }

    recorder.compareBooks(
        SOL.key(), record -> history.get((int) (record.getInt64("sequence") - 10)), 0);
    assertThat(recorder.bookStructs(SOL.key()))
        .hasSize(4)
        .allSatisfy(
            record ->
                assertThat((BigDecimal) record.get("bids_known_to")).isEqualByComparingTo("97"))
        .allSatisfy(
            record ->
                assertThat((BigDecimal) record.get("asks_known_to")).isEqualByComparingTo("104"));
    assertThat(recorder.statuses()).isEmpty();
    assertThat(resubscribed).isEmpty();
  }

  private static void fill(
      DecimalColumn prices, DecimalColumn sizes, Map<BigDecimal, BigDecimal> side, int levels) {
    side.entrySet().stream()
        .limit(levels)
        .forEach(
            level -> {
              prices.add(level.getKey());
              sizes.add(level.getValue());
            });
  }

  private static BookTruth copy(BookTruth book) {
    BookTruth copy = new BookTruth();
    book.bids().forEach((price, size) -> copy.set(true, price, size));
    book.asks().forEach((price, size) -> copy.set(false, price, size));
    return copy;
  }

  private CcxtBooks books(BookRules.Link link) {
    return books(new BookRules(BookRules.Source.STREAM, link));
  }

  private CcxtBooks books(BookRules rules) {
    FeedLoop loop =
        new FeedLoop(
            loops.next(),
            fault -> {
              throw fault;
            });
    return new CcxtBooks(
        rules,
        loop,
        services,
        new FeedReports("bitrue", services, new MessageWarnings("bitrue")),
        resubscribed::add);
  }

  private static BookUpdate update(boolean snapshot, long number, String bid, String ask) {
    BookUpdate update =
        new BookUpdate(SOL)
            .set(SOL, snapshot, snapshot ? -1 : number, number, BookUpdate.NO_SEQUENCE, 1, 1);
    update.bidPrices().add(new BigDecimal(bid));
    update.bidSizes().add(BigDecimal.ONE);
    update.askPrices().add(new BigDecimal(ask));
    update.askSizes().add(BigDecimal.ONE);
    return update;
  }
}
