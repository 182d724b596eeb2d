package io.cryptofeed.connect.exchange;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.cryptofeed.connect.exchange.spi.Exchange;
import io.cryptofeed.connect.exchange.spi.ExchangeSession;
import io.cryptofeed.connect.exchange.spi.MalformedMessageException;
import io.cryptofeed.connect.exchange.spi.VenueOptions;
import io.cryptofeed.connect.market.Instrument;
import io.cryptofeed.connect.market.MarketType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The streaming reader says of every message what a tree and BigDecimal say of it, whether the
 * message is good, odd or damaged; and it says nothing of a message that is not valid.
 */
class FrameReaderAgreementTest {

  private static final String GOOD_TRADE =
      "{\"e\":\"trade\",\"s\":\"BNBBTC\",\"t\":7,\"p\":\"1\",\"q\":\"1\",\"T\":1767225600001,\"m\":true}";
  private static final String GOOD_TRADE_LINE =
      "trade BNBBTC id=7 seq=7 sell 1 @ 1 fills=0 stream at 1767225600001000000";

  private static final int GENERATED = 5_000;
  private static final int DAMAGES_OF_EACH = 3;

  /** Where messages come from. */
  enum Source {
    BINANCE_TRADES("binance", "raw"),
    BINANCE_AGGREGATES("binance", "aggregate"),
    COINBASE("coinbase", null);

    private final Exchange exchange;
    private final boolean binance;
    private final boolean aggregates;

    Source(String venue, @org.jspecify.annotations.Nullable String mode) {
      exchange = Venues.builtIn().open(venue, new VenueOptions(false, null, null, mode, null, 0));
      binance = venue.equals("binance");
      aggregates = "aggregate".equals(mode);
    }

    private List<Instrument> instruments() {
      List<Instrument> instruments = new ArrayList<>();
      List<String> symbols =
          binance ? List.of("BTCUSDT", "BNBBTC", "测试USDT") : List.of("BTC-USD", "ETH-USD");
      for (String symbol : symbols) {
        instruments.add(
            new Instrument(
                exchange.id(), MarketType.SPOT, symbol, symbol, "B", "Q", null, null, true));
      }
      return instruments;
    }

    private TreeOracle oracle(List<Instrument> instruments) {
      Map<String, Instrument> bySymbol = new HashMap<>();
      instruments.forEach(instrument -> bySymbol.put(instrument.exchangeSymbol(), instrument));
      return binance
          ? new TreeOracle.Binance(bySymbol, aggregates)
          : new TreeOracle.Coinbase(bySymbol);
    }

    private byte[] next(MessageGenerator generator) {
      return binance ? generator.binance() : generator.coinbase();
    }
  }

  /** One session, the oracle beside it, and the kinds of outcome that both agreed on. */
  private static final class Comparison {

    private final ExchangeSession session;
    private final TreeOracle oracle;
    private final EventLog log = new EventLog();
    private final Map<String, Integer> outcomes = new HashMap<>();

    Comparison(Source source, List<Instrument> instruments) {
      session = source.exchange.openSession(instruments);
      oracle = source.oracle(instruments);
    }

