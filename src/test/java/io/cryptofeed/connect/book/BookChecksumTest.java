package io.cryptofeed.connect.book;

import static io.cryptofeed.connect.book.Updates.delta;
import static io.cryptofeed.connect.book.Updates.snapshot;
import static org.assertj.core.api.Assertions.assertThat;

import io.cryptofeed.connect.book.BookRules.ChecksumRule;
import io.cryptofeed.connect.book.BookRules.ChecksumRule.Form;
import io.cryptofeed.connect.market.BookUpdate;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

class BookChecksumTest {

  private static final ChecksumRule DIGITS = new ChecksumRule(Form.DIGITS, 10, null);
  private static final ChecksumRule INTERLEAVED = new ChecksumRule(Form.INTERLEAVED, 25, 0L);

  private final OrderBook book = new OrderBook();

  private int checksum(ChecksumRule rule) {
    return new BookChecksum(rule).compute(book.bidSide(), book.askSide());
  }

  private static int crc(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.US_ASCII));
    return (int) crc.getValue();
  }

  /** The worked example of Kraken's documentation. */
  @Test
  void is_what_kraken_documents() throws InvalidBookException {
    Updates updates = snapshot(1);
    String[] asks = {
      "45285.2/0.00100000", "45286.4/1.54571953", "45286.6/1.54571109", "45289.6/1.54560911",
      "45290.2/0.15890660", "45291.8/1.54553491", "45294.7/0.04454749", "45296.1/0.35380000",
      "45297.5/0.09945542", "45299.5/0.18772827"
    };
    String[] bids = {
      "45283.5/0.10000000", "45283.4/1.54582015", "45282.1/0.10000000", "45281.0/0.10000000",
      "45280.3/1.54592586", "45279.0/0.07990000", "45277.6/0.03310103", "45277.5/0.30000000",
      "45277.3/1.54602737", "45276.6/0.15445238"
    };
    for (String ask : asks) {
      updates.ask(ask.split("/")[0], ask.split("/")[1]);
    }
    for (String bid : bids) {
      updates.bid(bid.split("/")[0], bid.split("/")[1]);
    }
    book.apply(updates.get());

    assertThat(Integer.toUnsignedLong(checksum(DIGITS))).isEqualTo(3_310_070_434L);
    assertThat(new BookChecksum(DIGITS).matches(3_310_070_434L, book.bidSide(), book.askSide()))
        .isTrue();
    assertThat(new BookChecksum(DIGITS).matches(3_310_070_435L, book.bidSide(), book.askSide()))
        .isFalse();
  }

  @Test
  void digits_keep_trailing_zeros_and_drop_leading_ones() throws InvalidBookException {
    book.apply(snapshot(1).ask("0.50930100", "0.00100000").bid("0.0005", "12.50").get());

    assertThat(checksum(DIGITS)).isEqualTo(crc("50930100" + "100000" + "5" + "1250"));
  }

  @Test
  void a_price_keeps_its_decimals_next_to_finer_and_coarser_prices() throws InvalidBookException {
    book.apply(snapshot(1).ask("62807.0", "1").ask("62808.55", "2").bid("62000", "3").get());

    assertThat(checksum(DIGITS)).isEqualTo(crc("628070" + "1" + "6280855" + "2" + "62000" + "3"));
    assertThat(checksum(INTERLEAVED)).isEqualTo(crc("62000:3:62807.0:1:62808.55:2"));
  }

  @Test
  void only_the_best_levels_count() throws InvalidBookException {
    Updates updates = snapshot(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 30; i++) {
      updates.ask(Integer.toString(100 + i), "1");
      text.append(i < 10 ? (100 + i) + "1" : "");
    }
    book.apply(updates.get());

    assertThat(checksum(DIGITS)).isEqualTo(crc(text.toString()));
  }

  @Test
  void interleaved_text_is_what_the_venue_wrote() throws InvalidBookException {
    book.apply(
        snapshot(1).bid("83725.8", "7.69").bid("83725.4", "0.02").ask("83726", "0.00001234").get());

    assertThat(checksum(INTERLEAVED)).isEqualTo(crc("83725.8:7.69:83726:0.00001234:83725.4:0.02"));
  }

  @Test
  void a_signed_and_an_unsigned_value_are_the_same() throws InvalidBookException {
    book.apply(snapshot(1).bid("1", "1").get());
    int value = checksum(INTERLEAVED);
    BookChecksum checksum = new BookChecksum(INTERLEAVED);

    assertThat(checksum.matches(value, book.bidSide(), book.askSide())).isTrue();
    assertThat(checksum.matches(Integer.toUnsignedLong(value), book.bidSide(), book.askSide()))
        .isTrue();
    assertThat(
            checksum.matches(
                Integer.toUnsignedLong(value) + (1L << 32), book.bidSide(), book.askSide()))
        .isFalse();
  }

  @Test
  void wide_sizes_and_an_empty_book_have_checksums_too() throws InvalidBookException {
    assertThat(checksum(DIGITS)).isZero();
    book.apply(snapshot(1).bid("2", "12345678901234567890.5").get());

    assertThat(checksum(DIGITS)).isEqualTo(crc("2" + "123456789012345678905"));
    assertThat(checksum(INTERLEAVED)).isEqualTo(crc("2:12345678901234567890.5"));
  }

  @Test
  void levels_beyond_the_window_do_not_come_back() throws InvalidBookException {
    for (BookUpdate update :
        List.of(
            snapshot(1).ask("10", "1").ask("11", "1").ask("12", "1").get(),
            delta(2, 2).ask("9", "1").get(),
            delta(3, 3).ask("9", "0").get())) {
      book.apply(update);
      book.trim(3, update);
    }

    assertThat(book.asks()).extracting(level -> level.price().intValue()).containsExactly(10, 11);
  }
}