    void compare(byte[] message) {
      session.onMessage(message, 0, message.length, 1, log);
      List<String> said = log.take();
      Optional<List<String>> expected = oracle.read(message);
      if (expected.isPresent() && !said.equals(expected.get())) {
        fail(
            "of the message%n  %s%nthe reader says%n  %s%nand the tree%n  %s",
            new String(message, StandardCharsets.UTF_8), said, expected.get());
      }
      for (String line : said) {
        String kind = line.contains(" ") ? line.substring(0, line.indexOf(' ')) : line;
        outcomes.merge(kind, 1, Integer::sum);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void the_reader_agrees_with_the_tree_on_generated_messages(Source source) {
    Comparison comparison = new Comparison(source, source.instruments());
    MessageGenerator generator = new MessageGenerator(42);
    for (int i = 0; i < GENERATED; i++) {
      comparison.compare(source.next(generator));
    }
    assertThat(comparison.outcomes)
        .containsKeys("trade", "book", "unknown", "malformed")
        .allSatisfy((outcome, times) -> assertThat(times).isGreaterThan(100));
  }

  @ParameterizedTest
  @EnumSource
  void the_reader_agrees_with_the_tree_on_damaged_messages(Source source) {
    Comparison comparison = new Comparison(source, source.instruments());
    MessageGenerator generator = new MessageGenerator(43);
    for (int i = 0; i < GENERATED; i++) {
      byte[] message = source.next(generator);
      for (int d = 0; d < DAMAGES_OF_EACH; d++) {
        comparison.compare(generator.damaged(message));
      }
      comparison.compare(message);
    }
    assertThat(comparison.outcomes.get("malformed")).isGreaterThan(GENERATED);
    assertThat(comparison.outcomes.get("book")).isGreaterThan(GENERATED / 10);
  }

  /** Otherwise the benchmark would compare unlike work. */
  @ParameterizedTest
  @EnumSource(names = {"BINANCE_AGGREGATES", "COINBASE"})
  void the_reader_written_by_hand_reads_good_messages_alike(Source source) {
    List<Instrument> instruments = source.instruments();
    ExchangeSession session = source.exchange.openSession(instruments);
    HandWrittenReader byHand =
        source.binance
            ? HandWrittenReader.binance(instruments)
            : HandWrittenReader.coinbase(instruments);
    MessageGenerator generator = new MessageGenerator(45);
    EventLog log = new EventLog();
    EventLog logByHand = new EventLog();
    int events = 0;
    for (int i = 0; i < GENERATED; i++) {
      byte[] message = source.next(generator);
      session.onMessage(message, 0, message.length, 1, log);
      byHand.onMessage(message, 0, message.length, 1, logByHand);
      List<String> said = log.take();
      List<String> saidByHand = logByHand.take();
      boolean isEvent = !said.equals(List.of("malformed")) && !said.equals(List.of("unknown"));
      if (isEvent && !saidByHand.equals(List.of("unknown"))) {
        assertThat(saidByHand).isEqualTo(said);
        events++;
      }
    }
    assertThat(events).isGreaterThan(GENERATED / 8);
  }

  @Test
  void the_reader_agrees_with_the_tree_on_a_recorded_session_of_binance()
      throws MalformedMessageException {
    Map<String, Integer> outcomes =
        replay(Source.BINANCE_AGGREGATES, "BINANCE.0.gz", "BINANCE.ws.1.0.gz");

    assertThat(outcomes).containsEntry("book", 177).containsEntry("trade", 2);
    assertThat(outcomes).doesNotContainKey("malformed");
  }

  @Test
  void the_reader_agrees_with_the_tree_on_a_recorded_session_of_coinbase()
      throws MalformedMessageException {
    Map<String, Integer> outcomes = replay(Source.COINBASE, "COINBASE.0.gz", "COINBASE.ws.28.0.gz");

    assertThat(outcomes).containsEntry("book", 10 + 9_719).containsEntry("trade", 97 + 10);
    assertThat(outcomes).doesNotContainKey("malformed");
  }

  private static Map<String, Integer> replay(Source source, String answers, String session)
      throws MalformedMessageException {
    assumeTrue(Captures.folder().isPresent(), "recorded sessions are needed: set -Dcaptures.dir");
    List<Instrument> instruments =
        source
            .exchange
            .readInstruments(
                source.exchange.instrumentRequests().get(0), Captures.firstAnswer(answers))
            .instruments();
    Comparison comparison = new Comparison(source, instruments);
    List<byte[]> received = Captures.received(session);
    received.forEach(comparison::compare);
    Map<String, Integer> outcomes = Map.copyOf(comparison.outcomes);

    MessageGenerator generator = new MessageGenerator(44);
    for (int i = 0; i < received.size(); i += 3) {
      comparison.compare(generator.damaged(received.get(i)));
    }
    return outcomes;
  }

  @Test
  void a_valid_message_is_read_after_every_kind_of_damage() {
    Source source = Source.BINANCE_TRADES;
    ExchangeSession session = source.exchange.openSession(source.instruments());
    EventLog log = new EventLog();
    byte[] good = GOOD_TRADE.getBytes(StandardCharsets.UTF_8);
    Set<List<String>> afterwards = new HashSet<>();
    for (int length = 0; length < good.length; length++) {
      session.onMessage(good, 0, length, 1, log);
      assertThat(log.take()).containsExactly("malformed");
      session.onMessage(good, 0, good.length, 1, log);
      afterwards.add(log.take());
    }
    assertThat(afterwards).containsExactly(List.of(GOOD_TRADE_LINE));
  }

  @Test
  void no_byte_of_a_message_changes_how_the_next_one_is_read() {
    Source source = Source.BINANCE_TRADES;
    ExchangeSession session = source.exchange.openSession(source.instruments());
    EventLog log = new EventLog();
    byte[] good = GOOD_TRADE.getBytes(StandardCharsets.UTF_8);
    Set<List<String>> afterwards = new HashSet<>();
    for (int value = 0; value < 256; value++) {
      for (int at = 0; at <= good.length; at++) {
        byte[] odd = new byte[good.length + 1];
        System.arraycopy(good, 0, odd, 0, at);
        odd[at] = (byte) value;
        System.arraycopy(good, at, odd, at + 1, good.length - at);
        session.onMessage(odd, 0, odd.length, 1, log);
        log.take();
        session.onMessage(good, 0, good.length, 1, log);
        afterwards.add(log.take());
      }
    }
    assertThat(afterwards).containsExactly(List.of(GOOD_TRADE_LINE));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 3, 64})
  void a_byte_order_mark_is_skipped(int before) {
    Source source = Source.BINANCE_TRADES;
    ExchangeSession session = source.exchange.openSession(source.instruments());
    EventLog log = new EventLog();
    String trade = GOOD_TRADE;
    byte[] marked = ("x".repeat(before) + "\uFEFF" + trade).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      session.onMessage(marked, before, marked.length - before, 1, log);
      assertThat(log.take()).containsExactly(GOOD_TRADE_LINE);
    }
  }
}
